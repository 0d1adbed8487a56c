"""How much one page and one address may ask of a room, in one process.

A page is held to what a quick listener could say. An address may be that of a school, so it is not held to how much its
people rate, only to how fast it opens connections and how much of what it sends makes no sense.
"""

import time
from collections.abc import Hashable
from dataclasses import dataclass

KEPT_MAX = 10_000  # addresses that are remembered; beyond that those at rest are forgotten


@dataclass(frozen=True)
class Limit:
    """So many a second in the long run, and so many at once."""

    per_second: float
    at_once: float


MESSAGES = Limit(per_second=20.0, at_once=100.0)  # of one page
OPENINGS = Limit(per_second=100.0, at_once=3_000.0)  # of one address: a full hall may reload at once
NONSENSE = Limit(per_second=50.0, at_once=2_000.0)  # frames of one address that were refused as malformed
PAGES_MAX = 8  # of one listener at a time


class Bucket:
    """Tokens that run out when something is asked too often, and fill again with time."""

    __slots__ = ("_at", "_limit", "_tokens")

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._tokens = limit.at_once
        self._at = time.monotonic()

    def takes(self) -> bool:
        """Whether one more is within the limit; it counts if it is."""
        self._fill()
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True

    @property
    def is_full(self) -> bool:
        """Whether nothing was asked for so long that it makes no difference."""
        self._fill()
        return self._tokens >= self._limit.at_once

    def _fill(self) -> None:
        now = time.monotonic()
        self._tokens = min(self._limit.at_once, self._tokens + (now - self._at) * self._limit.per_second)
        self._at = now


class Buckets:
    """One bucket for each of those who ask."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._buckets: dict[Hashable, Bucket] = {}

    def takes(self, who: Hashable) -> bool:
        """Whether one more of theirs is within the limit."""
        bucket = self._buckets.get(who)
        if bucket is None:
            if len(self._buckets) >= KEPT_MAX:
                self._buckets = {one: kept for one, kept in self._buckets.items() if not kept.is_full}
            bucket = self._buckets[who] = Bucket(self._limit)
        return bucket.takes()


openings, nonsense = Buckets(OPENINGS), Buckets(NONSENSE)  # by address
