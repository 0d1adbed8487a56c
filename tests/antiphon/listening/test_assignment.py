"""Who hears what next."""

import asyncio
import random
from collections.abc import AsyncIterator
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from redis.asyncio import Redis

from antiphon.accounts.models import Listener
from antiphon.listening import assignment as module
from antiphon.listening.assignment import OFFERS_AHEAD, Assignment, Request
from antiphon.listening.models import Rating
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world(size=6)


@pytest.fixture
async def valkey() -> AsyncIterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    yield client
    for key in await client.keys("antiphon:assignment:*"):
        await client.delete(key)
    await client.aclose()


def store(world: World, listener: Listener, individual_id: int) -> None:
    Rating.objects.create(room=world.room, listener=listener, individual_id=individual_id, value=3, client_id=uuid4())


async def rate(assignment: Assignment, generation_id: int, listener_id: UUID, holds: list[int]) -> list[int]:
    """Rate the first phrase held; what is held afterwards."""
    return await assignment.next(
        Request(generation_id, listener_id, holds=tuple(holds[1:]), rated=holds[0], is_new=True)
    )


async def test_each_listener_hears_everything_once(world: World, valkey: Redis) -> None:
    assignment = Assignment(valkey, random.Random(1))
    generation_id = (await in_thread(lambda: world.newest)).pk
    for listener_id in (uuid4(), uuid4()):
        holds, heard = await assignment.next(Request(generation_id, listener_id)), []
        assert len(holds) == OFFERS_AHEAD
        while holds:
            heard.append(holds[0])
            holds = await rate(assignment, generation_id, listener_id, holds)
        assert len(heard) == len(set(heard)) == 6


async def test_ratings_spread_evenly_over_many_listeners(world: World, valkey: Redis) -> None:
    assignment = Assignment(valkey, random.Random(1))
    generation_id = (await in_thread(lambda: world.newest)).pk
    for _ in range(9):
        listener_id = uuid4()
        holds = await assignment.next(Request(generation_id, listener_id))
        await rate(assignment, generation_id, listener_id, holds)
    load = await assignment.load(generation_id)
    assert max(load.values()) - min(load.values()) <= 1


async def test_ties_are_broken_at_random(world: World, valkey: Redis) -> None:
    assignment = Assignment(valkey, random.Random(3))
    generation_id = (await in_thread(lambda: world.newest)).pk
    first = set()
    for _ in range(20):
        listener_id = uuid4()
        first.add((await assignment.next(Request(generation_id, listener_id)))[0])
        await assignment.release(generation_id, listener_id)
    assert len(first) > 2


async def test_a_reservation_runs_out_and_the_phrase_goes_to_others(world: World, valkey: Redis) -> None:
    assignment = Assignment(valkey, random.Random(1))
    generation_id = (await in_thread(lambda: world.newest)).pk
    with patch.object(module, "RESERVATION_SECONDS", 0.05):
        await assignment.next(Request(generation_id, uuid4()))
    assert sum((await assignment.load(generation_id)).values()) == OFFERS_AHEAD
    await asyncio.sleep(0.06)
    await assignment.next(Request(generation_id, uuid4()))
    assert sum((await assignment.load(generation_id)).values()) == OFFERS_AHEAD


async def test_what_a_page_still_holds_stays_reserved_after_its_time_has_run_out(world: World, valkey: Redis) -> None:
    assignment = Assignment(valkey, random.Random(1))
    generation_id, listener_id = (await in_thread(lambda: world.newest)).pk, uuid4()
    with patch.object(module, "RESERVATION_SECONDS", 0.05):
        holds = await assignment.next(Request(generation_id, listener_id))
    await asyncio.sleep(0.06)
    again = await assignment.next(Request(generation_id, listener_id, holds=tuple(holds)))
    load = await assignment.load(generation_id)
    assert sorted(again) == sorted(holds) == sorted(individual for individual, count in load.items() if count == 1)
    assert sum(load.values()) == OFFERS_AHEAD


async def test_a_reservation_that_runs_out_soon_is_renewed_for_a_page_that_holds_it(
    world: World, valkey: Redis
) -> None:
    assignment = Assignment(valkey, random.Random(1))
    generation_id, listener_id = (await in_thread(lambda: world.newest)).pk, uuid4()
    with patch.object(module, "RESERVATION_SECONDS", 0.2):
        holds = await assignment.next(Request(generation_id, listener_id))
    assert sorted(await assignment.next(Request(generation_id, listener_id, holds=tuple(holds)))) == sorted(holds)
    await asyncio.sleep(0.25)
    await assignment.next(Request(generation_id, uuid4()))
    assert sum((await assignment.load(generation_id)).values()) == 2 * OFFERS_AHEAD


async def test_a_rating_that_valkey_did_not_hear_of_makes_room_for_the_next_phrase(world: World, valkey: Redis) -> None:
    assignment = Assignment(valkey, random.Random(1))
    generation_id, listener_id = (await in_thread(lambda: world.newest)).pk, uuid4()
    holds = await assignment.next(Request(generation_id, listener_id))
    for _ in range(2):  # a second time it is no news
        await assignment.remember_rated(generation_id, listener_id, holds)
    again = await assignment.next(Request(generation_id, listener_id))
    assert len(again) == OFFERS_AHEAD
    assert not set(again) & set(holds)
    load = await assignment.load(generation_id)
    assert sorted(individual for individual, count in load.items() if count == 1) == sorted(holds + again)


async def test_what_valkey_forgot_is_rebuilt_from_the_database(world: World, valkey: Redis) -> None:
    assignment = Assignment(valkey, random.Random(1))
    generation = await in_thread(lambda: world.newest)
    listener = await in_thread(Listener.objects.create, name="Ada")
    holds = await assignment.next(Request(generation.pk, listener.pk))
    rated = holds[0]
    await in_thread(store, world, listener, rated)
    await rate(assignment, generation.pk, listener.pk, holds)
    for key in await valkey.keys("antiphon:assignment:*"):
        await valkey.delete(key)
    heard = []
    holds = await assignment.next(Request(generation.pk, listener.pk))
    while holds:
        heard.append(holds[0])
        holds = await rate(assignment, generation.pk, listener.pk, holds)
    assert rated not in heard
    assert len(heard) == 5
    assert (await assignment.load(generation.pk))[rated] == 1
