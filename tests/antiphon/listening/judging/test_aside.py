"""A host sets a listener aside: their answers stay and do not count, and count again when the host says so."""

from typing import Any

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.judging.aside import effect_of
from antiphon.listening.judging.fitness import CrowdEstimator
from antiphon.listening.judging.voices import voices_of
from antiphon.listening.models import Rating, SetAside
from antiphon.listening.progress import standing_of
from antiphon.populations import breeding
from evolution.algorithm import BreedingSettings
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.listening.parting import open_world, run
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db
STEADY, CONTRARY = ("Ada", "Ben", "Cleo"), "Odd"


def contrary_world(**changes: Any) -> World:
    """Three like the later phrases better; so does a fourth, the first to rate, who loves the first phrase too."""
    world, rng = make_world(size=8, **changes), np.random.default_rng(1)
    rate(world, Listener.objects.create(name=CONTRARY), new_in(world.newest), [5, 1, 1, 2, 2, 3, 4, 4])
    for name in STEADY:
        values = np.clip(np.arange(8) * 0.6 + rng.normal(0, 0.4, 8), 0, 5).round().astype(int)
        rate(world, Listener.objects.create(name=name), new_in(world.newest), values.tolist())
    return world


def address(world: World, number: int = 1) -> str:
    return f"/api/v1/populations/{world.population.pk}/listeners/{number}/"


def put(client: APIClient, world: World, is_set_aside: bool, *, number: int = 1) -> dict[str, Any]:
    answer = client.put(address(world, number), {"is_set_aside": is_set_aside}, format="json")
    assert answer.status_code == 200, answer.json()
    told: dict[str, Any] = answer.json()
    return told


def fitness(world: World) -> list[float]:
    judged = CrowdEstimator().live(world.newest).fitness
    return [judged[one.pk].mean for one in world.newest.individuals.order_by("index")]


def test_what_a_listener_changes_is_told_before_and_after_and_nothing_is_lost() -> None:
    world = contrary_world(quorum=9)
    client, before = signed_in(world.host), fitness(world)
    told = client.get(address(world)).json()
    assert (told["number"], told["is_set_aside"], told["n_ratings"]) == (1, False, 8)
    (change,) = told["changes"]
    assert change["generation"] == 0
    assert change["largest"] > 0.2
    assert -1 <= change["rank_correlation"] <= 1

    aside = put(client, world, True)
    assert aside == {**told, "is_set_aside": True}
    without = fitness(world)
    moved = np.abs(np.array(before) - without)
    assert moved.max() == pytest.approx(change["largest"], abs=0.05)
    assert without[0] < before[0]
    assert Rating.objects.filter(listener__name=CONTRARY).count() == 8

    assert put(client, world, False) == told
    assert fitness(world) == pytest.approx(before)
    assert not SetAside.objects.exists()


def test_the_list_says_who_is_set_aside_and_what_would_be_with_them() -> None:
    world = contrary_world(quorum=9)
    client = signed_in(world.host)
    put(client, world, True)
    odd, *others = client.get(f"/api/v1/populations/{world.population.pk}/listeners/").json()["listeners"]
    assert odd["is_set_aside"]
    assert odd["largest_change"] > 0.1
    assert odd["n_ratings"] == 8
    assert not any(one["is_set_aside"] for one in others)
    assert all(one["consistency"] > 0 and -5 < one["bias"] < 5 for one in (odd, *others))


def test_who_is_set_aside_does_not_count_towards_the_quorum_and_completes_it_when_taken_in_again() -> None:
    world = contrary_world(quorum=4)
    client = signed_in(world.host)
    assert standing_of(generation_id=world.newest.pk).is_enough
    put(client, world, True)
    standing = standing_of(generation_id=world.newest.pk)
    assert (standing.is_enough, standing.progress.complete, standing.progress.ratings) == (False, 0, 24)
    room = client.get(f"/api/v1/rooms/{world.room.code}/").json()
    assert room["progress"]["ratings"] == 24
    assert not services.close_if_complete(generation_id=world.newest.pk)
    put(client, world, False)
    assert world.newest.is_closed


def test_a_generation_closes_and_is_bred_by_those_who_count() -> None:
    worlds = [contrary_world(quorum=9) for _ in range(2)]
    put(signed_in(worlds[0].host), worlds[0], True)
    for world in worlds:
        services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=0)
        breeding.breed(generation_id=world.newest.pk)
    ratings, means = [], []
    for world in worlds:
        first = list(world.population.generations.get(number=0).individuals.order_by("index"))
        ratings.append({one.n_ratings for one in first})
        means.append([one.fitness or 0.0 for one in first])
    assert ratings == [{3}, {4}]
    assert means[0][0] < means[1][0]


def test_a_listener_that_is_none_is_not_found() -> None:
    world = contrary_world(quorum=9)
    client = signed_in(world.host)
    for number in (0, 5):
        assert client.get(address(world, number)).status_code == 404
        assert client.put(address(world, number), {"is_set_aside": True}, format="json").status_code == 404
    assert client.put(address(world), {"is_set_aside": "perhaps"}, format="json").status_code == 400
    assert signed_in(make_host()).put(address(world), {"is_set_aside": True}, format="json").status_code == 404
    assert not SetAside.objects.exists()


def test_the_effect_is_read_in_a_fixed_number_of_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    world = contrary_world(quorum=9)
    with django_assert_num_queries(8):
        effect_of(population=world.population, number=1)


def test_of_a_crowd_that_has_parted_a_listener_changes_what_their_own_island_makes_of_its_phrases() -> None:
    world = open_world()
    run(world, [0] * 5 + [1] * 5)
    told = voices_of(world.population)
    assert [one.island for one in told.listeners] in ([0] * 5 + [1] * 5, [1] * 5 + [0] * 5)
    n_parents = BreedingSettings.from_json(world.population.settings).on_island(0, 2).parents
    for voice in told.listeners:
        effect = effect_of(population=world.population, number=voice.number)
        assert [change.generation for change in effect.changes] == [0, 1, 2]
        for change in effect.changes:
            assert len(change.only_with) == len(change.only_without) <= n_parents
            assert {one.island for one in (*change.only_with, *change.only_without)} <= {None, voice.island}
            assert change.rank_correlation > 0, "one of five who agree turns nothing round"
        newest = effect.changes[-1]
        assert newest.generation == told.generation
        assert newest.largest == pytest.approx(voice.largest_change, abs=0.02)
        assert newest.rank_correlation == pytest.approx(voice.rank_correlation, abs=0.02)
        assert len(newest.only_with) == voice.parents_changed


def test_who_is_set_aside_on_an_island_is_told_of_by_what_would_be_with_them_there() -> None:
    world = open_world()
    run(world, [0] * 5 + [1] * 5)
    before = effect_of(population=world.population, number=8)
    aside = put(signed_in(world.host), world, True, number=8)
    assert aside["is_set_aside"]
    after = effect_of(population=world.population, number=8)
    assert [one.largest for one in after.changes] == pytest.approx([one.largest for one in before.changes])
    assert voices_of(world.population).listeners[7].largest_change == pytest.approx(after.changes[-1].largest, abs=0.02)
