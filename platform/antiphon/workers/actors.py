"""What a platform worker does with a wake-up: claim the job, let the app that ordered it do the work, report."""

import logging
import threading
from collections.abc import Iterable

import dramatiq
from django.conf import settings
from django.db import close_old_connections, connections
from dramatiq.middleware import Middleware, Shutdown, ShutdownNotifications, TimeLimit

from antiphon.bell import BellBroker
from antiphon.core.errors import DomainError
from antiphon.core.jobs import NODE_KINDS, QUEUES, Kind, handler_for
from antiphon.workers import services
from antiphon.workers.errors import JobUnavailable
from antiphon.workers.lease_keeper import LeaseKeeper

log = logging.getLogger(__name__)

PLATFORM_KINDS = tuple(kind for kind in Kind if kind not in NODE_KINDS)
TIME_LIMIT_MS = 15 * 60 * 1000


def work(job_id: int) -> None:
    """Do a job, if it is there to be done. Safe to call twice: only one caller gets the lease."""
    try:
        claim = services.claim(job_id=job_id, node=None)
    except JobUnavailable as nothing_to_do:
        log.debug("job %s: %s", job_id, nothing_to_do)
        return
    run = handler_for(claim.job.kind).run
    assert run is not None, f"{claim.job.kind} has no run"
    try:
        with LeaseKeeper(job_id, claim.lease):
            result = run(claim.payload)
        services.finish(job_id=job_id, lease=claim.lease, result=result)
    except DomainError as error:
        services.fail(job_id=job_id, lease=claim.lease, reason=error.message, is_final=True)
    except Shutdown:
        services.fail(job_id=job_id, lease=claim.lease, reason="The worker was stopped.", is_stopping=True)
        raise
    except Exception as error:
        log.exception("job %s (%s) went wrong", job_id, claim.job.kind)
        services.fail(job_id=job_id, lease=claim.lease, reason=f"Something went wrong here: {type(error).__name__}.")


def work_in_thread(job_id: int) -> None:
    """`work` in a thread of a worker process, which gives its database connections back afterwards."""
    close_old_connections()
    try:
        work(job_id)
    finally:
        connections.close_all()


class Preparation(Middleware):
    """Has what jobs need loaded when a worker begins, beside its first messages: the first job is waited for too."""

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Prepare for the kinds whose queues this worker serves."""
        queues = worker.consumer_whitelist
        kinds = [kind for kind in PLATFORM_KINDS if not queues or QUEUES[kind] in queues]
        threading.Thread(target=prepare, args=(kinds,), name="preparation", daemon=True).start()


def prepare(kinds: Iterable[Kind]) -> None:
    """Have loaded what jobs of these kinds will need. What fails here fails again, and is told, in the job."""
    for kind in kinds:
        try:
            handler_for(kind).prepare()
        except Exception:
            log.exception("not prepared for jobs of the kind %s", kind)


def platform_broker() -> BellBroker:
    """A broker that knows the platform's actors, one for each kind. Jobs retry by their row, not by the broker."""
    broker = BellBroker(  # type: ignore[no-untyped-call]
        url=settings.REDIS_URL,
        middleware=[
            TimeLimit(time_limit=TIME_LIMIT_MS),
            ShutdownNotifications(notify_shutdown=True),
            Preparation(),
        ],
    )
    for kind in PLATFORM_KINDS:
        dramatiq.actor(actor_name=kind.value, queue_name=QUEUES[kind], broker=broker)(work_in_thread)
    return broker
