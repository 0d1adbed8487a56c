"""A share of a process's time for one kind of work, however many it is done for."""

import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class _Done:
    took_seconds: float
    until: float  # whoever has it not done anew by then has gone


class Share:
    """Work that is done for many, again and again, and takes no more of this process's time than a part of it.

    Each rests between two times for as long as all of them together need: one alone as long as its own work asks for,
    fifty as long as fifty. May be used from several threads.
    """

    def __init__(self, part: float) -> None:
        self._part = part
        self._done: dict[int, _Done] = {}
        self._lock = threading.Lock()

    def rest_seconds(self, who: int, took_seconds: float) -> float:
        """Note that the work took so long for `who` just now; seconds until it may be done for them again."""
        now = time.monotonic()
        with self._lock:
            self._done = {one: done for one, done in self._done.items() if done.until > now and one != who}
            rest = (took_seconds + sum(done.took_seconds for done in self._done.values())) / self._part
            self._done[who] = _Done(took_seconds, now + 2 * rest + 1.0)
        return rest
