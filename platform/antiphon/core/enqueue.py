"""The only caller of `on_commit` for jobs: a row in this transaction, its message when the transaction commits."""

from functools import partial
from typing import Any, Protocol

from django.db import transaction

from antiphon.core.jobs import Kind


class Queue(Protocol):
    """Where jobs are kept and messages sent; the `workers` app is one."""

    def create(self, *, kind: Kind, payload: dict[str, Any], owner_id: int | None) -> int: ...

    def send(self, *, job_id: int) -> None: ...

    def cancel(self, *, job_id: int) -> None: ...


_queue: list[Queue] = []


def use_queue(queue: Queue) -> None:
    """Name the queue of this process; called once from the `workers` app's AppConfig.ready."""
    _queue[:] = [queue]


def enqueue(kind: Kind, *, owner_id: int | None = None, **payload: Any) -> int:
    """Order a job within the open transaction and return its id; its message leaves when the transaction commits."""
    queue = _queue[0]
    job_id = queue.create(kind=kind, payload=payload, owner_id=owner_id)
    transaction.on_commit(partial(queue.send, job_id=job_id))
    return job_id


def cancel(job_id: int) -> None:
    """Ask for a job to be stopped: a waiting one at once, a running one at its next sign of life."""
    _queue[0].cancel(job_id=job_id)
