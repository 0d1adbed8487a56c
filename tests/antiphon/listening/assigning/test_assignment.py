"""Who hears what next: coverage, reservations, and what is rebuilt."""

import asyncio
import random
from collections.abc import AsyncIterator
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from redis.asyncio import Redis

from antiphon.accounts.models import Listener
from antiphon.listening.assigning import assignment as module
from antiphon.listening.assigning.assignment import OFFERS_AHEAD, Assignment, Request, Round
from antiphon.listening.assigning.heard import heard_in
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.rounds import answer, hear_all, round_of, store
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world(size=6)


@pytest.fixture
def of(world: World) -> Round:
    return round_of(world)


@pytest.fixture
async def valkey() -> AsyncIterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    yield client
    for key in await client.keys("antiphon:assignment:*"):
        await client.delete(key)
    await client.aclose()


@pytest.fixture
def assignment(valkey: Redis) -> Assignment:
    return Assignment(valkey, random.Random(1))


async def test_each_listener_hears_every_phrase_once(of: Round, assignment: Assignment) -> None:
    for listener_id in (uuid4(), uuid4()):
        heard = await hear_all(assignment, of, listener_id)
        assert len(heard) == len(set(heard)) == 6


async def test_ratings_spread_evenly_over_many_listeners(of: Round, assignment: Assignment) -> None:
    for _ in range(9):
        listener_id = uuid4()
        holds = await assignment.next(Request(of, listener_id))
        await answer(assignment, of, listener_id, holds)
    load = await assignment.load(of)
    assert max(load.values()) - min(load.values()) <= 1


async def test_counters_that_another_process_has_just_loaded_are_left_alone(of: Round, valkey: Redis) -> None:
    first, late = (Assignment(valkey, random.Random(seed)) for seed in (1, 2))
    listener_id = uuid4()
    # The late one had found nothing, before the first loaded it.
    with patch.object(late, "_ask", side_effect=[[None], [b"[[]]"]]):
        holds = await first.next(Request(of, listener_id))
        await late.next(Request(of, uuid4()))
    await answer(first, of, listener_id, holds)
    assert set((await first.load(of)).values()) <= {0, 1}


async def test_ties_are_broken_at_random(of: Round, assignment: Assignment) -> None:
    first = set()
    for _ in range(20):
        listener_id = uuid4()
        first.add((await assignment.next(Request(of, listener_id)))[0])
        await assignment.release(of, listener_id)
    assert len(first) > 2


async def test_a_reservation_runs_out_and_the_phrase_goes_to_others(of: Round, assignment: Assignment) -> None:
    with patch.object(module, "RESERVATION_SECONDS", 0.05):
        await assignment.next(Request(of, uuid4()))
    assert sum((await assignment.load(of)).values()) == OFFERS_AHEAD
    await asyncio.sleep(0.06)
    await assignment.next(Request(of, uuid4()))
    assert sum((await assignment.load(of)).values()) == OFFERS_AHEAD


async def test_what_a_page_still_holds_stays_reserved_after_its_time_has_run_out(
    of: Round, assignment: Assignment
) -> None:
    listener_id = uuid4()
    with patch.object(module, "RESERVATION_SECONDS", 0.05):
        holds = await assignment.next(Request(of, listener_id))
    await asyncio.sleep(0.06)
    again = await assignment.next(Request(of, listener_id, holds=tuple(holds)))
    load = await assignment.load(of)
    assert set(again) == set(holds)
    assert {play.individual_id for play in holds} == {individual for individual, count in load.items() if count == 1}
    assert sum(load.values()) == OFFERS_AHEAD


async def test_a_reservation_that_runs_out_soon_is_renewed_for_a_page_that_holds_it(
    of: Round, assignment: Assignment
) -> None:
    listener_id = uuid4()
    with patch.object(module, "RESERVATION_SECONDS", 0.2):
        holds = await assignment.next(Request(of, listener_id))
    assert set(await assignment.next(Request(of, listener_id, holds=tuple(holds)))) == set(holds)
    await asyncio.sleep(0.25)
    await assignment.next(Request(of, uuid4()))
    assert sum((await assignment.load(of)).values()) == 2 * OFFERS_AHEAD


async def test_a_rating_that_valkey_did_not_hear_of_makes_room_for_the_next_phrase(
    world: World, of: Round, assignment: Assignment
) -> None:
    listener = await in_thread(Listener.objects.create, name="Ada")
    holds = await assignment.next(Request(of, listener.pk))
    for play in holds:
        await in_thread(store, world, listener, play)
    for _ in range(2):  # a second time it is no news
        heard = await in_thread(heard_in, population_id=world.population.pk, listener_ids=[listener.pk])
        await assignment.remember(of, listener.pk, heard)
    again = await assignment.next(Request(of, listener.pk))
    assert len(again) == OFFERS_AHEAD
    assert not set(again) & set(holds)
    load = await assignment.load(of)
    ones = {individual for individual, count in load.items() if count == 1}
    assert ones == {play.individual_id for play in holds + again}


async def test_a_skipped_phrase_is_not_offered_again_and_counts_for_nothing(of: Round, assignment: Assignment) -> None:
    listener_id = uuid4()
    holds = await assignment.next(Request(of, listener_id))
    skipped = holds[0]
    holds = await answer(assignment, of, listener_id, holds, is_rating=False)
    assert (await assignment.load(of))[skipped.individual_id] == 0
    while holds:
        assert skipped not in holds
        holds = await answer(assignment, of, listener_id, holds)


@pytest.mark.parametrize("was_rating", [True, False])
async def test_what_was_taken_back_is_reserved_for_its_listener(
    of: Round, assignment: Assignment, was_rating: bool
) -> None:
    listener_id = uuid4()
    holds = await assignment.next(Request(of, listener_id))
    taken_back = holds[0]
    await answer(assignment, of, listener_id, holds, is_rating=was_rating)
    for _ in range(2):  # the second time it is no news
        await assignment.take_back(of, listener_id, taken_back, was_rating=was_rating)
    assert (await assignment.load(of))[taken_back.individual_id] == 1
    assert taken_back in await assignment.next(Request(of, listener_id))


async def test_what_valkey_forgot_is_rebuilt_from_the_database(
    world: World, of: Round, valkey: Redis, assignment: Assignment
) -> None:
    listener = await in_thread(Listener.objects.create, name="Ada")
    holds = await assignment.next(Request(of, listener.pk))
    rated = holds[0]
    await in_thread(store, world, listener, rated)
    await answer(assignment, of, listener.pk, holds)
    for key in await valkey.keys("antiphon:assignment:*"):
        await valkey.delete(key)
    heard = await hear_all(assignment, of, listener.pk)
    assert rated not in heard
    assert len(heard) == 5
    assert (await assignment.load(of))[rated.individual_id] == 1
