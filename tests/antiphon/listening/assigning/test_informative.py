"""What is heard once each phrase has its floor of ratings, and what is heard again: anchors and hidden repeats."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import numpy as np
import pytest
from django.conf import settings
from redis.asyncio import Redis

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.assigning.assignment import Assignment, Belief, Request
from antiphon.listening.assigning.beliefs import beliefs_of
from antiphon.listening.assigning.dueling import is_due, pair_for
from antiphon.listening.assigning.heard import ANCHORS, anchors_of
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.assigning.schedule import plays_left
from antiphon.listening.judging.gathering import gather
from antiphon.listening.threads import in_thread
from antiphon.populations import breeding
from antiphon.populations.models import Individual
from evolution.algorithm import BreedingSettings
from evolution.informative import worth_hearing, worth_of
from tests.antiphon.listening.rounds import hear_all, round_of, store
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def assignment() -> AsyncIterator[Assignment]:
    client = Redis.from_url(settings.REDIS_URL)
    yield Assignment(client, random.Random(1))
    for key in await client.keys("antiphon:assignment:*"):
        await client.delete(key)
    await client.aclose()


def rated_world(n_listeners: int = 3, size: int = 12) -> World:
    """A world where some listeners have rated everything: the higher its index, the better a phrase is liked."""
    world, rng = make_world(size=size, quorum=n_listeners), np.random.default_rng(3)
    for _ in range(n_listeners):
        listener = Listener.objects.create(name="Listener")
        for one in world.newest.individuals.all():
            value = int(np.clip(round(5 * one.index / size + rng.normal() / 2), 0, 5))
            store(world, listener, Play(one.pk, one.generation_id), value=value)
    return world


def test_beliefs_are_what_the_fitness_model_says_is_worth_hearing(transactional_db: None) -> None:
    world = rated_world()
    found = beliefs_of(generation_id=world.newest.pk)
    assert found is not None
    worth = [
        worth_hearing(np.sqrt([one.squared_distance]), np.array([1 / one.precision]), 0.0)[0] for one in found.phrases
    ]
    said = gather(world.newest)
    candidates = np.array([said.place[one.individual_id] for one in found.phrases])
    n_parents = BreedingSettings.from_json(world.population.settings).parents
    assert np.allclose(worth, worth_of(said.estimate(), candidates, n_parents))
    assert {one.ratings for one in found.phrases} == {3}
    means = dict(zip(candidates.tolist(), said.estimate().mean[candidates].tolist(), strict=True))
    assert min(means[said.place[pk]] for pk in found.above) >= max(means[said.place[pk]] for pk in found.below)


async def test_a_phrase_close_to_the_cut_is_preferred_once_all_have_their_floor(
    transactional_db: None, assignment: Assignment
) -> None:
    world = await in_thread(rated_world)
    of = await in_thread(round_of, world)
    assert await assignment.least(of) == 0  # nothing is loaded yet
    await assignment.next(Request(of, uuid4()))
    assert await assignment.least(of) == of.coverage
    beliefs = [
        Belief(pk, squared_distance=0.0 if pk == close else 9.0, precision=2.0, ratings=3)
        for ids in [list(await assignment.load(of))]
        for close in [ids[4]]
        for pk in ids
    ]
    await assignment.believe(of, beliefs)
    close = next(one.individual_id for one in beliefs if one.squared_distance == 0.0)
    for _ in range(3):
        assert close in {play.individual_id for play in await assignment.next(Request(of, uuid4()))}


async def test_many_listeners_at_once_are_not_all_sent_to_one_phrase(
    transactional_db: None, assignment: Assignment
) -> None:
    world = await in_thread(rated_world)
    of = await in_thread(round_of, world)
    await assignment.next(Request(of, uuid4()))
    load = await assignment.load(of)
    await assignment.believe(of, [Belief(pk, 0.01 * place, 3.0, 3) for place, pk in enumerate(load)])
    sent: Counter[int] = Counter()
    for _ in range(30):
        sent.update(play.individual_id for play in await assignment.next(Request(of, uuid4())))
    assert len(sent) >= 8
    assert max(sent.values()) <= 12  # of 60: each answer on its way makes the next one worth less


async def test_a_phrase_below_its_floor_comes_before_any_that_is_worth_more(
    transactional_db: None, assignment: Assignment
) -> None:
    world = await in_thread(rated_world)
    of = await in_thread(round_of, world, coverage=4)
    first = await assignment.next(Request(of, uuid4()))
    load = await assignment.load(of)
    lavish = first[0].individual_id
    await assignment.believe(of, [Belief(pk, 0.0 if pk == lavish else 9.0, 1.0, 3) for pk in load])
    for _ in range(5):
        assert lavish not in {play.individual_id for play in await assignment.next(Request(of, uuid4()))}


async def test_every_eighth_play_is_an_anchor_and_every_twelfth_a_hidden_repeat(
    transactional_db: None, assignment: Assignment
) -> None:
    world = await in_thread(make_world, size=30)
    others = await in_thread(make_world, size=5)
    anchors = tuple(await in_thread(lambda: list(others.newest.individuals.values_list("pk", flat=True)[:ANCHORS])))
    of = await in_thread(round_of, world, anchors=anchors)
    heard = await hear_all(assignment, of, uuid4(), has_anchors=True, has_repeats=True)
    kinds = {position: play.kind for position, play in enumerate(heard, start=1) if play.kind is not Kind.NEW}
    assert kinds == {8: Kind.ANCHOR, 12: Kind.REPEAT, 16: Kind.ANCHOR, 24: Kind.ANCHOR, 32: Kind.ANCHOR}
    assert len({play.individual_id for play in heard if play.kind is Kind.ANCHOR}) == 4
    (again,) = (play for play in heard if play.kind is Kind.REPEAT)
    before = [play.individual_id for play in heard].index(again.individual_id) + 1
    assert 12 - before >= 8
    assert len(heard) == 30 + 5 == plays_left(0, 30, has_anchors=True, has_repeats=True)
    assert len(set(heard)) == len(heard)


async def test_repeats_reach_back_into_the_generation_before(transactional_db: None, assignment: Assignment) -> None:
    world = await in_thread(make_world, size=10)
    of, listener_id = await in_thread(round_of, world), uuid4()
    first = await hear_all(assignment, of, listener_id, has_repeats=True)
    await in_thread(_next_generation, world)
    of = await in_thread(round_of, world)
    second = await hear_all(assignment, of, listener_id, has_repeats=True)
    again = [play for play in second if play.kind is Kind.REPEAT]
    assert [second.index(play) for play in again] == [1]  # the twelfth play of this listener
    assert again[0].individual_id in {play.individual_id for play in first[:4]}
    assert again[0].occasion == of.number + 1


async def test_a_room_without_anchors_and_repeats_has_none(transactional_db: None, assignment: Assignment) -> None:
    world = await in_thread(make_world, size=30)
    of = await in_thread(round_of, world, anchors=(1, 2, 3, 4))
    heard = await hear_all(assignment, of, uuid4())
    assert {play.kind for play in heard} == {Kind.NEW}


@pytest.mark.parametrize("heard", range(0, 25, 3))
@pytest.mark.parametrize("phrases", [0, 1, 5, 10, 40])
def test_what_is_left_shrinks_by_one_with_every_play(heard: int, phrases: int) -> None:
    left = plays_left(heard, phrases, has_anchors=True, has_repeats=True)
    assert phrases <= left <= phrases + phrases // 4 + 2
    if phrases:
        position = heard + 1
        is_extra = position % 8 == 0 or position % 12 == 0
        after = plays_left(position, phrases if is_extra else phrases - 1, has_anchors=True, has_repeats=True)
        assert after == left - 1


def test_anchors_lie_between_the_least_and_the_most_liked_and_stay_the_same(transactional_db: None) -> None:
    world = rated_world()
    assert anchors_of(population_id=world.population.pk) == ()
    _next_generation(world)
    anchors = anchors_of(population_id=world.population.pk)
    ranks = [
        Individual.objects.filter(generation__number=0, fitness__lt=Individual.objects.get(pk=pk).fitness).count()
        for pk in anchors
    ]
    assert len(set(anchors)) == ANCHORS
    assert sorted(ranks) == [1, 4, 7, 10]
    listener = Listener.objects.create(name="New")
    worst = Individual.objects.filter(generation__number=0).order_by("fitness")[0]
    store(world, listener, Play(worst.pk, world.newest.pk, Kind.ANCHOR, 2))
    assert worst.pk in anchors_of(population_id=world.population.pk)


def test_a_duel_is_fought_by_the_closest_pair_that_its_listener_has_rated() -> None:
    listener_id = uuid4()
    found = pair_for(listener_id, 7, above=[1, 2], below=[3, 4], rated={2, 3, 4}, fought=set())
    assert found is not None
    assert {found.left_id, found.right_id} == {2, 3}
    second = pair_for(listener_id, 7, above=[1, 2], below=[3, 4], rated={2, 3, 4}, fought={frozenset((2, 3))})
    assert second is not None
    assert {second.left_id, second.right_id} == {2, 4}
    assert pair_for(listener_id, 7, above=[1], below=[3], rated={3}, fought=set()) is None
    sides = {
        pair.left_id
        for pair in (pair_for(uuid4(), 7, above=[1], below=[2], rated={1, 2}, fought=set()) for _ in range(30))
        if pair is not None
    }
    assert sides == {1, 2}


def test_duels_come_now_and_then_and_at_the_end_and_are_few() -> None:
    assert [answered for answered in range(12) if is_due(answered, 0, is_done=False)] == [5, 10]
    assert is_due(7, 3, is_done=True)
    assert not is_due(7, 4, is_done=True)


def _next_generation(world: World) -> None:
    newest = world.newest
    if not newest.individuals.filter(ratings__isnull=False).exists():
        listener = Listener.objects.create(name="Listener")
        for one in newest.individuals.all():
            store(world, listener, Play(one.pk, newest.pk), value=one.index % 6)
    services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=newest.number)
    breeding.breed(generation_id=newest.pk)
