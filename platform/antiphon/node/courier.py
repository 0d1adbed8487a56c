"""Carrying training states to the platform, beside the training: they are large, and only the latest counts."""

import logging
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import Refused, Unreachable

log = logging.getLogger(__name__)

STATE = "state"


@dataclass(frozen=True)
class Parcel:
    """A training state with what is said of it."""

    data: bytes
    facts: dict[str, Any]


class StateCourier:
    """A context in which states are sent from a thread of its own; its end waits until the last one has arrived."""

    def __init__(self, client: NodeClient, claim: Claim) -> None:
        self.client = client
        self.claim = claim
        self._latest: Parcel | None = None
        self._is_over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._carry, name=f"states-{claim.job_id}", daemon=True)

    def send(self, data: bytes, facts: dict[str, Any]) -> None:
        """Take a state to be sent soon, in place of one that has not left yet."""
        with self._changed:
            self._latest = Parcel(data, facts)
            self._changed.notify()

    def __enter__(self) -> "StateCourier":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify()
        self._thread.join()

    def _carry(self) -> None:
        while (parcel := self._next()) is not None:
            try:
                self.client.artefact(self.claim, STATE, parcel.data, parcel.facts)
            except (Refused, Unreachable) as error:
                # The run goes on without it: from the one before, or from a checkpoint.
                log.warning("job %s: a training state was not kept: %s", self.claim.job_id, error)

    def _next(self) -> Parcel | None:
        with self._changed:
            self._changed.wait_for(lambda: self._latest is not None or self._is_over)
            parcel, self._latest = self._latest, None
            return parcel
