"""The pages that each listener has open, over all web processes. One not renewed in time counts no more.

So a process that was killed holds nobody's pages, and a Valkey that has forgotten them knows them again after the next
renewal.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from antiphon.listening.batching import Batcher
from antiphon.listening.live import limits
from antiphon.listening.live.presence import EXPIRY_SECONDS, Place

log = logging.getLogger(__name__)

TOLD_MAX = 500  # pages in one call

# ARGV: prefix of the listeners' keys, how long a page is kept in ms, how many a listener may have, pages as JSON: a
# listener and a connection each. Answers for each whether it is entered; one that was there already is.
ENTER = """
local time = redis.call('TIME')
local now, entered = time[1] * 1000 + math.floor(time[2] / 1000), {}
local expiry = now + tonumber(ARGV[2])
for place, page in ipairs(cjson.decode(ARGV[4])) do
  local key = ARGV[1] .. page[1]
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  entered[place] = 0
  if redis.call('ZCARD', key) < tonumber(ARGV[3]) or redis.call('ZSCORE', key, page[2]) then
    redis.call('ZADD', key, expiry, page[2])
    redis.call('PEXPIRE', key, ARGV[2])
    entered[place] = 1
  end
end
return entered
"""
# ARGV: prefix, pages.
LEAVE = """
for _, page in ipairs(cjson.decode(ARGV[2])) do
  redis.call('ZREM', ARGV[1] .. page[1], page[2])
end
"""
PREFIX = "antiphon:{pages}:"  # one hash slot for all that one script touches
UNLIMITED = 1_000_000

T = TypeVar("T")


class Pages:
    """The pages of one web process, entered in Valkey many at a time."""

    def __init__(self, valkey: "Redis") -> None:
        self._here: dict[UUID, set[str]] = defaultdict(set)
        self._enter: Any = valkey.register_script(ENTER)
        self._leave: Any = valkey.register_script(LEAVE)
        self._coming: Batcher[Place, bool] = Batcher(self._enter_all, key=_connection, size_max=TOLD_MAX)
        self._going: Batcher[Place, None] = Batcher(self._leave_all, key=_connection, size_max=TOLD_MAX)
        self._is_heard = True

    def are_full(self, listener_id: UUID) -> bool:
        """Whether a listener has as many pages open here alone as they may have."""
        return len(self._here.get(listener_id, ())) >= limits.PAGES_MAX

    async def enter(self, place: Place) -> bool:
        """Whether a listener may have this page beside their others; it counts if so.

        Where Valkey does not answer, those of this process are all that is known of.
        """
        if self.are_full(place.listener_id):
            return False
        self._here[place.listener_id].add(place.connection)
        fits = await self._told(self._coming.ask(place), otherwise=True)
        if not fits:
            self._forget(place)
        return fits

    async def leave(self, place: Place) -> None:
        """The page is open no more; one that never was makes no difference."""
        if self._forget(place):
            await self._told(self._going.ask(place), otherwise=None)  # where it is not told, the page runs out

    async def renew(self, places: Iterable[Place]) -> None:
        """Keep pages from running out, those that were entered here."""
        kept = [place for place in places if place.connection in self._here.get(place.listener_id, ())]
        for start in range(0, len(kept), TOLD_MAX):
            await self._ask(kept[start : start + TOLD_MAX], most=UNLIMITED)

    async def finish(self) -> None:
        """Wait for what is being told."""
        await self._coming.finish()
        await self._going.finish()

    def _forget(self, place: Place) -> bool:
        """Whether it was entered here."""
        theirs = self._here.get(place.listener_id, set())
        was_here = place.connection in theirs
        theirs.discard(place.connection)
        if not theirs:
            self._here.pop(place.listener_id, None)
        return was_here

    async def _told(self, asked: Awaitable[T], *, otherwise: T) -> T:
        """The answer of Valkey, or another where it gives none; that it is away is said once."""
        try:
            answer = await asked
        except (RedisError, OSError):
            if self._is_heard:
                log.warning("Valkey does not answer; until it does, a listener's pages are counted in each process.")
            self._is_heard = False
            return otherwise
        self._is_heard = True
        return answer

    async def _enter_all(self, places: Sequence[Place]) -> list[bool]:
        return await self._ask(places, most=limits.PAGES_MAX)

    async def _leave_all(self, places: Sequence[Place]) -> list[None]:
        await self._leave(args=[PREFIX, _encoded(places)])
        return [None] * len(places)

    async def _ask(self, places: Sequence[Place], *, most: int) -> list[bool]:
        entered = await self._enter(args=[PREFIX, int(EXPIRY_SECONDS * 1000), most, _encoded(places)])
        return [bool(one) for one in entered]


def _connection(place: Place) -> str:
    return place.connection


def _encoded(places: Sequence[Place]) -> str:
    return json.dumps([[str(place.listener_id), place.connection] for place in places])
