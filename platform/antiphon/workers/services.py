"""The life of a job: ordered, claimed under a lease, reported on, ended. The row is the truth."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from antiphon.core.errors import NotFound
from antiphon.core.jobs import NODE_KINDS, Handler, Kind, Payload, handler_for
from antiphon.workers.broker import wake
from antiphon.workers.errors import JobCancelled, JobGone, JobTaken, LeaseLost
from antiphon.workers.models import Job, Node

log = logging.getLogger(__name__)

LEASE_SECONDS = 60
RESEND_SECONDS = 20  # after which a job that nobody claimed is announced again
RETRY_SECONDS = 3  # times the attempts made
ATTEMPTS_MAX = 3
REASON_MAX = 500


@dataclass(frozen=True)
class Claim:
    """A granted job: the lease to report under, and what is to be done."""

    job: Job
    lease: uuid.UUID
    specification: Payload
    has_archive: bool

    @property
    def payload(self) -> Payload:
        return payload_of(self.job)


def payload_of(job: Job) -> Payload:
    """What handlers are given: the job's payload with its id."""
    return {**job.payload, "job_id": job.pk}


def create(*, kind: Kind, payload: dict[str, Any], owner_id: int | None) -> int:
    """Keep a job and return its id; nobody is told yet."""
    job = Job.objects.create(kind=kind, payload=payload, owner_id=owner_id, due_at=_in_seconds(RESEND_SECONDS))
    return job.pk


def send(*, job_id: int) -> None:
    """Announce a job to whoever serves its queue."""
    job = Job.objects.only("kind").filter(pk=job_id).first()
    if job is not None:
        wake(Kind(job.kind), job_id)


@transaction.atomic
def cancel(*, job_id: int) -> None:
    """Stop a waiting job at once; a running one is told at its next sign of life; one that is over stays as it is."""
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None or job.is_over:
        return
    job.is_cancel_asked = True
    if job.state == Job.State.QUEUED:
        _end_cancelled(job)
    job.save()


def claim(*, job_id: int, node: Node | None) -> Claim:
    """Take a waiting job under a new lease. Raises JobGone, JobTaken or JobCancelled.

    Nodes take the kinds that need a network, platform workers (`node` None) the others.
    """
    with transaction.atomic():
        job = _locked(job_id)
        _check_claimable(job, node)
        handler = handler_for(job.kind)
        try:
            specification = handler.specification(payload_of(job))
        except NotFound as error:
            _end_failed(job, error.message)
            granted = None
        else:
            granted = _grant(job, node, handler, specification)
        job.save()
    if granted is None:
        raise JobGone(f"What job {job_id} was about is gone.")
    return granted


@transaction.atomic
def report(*, job_id: int, lease: uuid.UUID, progress: Payload) -> bool:
    """Note progress and renew the lease; True where the holder should stop. An empty progress only renews."""
    job = _held(job_id, lease)
    job.due_at = _in_seconds(LEASE_SECONDS)
    if progress:
        job.progress = progress
        handler_for(job.kind).progressed(payload_of(job), progress)
    job.save(update_fields=["due_at", "progress"])
    return job.is_cancel_asked


@transaction.atomic
def receive(*, job_id: int, lease: uuid.UUID, name: str, file: BinaryIO, facts: Payload) -> Payload:
    """Hand an artefact to the app that ordered the job. Raises NotFound where it takes none."""
    job = _held(job_id, lease)
    handler = handler_for(job.kind)
    if handler.received is None:
        raise NotFound(f"A {job.kind} job takes no artefacts.")
    job.due_at = _in_seconds(LEASE_SECONDS)
    job.save(update_fields=["due_at"])
    return handler.received(payload_of(job), name, file, facts)


@transaction.atomic
def finish(*, job_id: int, lease: uuid.UUID, result: Payload) -> None:
    """End a job with its result. The same holder may say so again; what the app does with it happens once."""
    job = _locked(job_id)
    if job.state == Job.State.DONE and job.lease == lease:
        return
    _check_held(job, lease)
    handler_for(job.kind).finished(payload_of(job), result)
    job.result = {key: value for key, value in result.items() if not isinstance(value, list | dict)}
    _end(job, Job.State.DONE)
    job.save()


