"""Who is in a room, over all web processes. A place not renewed in time vanishes: a dead process leaves no ghosts."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.client import Redis as SyncRedis

EXPIRY_SECONDS = 30.0
RENEW_SECONDS = 10.0
NAMES_SHOWN = 12
LOOKED_AT = 3 * NAMES_SHOWN  # listeners whose names are looked at: some gave none
KEYS_TTL_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Here:
    """How many listeners are in a room, and the names of the first few who gave one."""

    here: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """One connection of one listener."""

    listener_id: UUID
    connection: str
    name: str

    @property
    def member(self) -> str:
        return f"{self.listener_id}:{self.connection}"


class Presence:
    """The places of one room."""

    def __init__(self, valkey: "Redis", code: str) -> None:
        self._valkey = valkey
        self._places = _key(code)
        self._names = f"{_key(code)}:names"

    async def renew(self, places: Iterable[Place]) -> None:
        """Enter places, or keep them from running out."""
        kept = list(places)
        if not kept:
            return
        expiry = time.time() + EXPIRY_SECONDS
        async with self._valkey.pipeline(transaction=False) as pipe:
            pipe.zadd(self._places, {place.member: expiry for place in kept})
            pipe.hset(self._names, mapping={str(place.listener_id): place.name for place in kept})
            pipe.expire(self._places, KEYS_TTL_SECONDS)
            pipe.expire(self._names, KEYS_TTL_SECONDS)
            await pipe.execute()

    async def leave(self, place: Place) -> None:
        """Give a place up at once."""
        await self._valkey.zrem(self._places, place.member)

    async def look(self) -> Here:
        """Who is here now; a listener with several pages counts once."""
        async with self._valkey.pipeline(transaction=False) as pipe:
            pipe.zremrangebyscore(self._places, "-inf", time.time())
            pipe.zrange(self._places, 0, -1)
            _, members = await pipe.execute()
        listeners = list(dict.fromkeys(member.decode().split(":")[0] for member in members))
        if not listeners:
            return Here(0, ())
        names: list[Any] = await self._valkey.hmget(self._names, listeners[:LOOKED_AT])
        given = tuple(name.decode() for name in names if name)  # who gave none has an empty one
        return Here(len(listeners), given[:NAMES_SHOWN])


def count_here(valkey: "SyncRedis", codes: list[str]) -> dict[str, int]:
    """How many listeners are in each of some rooms, for the API."""
    now = time.time()
    pipe = valkey.pipeline(transaction=False)
    for code in codes:
        pipe.zrangebyscore(_key(code), now, "+inf")
    found = cast(list[list[bytes]], pipe.execute())
    return {
        code: len({member.split(b":")[0] for member in members}) for code, members in zip(codes, found, strict=True)
    }


def listeners_here(valkey: "SyncRedis", code: str) -> list[UUID]:
    """Who is in a room, for the API: by when their places run out, whoever was heard of last at the end."""
    members = cast(list[bytes], valkey.zrangebyscore(_key(code), time.time(), "+inf"))
    return [UUID(one) for one in dict.fromkeys(member.decode().split(":")[0] for member in members)]


def _key(code: str) -> str:
    return f"antiphon:presence:{{{code}}}"
