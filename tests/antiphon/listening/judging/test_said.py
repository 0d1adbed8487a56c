"""What of all that was said reaches the fitness: one voice a phrase, repeats and duels as what they are."""

from uuid import uuid4

import numpy as np
import pytest

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.judging.gathering import gather
from antiphon.listening.models import Duel, SetAside
from antiphon.listening.progress import progress_of
from antiphon.populations.models import Individual
from tests.antiphon.listening.rounds import store
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(size=6, quorum=3)


def fight(world: World, listener: Listener, left: Individual, right: Individual, choice: str) -> None:
    Duel.objects.create(
        room=world.room, listener=listener, generation=world.newest, left=left, right=right, choice=choice,
        client_id=uuid4(),
    )  # fmt: skip


def rate_all(world: World, listener: Listener) -> list[Individual]:
    individuals = list(world.newest.individuals.order_by("index"))
    for one in individuals:
        store(world, listener, Play(one.pk, one.generation_id), value=one.index % 6)
    return individuals


def test_a_repeat_tells_of_its_listener_and_is_no_second_voice(world: World) -> None:
    ada, ben = (Listener.objects.create(name=name) for name in ("Ada", "Ben"))
    first = rate_all(world, ada)[5]
    rate_all(world, ben)
    before = gather(world.newest)
    store(world, ada, Play(first.pk, first.generation_id, Kind.REPEAT, 1), value=1)
    said = gather(world.newest)
    assert len(said.ratings) == len(before.ratings) == 12
    assert (said.repeats.listener.tolist(), said.repeats.first.tolist(), said.repeats.second.tolist()) == (
        [0],
        [5],
        [1],
    )
    was, now = before.estimate().consistency, said.estimate().consistency
    assert now[0] / was[0] < 0.7 < 0.8 < now[1] / was[1]
    progress = progress_of(world.newest)
    assert (progress.ratings, progress.complete) == (12, 0)


def test_an_anchor_is_a_voice_the_first_time_and_a_repeat_from_then_on(world: World) -> None:
    ada = Listener.objects.create(name="Ada")
    anchor = world.newest.individuals.order_by("index")[2]
    store(world, ada, Play(anchor.pk, anchor.generation_id, Kind.ANCHOR, 2), value=4)
    store(world, ada, Play(anchor.pk, anchor.generation_id, Kind.ANCHOR, 3), value=3)
    assert len(gather(world.newest).ratings) == 0  # both were heard in generations after this one
    world.newest.population.generations.create(number=1)
    said = gather(world.newest)
    assert (said.ratings.value.tolist(), len(said.repeats)) == ([4.0], 0)
    world.newest.population.generations.create(number=2)
    said = gather(world.newest)
    assert (said.ratings.value.tolist(), said.repeats.second.tolist()) == ([4.0], [3.0])


def test_a_duel_moves_its_two_phrases_apart_and_an_equal_one_nothing(world: World) -> None:
    ada = Listener.objects.create(name="Ada")
    individuals = rate_all(world, ada)
    before = gather(world.newest).estimate().mean
    fight(world, ada, individuals[1], individuals[2], "equal")
    assert np.array_equal(gather(world.newest).estimate().mean, before)
    fight(world, ada, individuals[0], individuals[1], "left")
    fight(world, ada, individuals[4], individuals[0], "right")
    said = gather(world.newest)
    assert (said.duels.winner.tolist(), said.duels.loser.tolist()) == ([0, 0], [1, 4])
    after = said.estimate().mean
    assert after[0] > before[0]
    assert after[4] < before[4]


def test_duels_of_somebody_set_aside_do_not_count(world: World) -> None:
    ada, ben = (Listener.objects.create(name=name) for name in ("Ada", "Ben"))
    individuals = rate_all(world, ada)
    rate_all(world, ben)
    fight(world, ben, individuals[0], individuals[5], "left")
    assert len(gather(world.newest).duels) == 1
    SetAside.objects.create(population=world.population, listener=ben)
    said = gather(world.newest)
    assert (len(said.duels), len(said.ratings)) == (0, 6)
