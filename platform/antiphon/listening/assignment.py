"""Who hears what next. Counters and reservations are in Valkey, shared by all web processes, rebuilt from PostgreSQL.

A listener is never offered a phrase they have rated. The phrase with the fewest ratings and reservations comes first,
ties at random; a reservation runs out when nobody rates it in time.
"""

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from redis.asyncio import Redis

from antiphon.listening import selectors
from antiphon.listening.batching import Batcher
from antiphon.listening.threads import in_thread

OFFERS_AHEAD = 2  # the phrase that is heard and the one after it
RESERVATION_SECONDS = 180.0  # longer than a phrase is heard, shorter than anybody waits for someone who left
KEYS_TTL_SECONDS = 2 * 24 * 3600  # longer than a generation stays open in practice; what is gone is rebuilt
BATCH_MAX = 500
SCRIPT = (Path(__file__).parent / "assignment.lua").read_text()
RELEASE_SCRIPT = """
for _, individual in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  if redis.call('ZREM', KEYS[2], ARGV[1] .. ' ' .. individual) == 1 then
    redis.call('ZINCRBY', KEYS[1], -1, individual)
  end
end
return redis.call('DEL', KEYS[3])
"""
# What was reserved for a rating that Valkey did not hear of would else block the listener until it runs out.
REMEMBER_SCRIPT = """
for position = 3, #ARGV do
  local individual = ARGV[position]
  local was_held = redis.call('ZREM', KEYS[2], ARGV[1] .. ' ' .. individual) == 1
  local is_news = redis.call('SADD', KEYS[4], individual) == 1
  redis.call('ZREM', KEYS[3], individual)
  if was_held ~= is_news and redis.call('ZSCORE', KEYS[1], individual) then
    redis.call('ZINCRBY', KEYS[1], is_news and 1 or -1, individual)
  end
end
return redis.call('EXPIRE', KEYS[4], ARGV[2])
"""
TAKE_BACK_SCRIPT = """
if redis.call('SREM', KEYS[4], ARGV[2]) == 0 then
  return 0
end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1] .. ' ' .. ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
return 1
"""


@dataclass(frozen=True)
class Request:
    """A listener wants phrases of a generation, perhaps having rated one, while the page still holds some."""

    generation_id: int
    listener_id: UUID
    holds: tuple[int, ...] = ()
    rated: int | None = None
    is_new: bool = False  # whether `rated` was a first rating, not a revision


class Assignment:
    """Requests of one process, sent to Valkey many at a time."""

    def __init__(self, valkey: "Redis", rng: random.Random) -> None:
        self._valkey = valkey
        self._rng = rng
        self._script = valkey.register_script(SCRIPT)
        self._release = valkey.register_script(RELEASE_SCRIPT)
        self._remember = valkey.register_script(REMEMBER_SCRIPT)
        self._take_back = valkey.register_script(TAKE_BACK_SCRIPT)
        self._batcher: Batcher[Request, list[int]] = Batcher(
            self._answer, key=lambda request: request.listener_id.int, size_max=BATCH_MAX
        )

    async def next(self, request: Request) -> list[int]:
        """The individuals that are this listener's to rate now, at most OFFERS_AHEAD; none once all are rated."""
        return await self._batcher.ask(request)

    async def load(self, generation_id: int) -> dict[int, int]:
        """Ratings and reservations of each individual, as assignment sees them."""
        pairs: Any = await self._valkey.zrange(_key(generation_id, "load"), 0, -1, withscores=True)
        return {int(member): int(score) for member, score in pairs}

    async def release(self, generation_id: int, listener_id: UUID) -> None:
        """Give back what is reserved for a listener who has left."""
        keys = [_key(generation_id, name) for name in ("load", "held", f"open:{listener_id}")]
        await self._release(keys=keys, args=[str(listener_id)])

    async def finish(self) -> None:
        """Wait for the requests under way."""
        await self._batcher.finish()

    async def _answer(self, requests: list[Request]) -> list[list[int]]:
        """Ask for each generation's requests in one call, however many there are."""
        answers: list[list[int]] = [[] for _ in requests]
        places: dict[int, list[int]] = defaultdict(list)
        for place, request in enumerate(requests):
            places[request.generation_id].append(place)
        for generation_id, own in places.items():
            asked = json.dumps([self._encode(requests[place]) for place in own])
            reply = await self._ask(generation_id, asked)
            if reply is None:
                await self._rebuild(generation_id)
                reply = await self._ask(generation_id, asked)
            for place, mine in zip(own, json.loads(reply or "[]"), strict=reply is not None):
                answers[place] = [int(individual) for individual in mine]
        return answers

    async def _ask(self, generation_id: int, asked: str) -> bytes | None:
        now_ms = int(time.time() * 1000)
        expiry_ms = now_ms + int(RESERVATION_SECONDS * 1000)
        reply: bytes | None = await self._script(
            keys=[_key(generation_id, "load")],
            args=[_key(generation_id, ""), now_ms, expiry_ms, OFFERS_AHEAD, KEYS_TTL_SECONDS, asked],
        )
        return reply

    def _encode(self, request: Request) -> list[object]:
        listener = str(request.listener_id)
        return [listener, self._rng.random(), request.rated or 0, request.is_new, request.holds]

    async def _rebuild(self, generation_id: int) -> None:
        """Load the counters of a generation from its ratings; where two processes do it at once, they agree."""
        rated = await in_thread(selectors.rated_pairs, generation_id=generation_id)
        individuals = await in_thread(selectors.individual_ids, generation_id=generation_id)
        counts = Counter(individual for _, individual in rated)
        by_listener: dict[UUID, list[int]] = defaultdict(list)
        for listener_id, individual in rated:
            by_listener[listener_id].append(individual)
        if not individuals:
            return
        async with self._valkey.pipeline(transaction=True) as pipe:
            for listener_id, theirs in by_listener.items():
                pipe.sadd(_key(generation_id, f"rated:{listener_id}"), *theirs)
                pipe.expire(_key(generation_id, f"rated:{listener_id}"), KEYS_TTL_SECONDS)
            load = {str(individual): counts[individual] for individual in individuals}
            pipe.zadd(_key(generation_id, "load"), load, nx=True)
            pipe.delete(_key(generation_id, "held"))
            await pipe.execute()

    async def remember_rated(self, generation_id: int, listener_id: UUID, individuals: Iterable[int]) -> None:
        """Tell Valkey what PostgreSQL says this listener has rated, in case it was not told or forgot."""
        theirs = list(individuals)
        if theirs:
            keys = [
                _key(generation_id, name) for name in ("load", "held", f"open:{listener_id}", f"rated:{listener_id}")
            ]
            await self._remember(keys=keys, args=[str(listener_id), KEYS_TTL_SECONDS, *theirs])

    async def take_back(self, generation_id: int, listener_id: UUID, individual: int) -> None:
        """Turn an answer of a listener into a reservation again: the phrase lies on their page."""
        keys = [_key(generation_id, name) for name in ("load", "held", f"open:{listener_id}", f"rated:{listener_id}")]
        expiry_ms = int((time.time() + RESERVATION_SECONDS) * 1000)
        await self._take_back(keys=keys, args=[str(listener_id), individual, expiry_ms])


def _key(generation_id: int, name: str) -> str:
    return f"antiphon:assignment:{{{generation_id}}}:{name}"
