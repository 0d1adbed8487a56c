"""Reads of jobs."""

from django.db.models import QuerySet

from antiphon.workers.models import Job

LATEST = 20


def latest_jobs(owner_id: int) -> QuerySet[Job]:
    """A host's last jobs, newest first."""
    return Job.objects.filter(owner_id=owner_id)[:LATEST]
