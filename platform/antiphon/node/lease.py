"""Holding a job: a thread renews the lease and carries progress, so that training never waits for the network."""

import logging
import threading
import time
from types import TracebackType
from typing import Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import Refused, Unreachable

log = logging.getLogger(__name__)

RENEW_SECONDS = 15.0  # a quarter of the lease
NEWS_SECONDS = 0.5  # between two reports of progress
LOG_SECONDS = 5.0


class LeaseHolder:
    """A context in which a job's lease is kept alive and its progress told."""

    def __init__(self, client: NodeClient, claim: Claim, *, renew_seconds: float = RENEW_SECONDS) -> None:
        self.client = client
        self.claim = claim
        self.renew_seconds = renew_seconds
        self.is_cancelled = False
        self.is_lost = False
        self._latest: dict[str, Any] = {}
        self._losses: list[dict[str, Any]] = []
        self._has_news = threading.Event()
        self._is_done = threading.Event()
        self._lock = threading.Lock()
        self._logged = 0.0
        self._thread = threading.Thread(target=self._keep, name=f"lease-{claim.job_id}", daemon=True)

    @property
    def should_stop(self) -> bool:
        """Whether the work is no longer wanted, or no longer ours."""
        return self.is_cancelled or self.is_lost

    def note(self, progress: dict[str, Any], loss: dict[str, Any] | None = None) -> None:
        """Take up progress, to be sent soon, and the losses of an epoch that has ended."""
        with self._lock:
            self._latest = progress
            if loss is not None:
                self._losses.append(loss)
        self._has_news.set()
        if time.monotonic() - self._logged > LOG_SECONDS:
            self._logged = time.monotonic()
            log.info("job %s: %s", self.claim.job_id, progress)

    def __enter__(self) -> "LeaseHolder":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_done.set()
        self._has_news.set()
        self._thread.join()
        if kind is None and not self.is_lost:
            self._send()  # what came last

    def _keep(self) -> None:
        while not self._is_done.is_set():
            self._has_news.wait(self.renew_seconds)
            self._has_news.clear()
            if self._is_done.is_set() or self.is_lost:
                return
            self._send()
            self._is_done.wait(NEWS_SECONDS)

    def _send(self) -> None:
        """One report. What could not be sent goes with the next."""
        with self._lock:
            progress, losses = self._latest, self._losses
            self._latest, self._losses = {}, []
        body = {**progress, "losses": losses} if progress else {}
        try:
            self.is_cancelled = self.client.progress(self.claim, body) or self.is_cancelled
        except Unreachable as error:
            log.warning("job %s: %s The next report will tell.", self.claim.job_id, error)
            self._give_back(progress, losses)
        except Refused as error:
            log.warning("job %s: %s", self.claim.job_id, error)
            self.is_lost = self.is_lost or error.status in {401, 403, 409}

    def _give_back(self, progress: dict[str, Any], losses: list[dict[str, Any]]) -> None:
        with self._lock:
            self._latest = self._latest or progress
            self._losses = losses + self._losses
