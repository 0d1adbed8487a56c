"""The rooms of one process: opened with the first seat, closed with the last, whatever comes in between."""

import asyncio
import threading
from collections.abc import Collection

import pytest

from antiphon.listening import services
from antiphon.listening.live import process
from antiphon.listening.live.process import live
from antiphon.listening.progress import Standing
from antiphon.listening.threads import READERS, in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import make_world
from tests.antiphon.sockets import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


async def test_who_comes_as_the_last_one_leaves_sits_among_rooms_that_are_open(transactional_db: None) -> None:
    world = await in_thread(make_world)
    first, second = Page(world.room.code), Page(world.room.code)
    await first.open()
    await first.join()
    await second.open()
    before = live()
    async with before._door(world.room.code):  # both wait at the door, the one who leaves in front
        leaving = asyncio.create_task(first.close())
        await asyncio.sleep(0.2)
        coming = asyncio.create_task(second.join())
        await asyncio.sleep(0.2)
    await asyncio.gather(leaving, coming)
    (hub,) = live()._hubs.values()
    assert [str(seat.listener_id) for seat in hub.seats] == [coming.result()["listener"]]
    await second.close()
    assert asyncio.get_running_loop() not in process._lives  # and nothing is left open


async def test_a_room_opens_while_the_door_of_another_is_held(transactional_db: None) -> None:
    slow, quick = await in_thread(make_world), await in_thread(make_world)
    async with Page(quick.room.code) as first, Page(slow.room.code) as waits, Page(quick.room.code) as second:
        await first.join()
        async with live()._door(slow.room.code):
            waiting = asyncio.create_task(waits.join())
            await second.join()
            assert not waiting.done()
        await waiting


async def test_a_rating_is_kept_while_rooms_are_read_and_counted(transactional_db: None) -> None:
    world, all_read = await in_thread(make_world), threading.Event()
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        reading = [asyncio.create_task(in_thread(all_read.wait, PATIENCE_SECONDS)) for _ in range(READERS)]
        try:
            await asyncio.sleep(0.1)  # they have all threads that there are
            kept = await page.rate(offer, 3)
            assert kept["type"] == "kept"
            assert not any(one.done() for one in reading)
        finally:
            all_read.set()
            await asyncio.gather(*reading)


async def test_rooms_that_ask_together_are_counted_together(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = [await in_thread(make_world) for _ in range(3)]
    gone, asked = -1, []
    take_stock = services.take_stock

    def taken(*, generation_ids: Collection[int]) -> dict[int, Standing]:
        asked.append(list(generation_ids))
        return take_stock(generation_ids=generation_ids)

    monkeypatch.setattr(services, "take_stock", taken)
    async with Page(worlds[0].room.code) as page:
        await page.join()
        standings = live().shared.standings
        await standings.finish()
        asked.clear()
        wanted = await in_thread(lambda: [world.newest.pk for world in worlds])
        found = await asyncio.gather(*(standings.ask(pk) for pk in [*wanted, gone]))
    assert [None if one is None else one.progress.size for one in found] == [4, 4, 4, None]
    assert [*wanted, gone] in asked
