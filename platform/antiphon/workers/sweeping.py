"""What repairs lost messages and dead workers: announce again what nobody claimed, take back what fell silent."""

from datetime import timedelta
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from antiphon.workers import services
from antiphon.workers.models import Job

SWEEP_LOCK = 7_206_031  # any number that nothing else locks
AT_ONCE = 500


def sweep() -> int:
    """Announce every job that is due, and return how many. Two sweeps at once do the work of one."""
    with transaction.atomic():
        if not _is_alone():
            return 0
        due = (
            Job.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("node")
            .filter(state__in=(Job.State.QUEUED, Job.State.RUNNING), due_at__lte=timezone.now())
            .order_by("due_at")[:AT_ONCE]
        )
        waiting = 0
        for job in due:
            if job.state == Job.State.RUNNING:
                services.expire(job)
            if job.state == Job.State.QUEUED:
                job.due_at = timezone.now() + timedelta(seconds=services.RESEND_SECONDS)
                transaction.on_commit(partial(services.send, job_id=job.pk))
                waiting += 1
            job.save()
        return waiting


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])
