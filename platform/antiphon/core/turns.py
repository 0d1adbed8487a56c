"""Heavy work in a web process: one at a time, few who wait, and none for long.

Who waits holds a thread and nothing else, so that rooms go on.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from antiphon.core.errors import Unavailable

WAITING_MAX = 8
WAIT_SECONDS = 10.0
RETRY_AFTER_SECONDS = 10


class Busy(Unavailable):
    """Too much of one kind of work is asked for at once."""

    code = "busy"


class Turns:
    """Turns at one kind of work."""

    def __init__(self, *, waiting_max: int = WAITING_MAX, wait_seconds: float = WAIT_SECONDS) -> None:
        self._places = threading.BoundedSemaphore(waiting_max)
        self._turn = threading.Lock()
        self._wait_seconds = wait_seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn, once it has come; the connection to the database goes back to its pool. Raises Busy."""
        if not connection.in_atomic_block:
            connection.close()
        if not self._places.acquire(blocking=False):
            raise _busy()
        try:
            if not self._turn.acquire(timeout=self._wait_seconds):
                raise _busy()
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()


def _busy() -> Busy:
    return Busy("Expected a free place, but others are having music made. Try again in a moment.", RETRY_AFTER_SECONDS)
