"""Telling at most so often: in turn over all processes, and at once where it presses."""

import asyncio
import time
from collections.abc import AsyncIterator
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from redis.asyncio import Redis

from antiphon.listening.live import counting
from antiphon.listening.live.coalescing import PRESSING_SECONDS, Coalesced
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_world

LONG_SECONDS, SHORT_SECONDS = 30.0, 0.3


@pytest.fixture
async def valkey() -> AsyncIterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    yield client
    await client.aclose()


class Told:
    """Something told under a key of its own, and when that was."""

    def __init__(self, valkey: Redis, *, interval_seconds: float, key: str = "") -> None:
        self.at: list[float] = []
        self.key = key or uuid4().hex
        self.coalesced = Coalesced(valkey, key=self.key, interval_seconds=interval_seconds, tell=self._tell)

    async def _tell(self) -> None:
        self.at.append(time.monotonic())

    async def until(self, count: int) -> None:
        """Wait until it was told so often."""
        async with asyncio.timeout(SHORT_SECONDS * 20):
            while len(self.at) < count:
                await asyncio.sleep(0.005)


async def test_what_comes_within_an_interval_is_told_once_at_its_end(valkey: Redis) -> None:
    told = Told(valkey, interval_seconds=SHORT_SECONDS)
    for _ in range(5):
        told.coalesced.ask()
        await asyncio.sleep(0.01)
    await told.until(2)
    assert told.at[1] - told.at[0] >= SHORT_SECONDS * 0.9
    await asyncio.sleep(SHORT_SECONDS * 1.5)
    assert len(told.at) == 2


async def test_two_processes_share_the_turns(valkey: Redis) -> None:
    one = Told(valkey, interval_seconds=SHORT_SECONDS)
    other = Told(valkey, interval_seconds=SHORT_SECONDS, key=one.key)
    one.coalesced.ask()
    await one.until(1)
    other.coalesced.ask()
    await other.until(1)
    assert other.at[0] - one.at[0] >= SHORT_SECONDS * 0.9


async def test_what_presses_waits_for_no_interval_and_yet_does_not_come_without_pause(valkey: Redis) -> None:
    told = Told(valkey, interval_seconds=LONG_SECONDS)
    told.coalesced.ask()
    await told.until(1)
    told.coalesced.ask()
    await asyncio.sleep(0.02)  # it waits for its turn by now
    for count in (2, 3):
        told.coalesced.ask(at_once=True)
        await told.until(count)
    assert told.at[2] - told.at[0] < LONG_SECONDS / 10
    assert min(told.at[1] - told.at[0], told.at[2] - told.at[1]) >= PRESSING_SECONDS * 0.9
    await told.coalesced.stop()


async def test_valkey_is_not_asked_before_the_turn_can_come(valkey: Redis) -> None:
    told = Told(valkey, interval_seconds=SHORT_SECONDS)
    with patch.object(valkey, "set", wraps=valkey.set) as asked:
        told.coalesced.ask()
        await told.until(1)
        told.coalesced.ask()
        await told.until(2)
    assert asked.call_count == 2


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.mark.django_db(transaction=True)
async def test_a_room_does_not_wait_for_the_turn_of_its_progress_once_all_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "INTERVAL_SECONDS", LONG_SECONDS)
    async with Page(world.room.code, name="Ada") as ada, Page(world.room.code, name="Ben") as ben:
        for page in (ada, ben):
            await page.join()
            await page.rate_all(4)
        await ada.hear_until("room_changed", stage="breeding")
