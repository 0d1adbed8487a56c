"""A crowd of two tastes parts into islands, is bred island by island, and replays; a crowd of one taste stays one."""

import numpy as np
import pytest
from django.db import transaction

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.beliefs import beliefs_of
from antiphon.listening.assigning.homes import Homes, homes_in
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.judging.assessment import assess
from antiphon.listening.judging.fitness import CrowdEstimator
from antiphon.listening.judging.gathering import gather
from antiphon.listening.judging.islands import TELLING, parted_now, telling_phrases
from antiphon.listening.judging.voices import voices_of
from antiphon.listening.live.snapshots import room_snapshot
from antiphon.listening.models import Islander, Rating
from antiphon.populations.replaying import differences, events_of, recorded_of
from evolution.algorithm import BreedingSettings
from evolution.parents import cut_between
from tests.antiphon.hosts import signed_in
from tests.antiphon.listening.parting import SIZE, liking, open_world, run
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.rounds import store

pytestmark = pytest.mark.django_db


def test_a_crowd_of_two_tastes_parts_and_each_island_breeds_for_its_own() -> None:
    world, tastes = open_world(), [0] * 5 + [1] * 5
    listeners = run(world, tastes)
    likely = {one.listener_id: int(np.argmax(one.chances)) for one in Islander.objects.all()}
    first, second = ({likely[one.pk] for one in part} for part in (listeners[:5], listeners[5:]))
    assert len(first) == len(second) == 1
    assert first != second
    newest = list(world.newest.individuals.order_by("index"))
    assert {one.island for one in newest} == {0, 1}
    homes = homes_in(world.newest)
    assert homes.of == {one.pk: one.island for one in newest if one.first_id is None}
    assert {pk: int(np.argmax(chances)) for pk, chances in homes.chances.items()} == likely
    height = [np.mean([liking(one, 0) for one in newest if one.island == island]) for island in (0, 1)]
    assert (height[0] > height[1]) == (first == {0})

    shown = signed_in(world.host).get(f"/api/v1/populations/{world.population.pk}/").json()
    islands = shown["generations"][-2]["islands"]
    assert sorted(one["listeners"] for one in islands) == [5, 5]
    assert sum(one["size"] for one in islands) == SIZE
    assert all(one["best_fitness"] >= one["mean_fitness"] for one in islands)


def test_nobody_is_taken_for_a_clicker_because_they_are_of_another_taste() -> None:
    world, tastes = open_world(), [0] * 5 + [1] * 5
    listeners = run(world, tastes)
    clicker = Listener.objects.create(name="Clicker")
    new = new_in(world.newest)
    rate(world, clicker, new, [3] * len(new))
    told = {one.name: one for one in voices_of(world.population).listeners}
    homes = [told[one.name].island for one in listeners]
    assert homes == [homes[0]] * 5 + [homes[-1]] * 5
    assert set(homes) == {0, 1}
    assert [name for name, one in told.items() if one.flag is not None] == ["Clicker"]
    assert all(0.25 < told[one.name].weight < 4 for one in listeners)
    assert set(assess(world.newest, tally=-1).flagged) == {clicker.pk}


def test_a_room_knows_who_lives_where_and_which_phrases_everybody_is_to_hear() -> None:
    world = open_world()
    opened = room_snapshot(world.room.code)
    assert opened is not None
    assert opened.generation is not None
    assert opened.generation.round.anchors == ()
    run(world, [0] * 5 + [1] * 5)
    snapshot = room_snapshot(world.room.code)
    assert snapshot is not None
    assert snapshot.generation is not None
    of = snapshot.generation.round
    assert of.homes == homes_in(world.newest)
    assert set(of.homes.of.values()) == {0, 1}
    assert of.tells_apart
    first = world.population.generations.get(number=0)
    assert len(of.anchors) == TELLING
    assert set(of.anchors) < set(first.individuals.values_list("pk", flat=True))
    assert all(pk in snapshot.generation.former for pk in of.anchors), "they can be sent"
    rated = Rating.objects.filter(individual__generation=first).values_list("individual_id", "value")
    values = {pk: [value for of_, value in rated if of_ == pk] for pk, _ in rated}
    assert max(values, key=lambda pk: np.std(values[pk])) in of.anchors, "tastes differ most about it"


def test_phrases_that_tell_apart_stay_those_that_were_heard() -> None:
    world = open_world()
    listeners = run(world, [0] * 5 + [1] * 5, rounds=1)
    chosen = telling_phrases(world.population)
    first = world.population.generations.get(number=0)
    other = next(one for one in first.individuals.all() if one.pk not in chosen)
    play = Play(other.pk, world.newest.pk, Kind.ANCHOR, world.newest.number + 1)
    store(world, listeners[0], play)
    again = telling_phrases(world.population)
    assert other.pk in again
    assert len(again) == TELLING
    assert set(again) - {other.pk} < set(chosen)


def test_a_parted_population_replays_and_is_judged_the_same_again() -> None:
    world = open_world()
    run(world, [0] * 5 + [1] * 5)
    kinds = [event["event"] for event in events_of(world.population)]
    assert "parted" in kinds
    assert differences(events_of(world.population), recorded_of(world.population)) == []
    closed = world.population.generations.get(number=2)
    before = dict(Islander.objects.values_list("listener_id", "chances"))
    first = CrowdEstimator().final(closed)
    assert first == CrowdEstimator().final(closed)
    assert first.chances.keys() == before.keys()
    assert first.expected_error is not None


def test_while_a_parted_generation_is_rated_the_selection_error_is_that_of_its_islands() -> None:
    world = open_world()
    listeners = run(world, [0] * 5 + [1] * 5)
    rate(world, listeners[0], new_in(world.newest)[:1], [5])
    now = CrowdEstimator().live(world.newest).expected_error
    with transaction.atomic():
        Islander.objects.all().delete()
        alone = CrowdEstimator().live(world.newest).expected_error
        transaction.set_rollback(False)
    assert now is not None
    assert alone is not None
    assert now != alone


def test_what_is_worth_hearing_is_believed_by_the_island_on_which_a_phrase_lives() -> None:
    world = open_world()
    listeners = run(world, [0] * 5 + [1] * 5)
    newborn = new_in(world.newest)
    for listener in listeners[::4]:
        rate(world, listener, newborn, [2 + place % 3 for place in range(len(newborn))])
    found = beliefs_of(generation_id=world.newest.pk)
    assert found is not None
    said = gather(world.newest)
    parted = parted_now(said, world.newest)
    assert parted is not None
    living = list(world.newest.individuals.values_list("pk", "island"))
    for one in found.phrases:
        home = dict(living)[one.individual_id]
        assert home is not None
        here = np.array([said.place[pk] for pk, island in living if island == home])
        mean, parents = (
            parted.fitted[home].mean,
            BreedingSettings(**world.population.settings).on_island(home, 2).parents,
        )
        off = mean[said.place[one.individual_id]] - cut_between(mean[here], parents)
        assert one.squared_distance == pytest.approx(off**2)


def test_a_crowd_of_one_taste_stays_one() -> None:
    world = open_world()
    run(world, [0] * 10)
    assert not Islander.objects.exists()
    assert set(world.newest.individuals.values_list("island", flat=True)) == {None}
    assert "parted" not in {event["event"] for event in events_of(world.population)}
    assert homes_in(world.newest) == Homes()


def test_where_islands_are_off_nobody_looks_for_tastes() -> None:
    world = open_world(islands=1)
    run(world, [0] * 5 + [1] * 5)
    assert not Islander.objects.exists()
