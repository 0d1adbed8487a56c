"""What a host watches while a room is rated: true to the ratings, bounded however full the room is."""

import json
from collections.abc import Iterator
from datetime import timedelta
from time import time
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from redis.client import Redis

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.hosting.dashboard import CELLS_MAX, LISTENERS_MAX, PACE_MINUTES, dashboard_of
from antiphon.listening.models import Rating, SetAside, Skip
from antiphon.populations import breeding
from tests.antiphon.hosts import signed_in
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def valkey() -> Iterator["Redis"]:
    with Redis.from_url(settings.REDIS_URL) as client:
        yield client


def come(valkey: "Redis", world: World, *listeners: Listener) -> None:
    """As the room's web process notes who is here."""
    places = {f"{listener.pk}:page": time() + 60 for listener in listeners}
    valkey.zadd(f"antiphon:presence:{{{world.room.code}}}", places)


def crowd(world: World, count: int, *, phrases: int | None = None) -> list[Listener]:
    """So many listeners who each rate everything, or the first phrases, by a taste that they share."""
    rng = np.random.default_rng(count)
    listeners = Listener.objects.bulk_create([Listener(name=f"Guest {number}") for number in range(1, count + 1)])
    individuals = new_in(world.newest)[:phrases]
    Rating.objects.bulk_create(
        Rating(
            room=world.room, listener=listener, individual=one, client_id=uuid4(),
            value=int(np.clip(round(5 * one.index / len(individuals) + rng.normal() / 2), 0, 5)),
        )
        for listener in listeners
        for one in individuals
    )  # fmt: skip
    return listeners


def told(world: World) -> dict[str, Any]:
    """The dashboard over the API."""
    answer = signed_in(world.host).get(f"/api/v1/rooms/{world.room.code}/dashboard/")
    assert answer.status_code == 200
    return dict(answer.json())


def test_each_cell_is_what_one_listener_said_of_one_phrase(valkey: "Redis") -> None:
    world = make_world(size=4, quorum=3)
    ada, ben, cleo = (Listener.objects.create(name=name) for name in ("Ada", "Ben", ""))
    phrases = new_in(world.newest)
    rate(world, ada, phrases, [5, 0, 3, 4])
    rate(world, ben, phrases[:2], [2, 1])
    Skip.objects.create(room=world.room, listener=ben, individual=phrases[3], client_id=uuid4(), reason="other")
    come(valkey, world, ben, cleo)
    found = told(world)
    assert (found["generation"], found["n_here"], found["n_listeners"]) == (0, 2, 3)
    assert [(one["number"], one["given"], one["others"]) for one in found["phrases"]] == [
        (1, 2, 0), (2, 2, 0), (3, 1, 0), (4, 1, 0),
    ]  # fmt: skip
    by_name = {one["name"]: one for one in found["listeners"]}
    assert by_name["Ada"]["cells"] == [5, 0, 3, 4]
    assert by_name["Ben"]["cells"] == [2, 1, None, -1]
    assert by_name[""]["cells"] == [None] * 4
    assert [by_name[name]["is_here"] for name in ("Ada", "Ben", "")] == [False, True, True]
    assert [by_name[name]["number"] for name in ("Ada", "Ben", "")] == [1, 2, None]
    assert [alert["kind"] for alert in found["alerts"]] == ["out_of_reach"]  # the third phrase: one rating, Ben, Cleo


def test_agreement_and_the_expected_error_are_the_models(valkey: "Redis") -> None:
    world = make_world(size=8)
    crowd(world, 6)
    found = dashboard_of(world.room)
    assert found.agreement is not None
    assert 0.5 < found.agreement < 1
    assert found.expected_error is not None
    assert 0 <= found.expected_error < 1


def test_who_clicks_is_flagged_with_a_reason_and_asks_for_a_hand_until_set_aside() -> None:
    world = make_world(size=12, quorum=9)
    crowd(world, 4)
    clicker = Listener.objects.create(name="Constantin")
    rate(world, clicker, new_in(world.newest), [3] * 12)
    found = told(world)
    by_name = {one["name"]: one for one in found["listeners"]}
    assert by_name["Constantin"]["flag"] == "constant"
    assert {one["flag"] for name, one in by_name.items() if name != "Constantin"} == {None}
    alert = next(one for one in found["alerts"] if one["kind"] == "clicker")
    assert alert["listener"] == by_name["Constantin"]["number"] == 5
    assert alert["text"].startswith("Constantin: gave 3 to 12 of 12")
    SetAside.objects.create(population=world.population, listener=clicker)
    found = told(world)
    assert "clicker" not in {one["kind"] for one in found["alerts"]}
    assert {one["given"] for one in found["phrases"]} == {4}
    assert next(one for one in found["listeners"] if one["name"] == "Constantin")["is_set_aside"]


