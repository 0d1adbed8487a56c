"""Keeps a platform worker's lease alive while it works."""

import threading
import uuid
from datetime import timedelta
from types import TracebackType

from django.db import DatabaseError, connection
from django.utils import timezone

from antiphon.workers.models import Job
from antiphon.workers.services import LEASE_SECONDS

RENEW_SECONDS = 15.0


class LeaseKeeper:
    """A context in which a lease is renewed every 15 s, from a thread of its own."""

    def __init__(self, job_id: int, lease: uuid.UUID, *, every_seconds: float = RENEW_SECONDS) -> None:
        self.job_id = job_id
        self.lease = lease
        self.every_seconds = every_seconds
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{job_id}", daemon=True)

    def __enter__(self) -> "LeaseKeeper":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_done.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._is_done.wait(self.every_seconds):
            try:
                Job.objects.filter(pk=self.job_id, lease=self.lease, state=Job.State.RUNNING).update(
                    due_at=timezone.now() + timedelta(seconds=LEASE_SECONDS)
                )
            except DatabaseError:
                continue  # the next beat tries again; three in a row fit into a lease
            finally:
                connection.close()
