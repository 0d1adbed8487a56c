"""The pages of listeners, counted by several processes in one Valkey, and without it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from unittest.mock import patch
from uuid import UUID, uuid4

import psutil  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from redis.asyncio import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from antiphon.embedded.valkey import ValkeyServer
from antiphon.listening.live import limits, pages
from antiphon.listening.live.pages import Pages
from antiphon.listening.live.presence import Place

KEPT_SECONDS = 1.0


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    with patch.object(limits, "PAGES_MAX", 3), patch.object(pages, "EXPIRY_SECONDS", KEPT_SECONDS):
        yield


@asynccontextmanager
async def processes(count: int, url: str = settings.REDIS_URL) -> AsyncIterator[list[Pages]]:
    """The pages of so many processes."""
    clients = [Redis.from_url(url, retry=Retry(NoBackoff(), 0)) for _ in range(count)]
    yield [Pages(client) for client in clients]
    for client in clients:
        await client.aclose()


def page_of(listener_id: UUID) -> Place:
    return Place(listener_id, uuid4().hex[:8], "Ada")


async def test_hundreds_come_at_once_and_each_has_no_more_than_they_may() -> None:
    listeners = [uuid4() for _ in range(300)]
    async with processes(2) as (here, there):
        places = [page_of(listener) for listener in listeners for _ in range(5)]
        asked = [(here, there)[number % 2].enter(place) for number, place in enumerate(places)]
        entered = await asyncio.gather(*asked)
        assert sum(entered) == 3 * len(listeners)
        for listener in listeners:
            assert sum(ok for ok, place in zip(entered, places, strict=True) if place.listener_id == listener) == 3
        for number, (ok, place) in enumerate(zip(entered, places, strict=True)):
            if ok:
                await (here, there)[number % 2].leave(place)
        assert await there.enter(page_of(listeners[0]))
        assert here._here == {}


async def test_pages_count_as_long_as_they_are_renewed() -> None:
    listener = uuid4()
    async with processes(2) as (here, there):
        places = [page_of(listener) for _ in range(3)]
        for place in places:
            assert await here.enter(place)
        for _ in range(3):
            await asyncio.sleep(KEPT_SECONDS / 2)
            await here.renew(places[:2])
        assert await there.enter(page_of(listener))
        assert not await there.enter(page_of(listener))
        assert not there.are_full(listener)
        await asyncio.sleep(1.1 * KEPT_SECONDS)  # the other process is dead: it renews nothing
        assert [await there.enter(page_of(listener)) for _ in range(3)] == [True, True, False]
        assert there.are_full(listener)


async def test_a_page_that_was_refused_is_not_renewed_and_leaves_nothing_behind() -> None:
    listener = uuid4()
    async with processes(2) as (here, there):
        mine = [page_of(listener) for _ in range(3)]
        for place in mine:
            await here.enter(place)
        refused = page_of(listener)
        assert not await there.enter(refused)
        await there.renew([refused])
        await there.leave(refused)
        await here.leave(mine[0])
        assert await there.enter(page_of(listener))
        assert not await there.enter(page_of(listener))


async def test_without_valkey_each_process_counts_its_own_and_afterwards_all_are_known_again(
    own_valkey: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    listener = uuid4()
    async with processes(2, own_valkey.url) as (here, there):
        before = page_of(listener)
        assert await here.enter(before)
        assert own_valkey.child.pid is not None
        psutil.Process(own_valkey.child.pid).send_signal(signal.SIGKILL)
        while own_valkey.poll() is None:
            time.sleep(0.01)
        meanwhile = [page_of(listener) for _ in range(3)]
        assert [await here.enter(place) for place in meanwhile] == [True, True, False]
        assert await there.enter(page_of(listener))
        await here.leave(meanwhile[0])
        assert len([one for one in caplog.records if "does not answer" in one.message]) == 2, "each says so once"
        own_valkey.start()
        await here.renew([before, meanwhile[1]])
        assert [await there.enter(page_of(listener)) for _ in range(2)] == [True, False]
