"""The queue that `core.enqueue` is given: jobs as rows here, wake-ups through the broker."""

from typing import Any

from antiphon.core.jobs import Kind
from antiphon.workers import services


class JobQueue:
    """`core.enqueue.Queue` by this app's services."""

    def create(self, *, kind: Kind, payload: dict[str, Any], owner_id: int | None) -> int:
        return services.create(kind=kind, payload=payload, owner_id=owner_id)

    def send(self, *, job_id: int) -> None:
        services.send(job_id=job_id)

    def cancel(self, *, job_id: int) -> None:
        services.cancel(job_id=job_id)