@transaction.atomic
def fail(*, job_id: int, lease: uuid.UUID, reason: str, is_final: bool = False, is_stopping: bool = False) -> None:
    """Give a job back. It is tried again, up to three times in all, unless that will not help (`is_final`).

    A holder that is being switched off (`is_stopping`) gives it back without blame: that attempt does not count.
    """
    job = _locked(job_id)
    if job.state == Job.State.FAILED and job.lease == lease:
        return
    _check_held(job, lease)
    if is_stopping:
        job.attempts -= 1
    if job.is_cancel_asked:
        _end_cancelled(job)
    elif is_final or job.attempts >= ATTEMPTS_MAX:
        _end_failed(job, reason)
    else:
        _requeue(job, reason, wait_seconds=0 if is_stopping else RETRY_SECONDS * job.attempts)
    job.save()


@transaction.atomic
def resend(*, job_id: int) -> None:
    """Announce a job anew, also one that failed; its attempts count from 0. An operator's act."""
    job = _locked(job_id)
    if job.state == Job.State.DONE:
        raise JobGone(f"Job {job_id} is done.")
    job.attempts = 0
    job.is_cancel_asked = False
    job.finished_at = None
    _requeue(job, "", wait_seconds=RESEND_SECONDS)
    job.save()
    transaction.on_commit(partial(send, job_id=job_id))


def require_lease(*, job_id: int, lease: uuid.UUID) -> Job:
    """The job, where this lease is the one that holds it. Raises JobGone, JobCancelled or LeaseLost."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise JobGone(f"There is no job {job_id}.")
    _check_held(job, lease)
    return job


def expire(job: Job) -> None:
    """A running job whose lease ran out: wait for the next claim, or end it. The caller holds the row and saves it."""
    if job.is_cancel_asked:
        _end_cancelled(job)
    elif job.attempts >= ATTEMPTS_MAX:
        _end_failed(job, f"{job.attempts} times somebody began this and fell silent, last {job.node or 'a worker'}.")
    else:
        _requeue(job, "", wait_seconds=RESEND_SECONDS)


def _locked(job_id: int) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise JobGone(f"There is no job {job_id}.")
    return job


def _held(job_id: int, lease: uuid.UUID) -> Job:
    job = _locked(job_id)
    _check_held(job, lease)
    return job


def _check_held(job: Job, lease: uuid.UUID) -> None:
    if job.state == Job.State.CANCELLED:
        raise JobCancelled(f"Job {job.pk} was cancelled.")
    if job.state != Job.State.RUNNING or job.lease != lease:
        raise LeaseLost(f"Job {job.pk} is no longer held under this lease. Stop, and claim it again if it is offered.")


def _check_claimable(job: Job, node: Node | None) -> None:
    if (Kind(job.kind) in NODE_KINDS) != (node is not None):
        raise JobGone(f"Job {job.pk} is for {'platform workers' if node else 'nodes'}.")
    if job.state == Job.State.RUNNING:
        raise JobTaken(f"Job {job.pk} is being worked on.")
    if job.state == Job.State.CANCELLED:
        raise JobCancelled(f"Job {job.pk} was cancelled.")
    if job.state != Job.State.QUEUED:
        raise JobGone(f"Job {job.pk} is {job.state}.")


def _grant(job: Job, node: Node | None, handler: Handler, specification: Payload) -> Claim:
    now = timezone.now()
    lease = uuid.uuid4()
    job.state = Job.State.RUNNING
    job.node = node
    job.lease = lease
    job.attempts += 1
    job.reason = ""
    job.due_at = _in_seconds(LEASE_SECONDS)
    job.started_at = job.started_at or now
    handler.started(payload_of(job))
    return Claim(job=job, lease=lease, specification=specification, has_archive=handler.archive is not None)


def _requeue(job: Job, reason: str, *, wait_seconds: int) -> None:
    job.state = Job.State.QUEUED
    job.lease = None
    job.reason = reason[:REASON_MAX]
    job.due_at = _in_seconds(wait_seconds)


def _end_cancelled(job: Job) -> None:
    handler_for(job.kind).cancelled(payload_of(job))
    _end(job, Job.State.CANCELLED)


def _end_failed(job: Job, reason: str) -> None:
    log.warning("job %s (%s) failed: %s", job.pk, job.kind, reason)
    handler_for(job.kind).failed(payload_of(job), reason[:REASON_MAX])
    _end(job, Job.State.FAILED, reason=reason)


def _end(job: Job, state: Job.State, *, reason: str = "") -> None:
    job.state = state
    job.reason = reason[:REASON_MAX]
    job.finished_at = timezone.now()


def _in_seconds(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)
