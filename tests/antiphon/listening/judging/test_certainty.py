"""A generation that closes by certainty: as soon as its parents are sure enough, never before its floor."""

from collections.abc import Callable
from uuid import uuid4

import numpy as np
import pytest
from django.test import Client

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.assigning.plays import Play
from antiphon.listening.judging import certainty
from antiphon.listening.judging.fitness import CrowdEstimator
from antiphon.listening.keeping.ratings import NewRating, write_ratings
from antiphon.listening.progress import FLOOR_RATINGS, MOST_QUORUMS, standing_of
from antiphon.populations import breeding
from antiphon.populations.models import Generation, Individual
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db
Rates = Callable[[int, np.random.Generator], int]


def clear(index: int, rng: np.random.Generator) -> int:
    """Everybody loves the first three and nothing else."""
    return 5 if index < 3 else int(rng.integers(0, 2))


def noisy(_index: int, rng: np.random.Generator) -> int:
    """Nobody agrees with anybody."""
    return int(rng.integers(0, 6))


def uncertain_world(**changes: object) -> World:
    return make_world(**{"size": 8, "quorum": 3, "closing": "certainty", **changes})  # type: ignore[arg-type]


def rate(world: World, listener: Listener, rates: Rates, rng: np.random.Generator, *, count: int | None = None) -> None:
    """One listener rates the newest generation, or its first `count` phrases."""
    individuals = Individual.objects.filter(generation=world.newest, first=None).order_by("index")[:count]
    write_ratings(
        [
            NewRating(
                room_id=world.room.pk,
                population_id=world.population.pk,
                listener_id=listener.pk,
                play=Play(one.pk, one.generation_id),
                value=rates(one.index, rng),
                client_id=uuid4(),
                heard_ms=1000,
            )
            for one in individuals
        ]
    )


def listeners_until_closed(rates: Rates) -> int:
    """How many listeners a generation takes to close, while one who came late has not rated all yet."""
    world, rng = uncertain_world(), np.random.default_rng(4)
    for number in range(1, 40):
        rate(world, Listener.objects.create(name="Listener"), rates, rng)
        if number == 1:
            rate(world, Listener.objects.create(name="Late"), rates, rng, count=1)
        if services.close_if_complete(generation_id=world.newest.pk):
            return number
    raise AssertionError("it never closed")


def test_a_clear_crowd_closes_earlier_than_a_noisy_one_and_neither_before_the_floor() -> None:
    of_clear, of_noisy = listeners_until_closed(clear), listeners_until_closed(noisy)
    assert FLOOR_RATINGS <= of_clear < of_noisy
    assert of_noisy <= MOST_QUORUMS * 3


def test_nothing_closes_below_the_floor_however_sure_it_is() -> None:
    world, rng = uncertain_world(wanted_error=2.0), np.random.default_rng(0)
    for name in ("Ada", "Ben"):
        rate(world, Listener.objects.create(name=name), clear, rng, count=7)
    assert not services.close_if_complete(generation_id=world.newest.pk)
    rate(world, Listener.objects.create(name="Cleo"), clear, rng)
    assert not services.close_if_complete(generation_id=world.newest.pk)
    rate(world, Listener.objects.create(name="Dan"), clear, rng)
    assert services.close_if_complete(generation_id=world.newest.pk)


def test_where_everybody_has_rated_all_and_the_quorum_is_reached_waiting_ends() -> None:
    world, rng = uncertain_world(wanted_error=0.01), np.random.default_rng(1)
    for name in ("Ada", "Ben"):
        rate(world, Listener.objects.create(name=name), noisy, rng)
        assert not services.close_if_complete(generation_id=world.newest.pk)
    rate(world, Listener.objects.create(name="Cleo"), noisy, rng)
    assert services.close_if_complete(generation_id=world.newest.pk)


def test_the_estimate_is_made_once_a_second_and_told_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    world, rng = uncertain_world(), np.random.default_rng(2)
    looks = []
    live = CrowdEstimator.live

    def counted(self: CrowdEstimator, generation: Generation) -> object:
        looks.append(generation.pk)
        return live(self, generation)

    monkeypatch.setattr(CrowdEstimator, "live", counted)
    rate(world, Listener.objects.create(name="Ada"), noisy, rng)
    first = standing_of(generation_id=world.newest.pk)
    assert not first.is_stale
    for _ in range(5):
        rate(world, Listener.objects.create(name="Ben"), noisy, rng)
        standing = standing_of(generation_id=world.newest.pk)
        assert standing.is_stale
        assert standing.progress.expected_error == first.progress.expected_error
    assert len(looks) == 1
    fresh = certainty.look(world.newest, tally=48, is_patient=False)
    assert fresh.is_fresh
    assert standing_of(generation_id=world.newest.pk).progress.expected_error == fresh.error
    assert len(looks) == 2


def test_the_room_shows_how_sure_it_is_and_how_sure_it_has_to_be() -> None:
    world, rng = uncertain_world(wanted_error=0.2), np.random.default_rng(3)
    client = Client()
    client.force_login(world.host)
    address = f"/api/v1/rooms/{world.room.code}/"
    assert client.get(address).json()["progress"]["expected_error"] is None
    rate(world, Listener.objects.create(name="Ada"), noisy, rng)
    services.close_if_complete(generation_id=world.newest.pk)
    progress = client.get(address).json()["progress"]
    assert progress["wanted_error"] == 0.2
    assert progress["expected_error"] > 0.2


def test_what_was_found_at_closing_is_kept_and_shown() -> None:
    world, rng = uncertain_world(), np.random.default_rng(5)
    for _ in range(6):
        rate(world, Listener.objects.create(name="Listener"), clear, rng)
    client = Client()
    client.force_login(world.host)
    address = f"/api/v1/populations/{world.population.pk}/generations/0/"
    assert client.get(address).json()["expected_error"] < 0.5
    services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=0)
    first = Generation.objects.get(number=0)
    breeding.breed(generation_id=first.pk)
    shown = client.get(address).json()
    assert shown["expected_error"] < 0.2
    assert shown["agreement"]["icc_single"] > 0.8
    assert (shown["agreement"]["n_listeners"], shown["agreement"]["n_ratings"]) == (6, 48)
    assert 0 < shown["diversity"] < 1
    chances = [one["p_parent"] for one in shown["individuals"]]
    assert sum(chances) == pytest.approx(3, abs=0.01)
    assert min(chances[:3]) > max(chances[3:])


def test_what_the_taste_expected_is_kept_and_compared_with_what_was_given() -> None:
    world, rng = make_world(size=8), np.random.default_rng(6)
    for _ in range(2):
        for _ in range(3):
            rate(world, Listener.objects.create(name="Listener"), clear, rng)
        services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=world.newest.number)
        breeding.breed(generation_id=world.newest.pk)
    client = Client()
    client.force_login(world.host)
    second = client.get(f"/api/v1/populations/{world.population.pk}/generations/1/").json()
    new = [one for one in second["individuals"] if one["lives_on_from"] is None]
    old = [one for one in second["individuals"] if one["lives_on_from"] is not None]
    assert all(one["predicted"] is not None and one["predicted_error"] > 0 for one in new)
    assert all(one["lives_on_from"]["generation"] == 0 and one["predicted"] is None for one in old)
    assert second["calibration"]["n"] == len(new)
    assert 0 <= second["calibration"]["coverage"] <= 1
    assert second["gains"]
    assert {one["operator"] for one in second["gains"]} >= {new[0]["operators"][0]}
