"""How often somebody may do something, over all web processes, and without a question to Valkey before they may.

Each process has a bucket of tokens for everybody who asks it, and decides by that alone. A thread of it tells Valkey
what was taken, of many buckets in one call, and hears what is left of each after what other processes took. So all of
them let through together what one would, and beyond it what they took before they heard of each other: of TOLD_SECONDS
at most. Where Valkey does not answer each process goes by its own buckets; what it took meanwhile is told to nobody.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from queue import SimpleQueue

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

KEPT_MAX = 10_000  # buckets that a process remembers; beyond that those are forgotten that asked for nothing of late
TOLD_SECONDS = 0.5  # between two tellings; the first after a rest is at once
TOLD_MAX = 500  # buckets in one call
PATIENCE_SECONDS = 2.0  # with a Valkey that does not answer

# A bucket is the time at which it will be full again: nothing is kept of a full one, and nothing has to be swept.
# KEYS: buckets. ARGV: tokens a second, tokens at once, then how many were taken of each. Answers what is left of each.
# What was taken too much is owed, but never more than a whole bucket.
TAKE = """
local per_ms, at_once = tonumber(ARGV[1]) / 1000, tonumber(ARGV[2])
local time = redis.call('TIME')
local now, left = time[1] * 1000 + time[2] / 1000, {}
for place, key in ipairs(KEYS) do
  local lacking = math.max(0, (tonumber(redis.call('GET', key)) or 0) - now) * per_ms + tonumber(ARGV[place + 2])
  lacking = math.min(lacking, 2 * at_once)
  local full_at = now + lacking / per_ms
  redis.call('SET', key, string.format('%.3f', full_at), 'PX', math.ceil(lacking / per_ms))
  left[place] = string.format('%.3f', at_once - lacking)
end
return left
"""


@dataclass(frozen=True)
class Limit:
    """So many a second in the long run, and so many at once."""

    per_second: float
    at_once: float


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

    def lower(self, tokens: float) -> None:
        """Hold no more than these."""
        self._fill()
        self._tokens = min(self._tokens, tokens)

    def _fill(self) -> None:
        now = time.monotonic()
        self._tokens = min(self._limit.at_once, self._tokens + (now - self._at) * self._limit.per_second)
        self._at = now


class Buckets:
    """One bucket for each of those who ask, by the `name` that all processes know them by. Safe in any thread."""

    def __init__(self, name: str, limit: Limit, *, teller: "Teller | None" = None) -> None:
        self.name = name
        self.limit = limit
        self._teller = teller
        self._buckets: dict[str, Bucket] = {}
        self._untold: dict[str, int] = defaultdict(int)
        self._is_due = False
        self._lock = threading.Lock()

    def takes(self, who: str) -> bool:
        """Whether one more of theirs is within the limit; it counts if it is."""
        with self._lock:
            bucket = self._buckets.get(who)
            if bucket is None:
                bucket = self._new_bucket(who)
            if not bucket.takes():
                return False
            self._untold[who] += 1
            if self._is_due:
                return True
            self._is_due = True
        (self._teller or the_teller()).ask(self)
        return True

    def untold(self) -> dict[str, int]:
        """What was taken of each bucket since this was asked last."""
        with self._lock:
            untold, self._untold, self._is_due = self._untold, defaultdict(int), False
        return untold

    def lower(self, left: Mapping[str, float]) -> None:
        """Hold no more tokens than are left over all processes, but for what was taken here meanwhile."""
        with self._lock:
            for who, tokens in left.items():
                if (bucket := self._buckets.get(who)) is not None:
                    bucket.lower(tokens - self._untold[who] if who in self._untold else tokens)

    def _new_bucket(self, who: str) -> Bucket:
        if len(self._buckets) >= KEPT_MAX:
            busy = [(one, kept) for one, kept in self._buckets.items() if not kept.is_full]
            self._buckets = dict(busy[-(KEPT_MAX // 2) :])  # Valkey remembers whom we forget
        bucket = self._buckets[who] = Bucket(self.limit)
        return bucket


class Teller:
    """The thread of a process that tells one Valkey what was taken of its buckets; it begins when it is asked to."""

    def __init__(self, url: str) -> None:
        self._valkey = Redis.from_url(
            url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, retry=Retry(NoBackoff(), 1)
        )
        self._take = self._valkey.register_script(TAKE)
        self._asked: SimpleQueue[Buckets] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_heard = True

    def ask(self, buckets: Buckets) -> None:
        """Have it told soon what was taken of these."""
        self._asked.put(buckets)
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="limits", daemon=True)
                    self._thread.start()

    def _work(self) -> None:
        while True:
            due = [self._asked.get()]
            while not self._asked.empty():
                due.append(self._asked.get())
            try:
                for buckets in due:
                    self._tell(buckets)
                self._note(is_heard=True)
            except (RedisError, OSError):
                self._note(is_heard=False)
            except Exception:  # limits hold in this process all the same, and the next telling may do better
                log.exception("what was taken of limits was not told")
            time.sleep(TOLD_SECONDS)

    def _tell(self, buckets: Buckets) -> None:
        untold = list(buckets.untold().items())
        for start in range(0, len(untold), TOLD_MAX):
            some = untold[start : start + TOLD_MAX]
            left = self._take(
                keys=[f"antiphon:limits:{{{buckets.name}}}:{who}" for who, _ in some],
                args=[buckets.limit.per_second, buckets.limit.at_once, *(count for _, count in some)],
            )
            buckets.lower({who: float(tokens) for (who, _), tokens in zip(some, left, strict=True)})

    def _note(self, *, is_heard: bool) -> None:
        """Say once that Valkey is away, and once that it is back."""
        if is_heard != self._is_heard:
            self._is_heard = is_heard
            log.warning(
                "Limits hold over all web processes again."
                if is_heard
                else "Valkey does not answer; until it does, limits hold in each web process on its own."
            )


@cache
def the_teller() -> Teller:
    """The one of this process."""
    return Teller(settings.REDIS_URL)
