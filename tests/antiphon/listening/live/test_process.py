"""The rooms of one process: opened with the first seat, closed with the last, whatever comes in between."""

import asyncio

import pytest

from antiphon.listening.live import process
from antiphon.listening.live.process import live
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import make_world

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
