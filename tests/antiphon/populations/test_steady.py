"""Steady breeding on the platform: a generation is the population at a time, and only its newborns are to be heard."""

from typing import Any

import pytest

from antiphon.accounts.models import User
from antiphon.populations import breeding, services
from antiphon.populations.models import Generation, Individual, Population
from antiphon.populations.replaying import differences, events_of, recorded_of
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.populations.bred import breed_on, make_population, newest_of

pytestmark = pytest.mark.django_db
STEADY = {"size": 8, "method": "steady", "elites": 2}


@pytest.fixture
def host() -> User:
    return make_host()


def steady(host: User, **changes: Any) -> Population:
    return make_population(host, settings=STEADY, **changes)


def new_in(generation: Generation) -> list[Individual]:
    return list(generation.individuals.filter(first=None).order_by("index"))


def close_with(generation: Generation, rated: dict[int, float]) -> Generation:
    """Close a generation in which these individuals, by index, were given a fitness; the others only a guess."""
    for individual in generation.individuals.all():
        is_rated = individual.index in rated or individual.first_id is not None
        individual.fitness = rated.get(individual.index, 2.5)
        individual.standard_error, individual.n_ratings = 0.4, 2 if is_rated else 0
        individual.save()
    services.close_generation(generation_id=generation.pk)
    bred = breeding.breed(generation_id=generation.pk)
    assert bred is not None
    return bred


def test_a_round_bears_a_quarter_and_the_least_liked_make_way(host: User) -> None:
    population = steady(host)
    assert population.births == 2
    first = newest_of(population)
    second = close_with(first, {index: float(index) / 2 for index in range(8)})
    assert second.individuals.count() == 8
    assert len(new_in(second)) == 2
    stayed = set(second.individuals.exclude(first=None).values_list("first__index", flat=True))
    assert stayed == {2, 3, 4, 5, 6, 7}
    assert not any(one.parents.filter(index__lt=5).exists() for one in new_in(second) if one.operator != "random")


def test_who_stays_keeps_its_ratings_and_sounds_the_same(host: User) -> None:
    population = steady(host)
    third = breed_on(population, 2)
    for one in third.individuals.exclude(first=None):
        assert one.first is not None
        assert one.first.first_id is None
        assert (one.born, one.score, one.genome) == (one.first.born, one.first.score, one.first.genome)
    heard_first_in = set(third.individuals.values_list("first__generation__number", flat=True))
    assert heard_first_in == {None, 0, 1}


def test_a_newborn_that_nobody_heard_stays_and_is_to_be_heard_again(host: User) -> None:
    population = steady(host)
    second = close_with(newest_of(population), {index: float(index) / 2 for index in range(8)})
    heard, unheard = new_in(second)
    third = close_with(second, {heard.index: 4.0})
    assert unheard.born in {one.born for one in new_in(third)}
    assert len(new_in(third)) == 3
    again = third.individuals.get(born=unheard.born)
    assert (again.predicted, again.predicted_error) == (unheard.predicted, unheard.predicted_error)
    assert unheard.predicted is not None


def test_closed_after_a_single_rating_a_population_breeds_all_the_same(host: User) -> None:
    population = steady(host)
    second = close_with(newest_of(population), {3: 5.0})
    assert second.individuals.count() == 8
    assert new_in(second)


def test_steady_rounds_replay_to_the_bit(host: User) -> None:
    population = steady(host, births=3)
    breed_on(population, 4)
    assert newest_of(population).individuals.filter(first=None).count() == 3
    assert differences(events_of(population), recorded_of(population)) == []
    assert [event["count"] for event in events_of(population) if event["event"] == "asked"] == [3] * 4


def test_the_control_line_breeds_steadily_without_a_rating(host: User) -> None:
    population = make_population(host, settings={**STEADY, "selecting": False})
    first = newest_of(population)
    services.close_generation(generation_id=first.pk)
    breeding.breed(generation_id=first.pk)
    assert len(new_in(newest_of(population))) >= 2


def test_the_api_offers_both_methods_and_says_how_many_are_born(host: User) -> None:
    client = signed_in(host)
    assert client.get("/api/v1/populations/options/").json()["methods"] == ["generational", "steady"]
    body = {"name": "Evening", "size": 12, "method": "steady"}
    shown = client.post("/api/v1/populations/", body, format="json").json()
    assert (shown["settings"]["method"], shown["births"]) == ("steady", 3)
    asked = client.post("/api/v1/populations/", {**body, "births": 5}, format="json").json()
    assert asked["births"] == 5
    whole = client.post("/api/v1/populations/", {"name": "Evening"}, format="json").json()
    assert (whole["settings"]["method"], whole["births"]) == ("generational", None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"births": 2}, "births: expected none"),
        ({"method": "steady", "size": 6, "births": 5}, "births: expected a whole number from 1 to 4"),
        ({"method": "steady", "recipe": "study"}, "method: expected generational"),
        ({"taste_likelihood": True}, "taste_likelihood: expected a checkpoint"),
    ],
)
def test_what_cannot_be_bred_is_refused_with_what_to_do(host: User, body: dict[str, Any], text: str) -> None:
    answer = signed_in(host).post("/api/v1/populations/", {"name": "Evening", **body}, format="json")
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(text)
