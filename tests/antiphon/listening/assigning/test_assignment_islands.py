"""Who hears what in a crowd that has parted: the own island's phrases first, then whatever still wants voices."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from redis.asyncio import Redis

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.assignment import Assignment, Belief, Request, Round
from antiphon.listening.assigning.heard import Heard, heard_in
from antiphon.listening.assigning.homes import Homes
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.threads import in_thread
from antiphon.populations.models import Generation
from tests.antiphon.listening.rounds import answer, hear_all, round_of, store
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
SIZE, QUORUM = 12, 3


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


@pytest.fixture
def of(transactional_db: None) -> Round:
    """A round whose first five phrases live on one island, the next five on another, and two on both."""
    world = make_world(size=SIZE)
    pks = [one.pk for one in world.newest.individuals.order_by("index")]
    homes = {pk: int(place >= 5) for place, pk in enumerate(pks[:10])}
    return round_of(world, coverage=QUORUM, homes=Homes(homes))


def on_islands(of: Round, chances: Mapping[UUID, tuple[float, ...]]) -> Round:
    return replace(of, homes=Homes(of.homes.of, chances))


async def test_a_listener_hears_all_of_the_own_island_before_any_of_another(of: Round, assignment: Assignment) -> None:
    for island in (0, 1):
        listener_id = uuid4()
        own = tuple(float(one == island) for one in range(2))
        heard = await hear_all(assignment, on_islands(of, {listener_id: own}), listener_id)
        homes = [of.homes.of.get(play.individual_id, island) for play in heard]
        assert len(set(heard)) == SIZE, "and then everything else"
        assert homes == sorted(homes, key=lambda home: home != island)


async def test_what_teaches_most_is_asked_for_on_the_own_island(of: Round, assignment: Assignment) -> None:
    covered = replace(of, coverage=0)
    here, there = (next(pk for pk, home in of.homes.of.items() if home == island) for island in (0, 1))
    await assignment.next(Request(covered, uuid4()))
    await assignment.believe(covered, [Belief(pk, 0.0 if pk in (here, there) else 9.0, 1.0, 0) for pk in of.homes.of])
    for island, expected in ((0, here), (1, there)):
        listener_id = uuid4()
        parted = on_islands(covered, {listener_id: tuple(float(one == island) for one in range(2))})
        assert (await assignment.next(Request(parted, listener_id)))[0].individual_id == expected


async def test_whose_island_is_unsure_hears_of_each_as_probably_as_it_is_theirs(
    of: Round, assignment: Assignment
) -> None:
    first: Counter[int] = Counter()
    for _ in range(200):
        listener_id = uuid4()
        parted = on_islands(of, {listener_id: (0.8, 0.2)})
        holds = await assignment.next(Request(parted, listener_id))
        first[of.homes.of.get(holds[0].individual_id, -1)] += 1
        await assignment.release(parted, listener_id)
    assert first[0] > 2 * first[1] > 20


async def test_who_has_just_come_hears_some_of_all(of: Round, assignment: Assignment) -> None:
    parted = on_islands(of, {uuid4(): (1.0, 0.0)})
    holds = [(await assignment.next(Request(parted, uuid4())))[0] for _ in range(24)]
    assert {of.homes.of.get(play.individual_id, -1) for play in holds} == {0, 1, -1}


async def test_no_phrase_starves_on_an_island_of_one_listener(of: Round, assignment: Assignment) -> None:
    """One listener is of the second island and leaves after two; the quorum of its phrases is filled by the others."""
    few, many = uuid4(), [uuid4() for _ in range(5)]
    parted = on_islands(of, {few: (0.0, 1.0)} | dict.fromkeys(many, (1.0, 0.0)))
    rated: Counter[int] = Counter()
    for listener_id, most in ((few, 2), *((one, SIZE) for one in many)):
        holds = await assignment.next(Request(parted, listener_id))
        for _ in range(most):
            rated[holds[0].individual_id] += 1
            holds = await answer(assignment, parted, listener_id, holds)
        await assignment.release(parted, listener_id)
    assert len(rated) == SIZE
    assert min(rated.values()) >= QUORUM
    assert await assignment.load(parted) == rated, "every answer is counted once, on whichever island it was given"


async def test_every_other_play_is_a_phrase_that_tells_apart_until_each_was_heard_once(
    of: Round, assignment: Assignment
) -> None:
    """The listener has heard one of the three in the first generation already."""
    listener_id, heard_before, others = uuid4(), 10**9, (10**9 + 1, 10**9 + 2)
    telling = replace(of, number=1, anchors=(heard_before, *others), tells_apart=True)
    before = Heard(listener_id, Play(heard_before, 1), 0, is_rating=True, at=datetime.now(UTC))
    await assignment.remember(telling, listener_id, [before])
    heard = await hear_all(assignment, telling, listener_id, has_anchors=True)
    kinds = [play.kind for play in heard]
    assert [place for place, kind in enumerate(kinds, start=2) if kind is Kind.ANCHOR] == [2, 4]
    assert {play.individual_id for play in heard if play.kind is Kind.ANCHOR} == set(others)
    assert kinds.count(Kind.NEW) == SIZE
    later = replace(telling, number=2, generation_id=of.generation_id)
    assert await hear_all(assignment, later, listener_id, has_anchors=True) == []


def much_later() -> tuple[World, Listener, list[int]]:
    """A world in its sixth generation, a listener who heard two phrases of the first, and those of the first."""
    world = make_world(size=SIZE)
    listener = Listener.objects.create(name="Ada")
    then = list(world.newest.individuals.order_by("index"))
    first = [one.pk for one in then]
    for pk in first[:2]:
        store(world, listener, Play(pk, world.newest.pk))
    later = Generation.objects.create(population=world.population, number=5)
    for one in then:
        one.pk, one.generation = None, later
        one.save()
    return world, listener, first


@pytest.mark.parametrize("is_back", [True, False])
async def test_what_tells_apart_is_not_heard_again_where_valkey_knows_nothing(
    transactional_db: None, assignment: Assignment, is_back: bool
) -> None:
    """It was heard long ago, in the first generation; its listener comes back now, or never left."""
    world, listener, first = await in_thread(much_later)
    telling = await in_thread(round_of, world, anchors=tuple(first[:3]), tells_apart=True)
    if is_back:
        told = await in_thread(
            lambda: heard_in(population_id=world.population.pk, numbers=(), listener_ids=[listener.pk], always=first)
        )
        plays = [Play(10**9 + number, telling.generation_id) for number in range(80)]
        since = [Heard(listener.pk, play, 4, is_rating=True, at=datetime.now(UTC)) for play in plays]
        await assignment.remember(telling, listener.pk, [*told, *since])
    heard = await hear_all(assignment, telling, listener.pk, has_anchors=True)
    assert [play.individual_id for play in heard if play.kind is Kind.ANCHOR] == [first[2]]