def test_the_pace_is_of_whole_minutes_with_the_newest_last() -> None:
    world = make_world(size=4, quorum=9)
    crowd(world, 3)
    this = timezone.now().replace(second=0, microsecond=0)
    pks = list(Rating.objects.order_by("pk").values_list("pk", flat=True))
    for minutes_ago, some in ((0, pks[:5]), (2, pks[5:8]), (PACE_MINUTES - 1, pks[8:9]), (PACE_MINUTES, pks[9:])):
        Rating.objects.filter(pk__in=some).update(created_at=this - timedelta(minutes=minutes_ago))
    pace = dashboard_of(world.room).pace
    assert len(pace) == PACE_MINUTES
    assert pace in ([1, *[0] * 26, 3, 0, 5], [*[0] * 26, 3, 0, 5, 0])  # a minute may have passed meanwhile


def test_another_room_of_the_population_counts_for_the_phrases_and_has_a_page_of_its_own() -> None:
    world = make_world(size=4)
    other = services.open_room(owner_id=world.host.pk, population_id=world.population.pk)
    crowd(world, 2)
    found = dashboard_of(other)
    assert found.listeners == []
    assert [one.given for one in found.phrases] == [2, 2, 2, 2]


def test_of_a_full_room_the_latest_are_named_and_the_others_told_of_as_one(valkey: "Redis") -> None:
    world = make_world(size=10, quorum=1000)
    listeners = crowd(world, 1000)
    come(valkey, world, *listeners)
    answer = signed_in(world.host).get(f"/api/v1/rooms/{world.room.code}/dashboard/")
    found = answer.json()
    assert (found["n_listeners"], found["n_here"], len(found["listeners"])) == (1000, 1000, LISTENERS_MAX)
    assert len(answer.content) < 40_000
    named = [one["cells"] for one in found["listeners"]]
    for place, phrase in enumerate(found["phrases"]):
        assert (phrase["given"], phrase["others"]) == (1000, 1000 - LISTENERS_MAX)
        values = list(Rating.objects.filter(individual=phrase["id"]).values_list("value", flat=True))
        hidden = sum(values) - sum(cells[place] for cells in named)
        assert phrase["others_mean"] == pytest.approx(hidden / phrase["others"])
    assert [alert["kind"] for alert in found["alerts"]] == []


def test_beside_many_phrases_fewer_listeners_are_named() -> None:
    world = make_world(size=200, quorum=9)
    crowd(world, 30, phrases=20)
    found = dashboard_of(world.room)
    assert sum(len(one.cells) for one in found.listeners) <= CELLS_MAX
    assert len(found.listeners) == 12
    assert sum(one.others for one in found.phrases) == 18 * 20


@pytest.mark.parametrize("count", [3, 70])
def test_it_takes_as_many_queries_for_few_listeners_as_for_many(
    django_assert_max_num_queries: DjangoAssertNumQueries, valkey: "Redis", count: int
) -> None:
    world = make_world(size=6, quorum=99)
    come(valkey, world, *crowd(world, count))
    with django_assert_max_num_queries(31):
        dashboard_of(world.room)
    with django_assert_max_num_queries(15):  # the model has nothing new to look at
        dashboard_of(world.room)


def test_the_model_looks_seldom_however_often_it_is_asked(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    world = make_world(size=6, quorum=99)
    crowd(world, 3)
    dashboard_of(world.room)
    crowd(world, 4)
    with django_assert_max_num_queries(15):
        found = dashboard_of(world.room)
    assert found.phrases[0].given == 7  # what is counted is of now
    assert sum(one.number is None for one in found.listeners) == 4


def test_between_two_generations_nothing_is_to_be_rated_and_who_is_here_is_told(valkey: "Redis") -> None:
    world = make_world(quorum=1)
    ada = Listener.objects.create(name="Ada")
    rate(world, ada, new_in(world.newest), [4, 3, 2, 1])
    services.close_if_complete(generation_id=world.newest.pk)
    come(valkey, world, ada)
    found = told(world)
    assert (found["generation"], found["phrases"], found["alerts"]) == (None, [], [])
    assert [one["name"] for one in found["listeners"]] == ["Ada"]
    assert sum(found["pace"]) == 4
    breeding.breed(generation_id=world.newest.pk)
    assert told(world)["generation"] == 1
    assert json.dumps(told(world)["rule"]) == json.dumps(found["rule"])
