"""Rehearsals that a host orders: on a clone, over real sockets, told live, stopped, deleted, and never mixed in."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from antiphon.accounts.models import Listener, User
from antiphon.core.jobs import Kind
from antiphon.listening import services as listening
from antiphon.listening.judging.gathering import gather
from antiphon.listening.models import Rating, Rehearsal, Room
from antiphon.listening.rehearsal import job
from antiphon.listening.rehearsal.doors import Door
from antiphon.populations import breeding
from antiphon.populations.models import Individual, Population
from antiphon.workers.models import Job
from antiphon.workers.services import claim, expire
from tests.antiphon.hosts import signed_in
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.rehearsed import wait_until, working
from tests.antiphon.listening.serving import serving
from tests.antiphon.listening.worlds import World, make_population, make_world

pytestmark = pytest.mark.django_db(transaction=True)
ORDER = {"listeners": 5, "minutes": 1.0, "pace_seconds": 0.5}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with serving() as door:
        yield door


@pytest.fixture
def at_the_door(door: Door, settings: Any) -> None:
    settings.WEB_URL = f"http://{door.host}:{door.port}"


def address_of(world: World) -> str:
    return f"/api/v1/rooms/{world.room.code}/rehearsals/"


def order(world: World, **changes: Any) -> Rehearsal:
    """A rehearsal as ordered over the API; as short as a test has time for."""
    answer = signed_in(world.host).post(address_of(world), ORDER | changes, format="json")
    assert answer.status_code == 201, answer.json()
    rehearsal = Rehearsal.objects.get(pk=answer.json()["id"])
    Rehearsal.objects.filter(pk=rehearsal.pk).update(minutes=0.12, pace_seconds=0.05)
    return rehearsal


def seed_clone(rehearsal: Rehearsal) -> None:
    breeding.seed(**Job.objects.get(kind="seed", payload__population_id=rehearsal.room.population_id).payload)


def see(world: World, rehearsal: Rehearsal) -> dict[str, Any]:
    shown: dict[str, Any] = signed_in(world.host).get(f"{address_of(world)}{rehearsal.pk}/").json()
    return shown


def test_a_rehearsal_is_a_room_of_its_own_on_a_clone_with_the_newest_phrases() -> None:
    world = make_world()
    Room.objects.filter(pk=world.room.pk).update(has_duels=True, has_repeats=False, tags=["calm"], consent_text="Mine")
    rehearsal = order(world)
    seed_clone(rehearsal)
    clone, room = rehearsal.room.population, Room.objects.get(pk=rehearsal.room_id)
    assert (clone.is_rehearsal, clone.is_clone, clone.source, clone.name) == (
        True, True, world.population, "Rehearsal of Evening",
    )  # fmt: skip
    assert [one.genome for one in new_in(clone.generations.get())] == [one.genome for one in new_in(world.newest)]
    assert (room.has_duels, room.has_repeats, room.tags, room.consent_text) == (True, False, ["calm"], "Mine")
    assert room.name == "Rehearsal of The kitchen"
    rooms = {one["code"]: one for one in signed_in(world.host).get("/api/v1/rooms/").json()}
    assert [rooms[one.code]["population"]["is_rehearsal"] for one in (room, world.room)] == [True, False]
    shown = see(world, rehearsal)
    assert (shown["state"], shown["room"], shown["population"], shown["figures"]) == (
        "waiting", room.code, clone.pk, None,
    )  # fmt: skip
    assert [one["id"] for one in signed_in(world.host).get(address_of(world)).json()] == [rehearsal.pk]


@pytest.mark.usefixtures("at_the_door")
def test_simulated_listeners_rate_the_clone_and_see_generations_bred_while_the_original_hears_nothing() -> None:
    world = make_world(size=4, quorum=2)
    person = Listener.objects.create(name="Ada")
    rate(world, person, new_in(world.newest)[:1], [4])
    rehearsal = order(world)
    Rehearsal.objects.filter(pk=rehearsal.pk).update(minutes=0.25)
    with working(Kind.SEED, Kind.BREED, Kind.REHEARSE):
        wait_until(lambda: Rehearsal.objects.get(pk=rehearsal.pk).is_over, 90)
    shown = see(world, rehearsal)
    figures = shown["figures"]
    assert (shown["state"], shown["reason"], figures["listeners"]) == ("done", "", 5)
    assert figures["ratings"] > 20
    assert figures["generations"] > 0
    assert figures["kept"] == {"lost": 0, "doubled": 0, "altered": 0}
    assert figures["p99_ms"] >= figures["p50_ms"] > 0

    clone = rehearsal.room.population
    assert clone.generations.count() > 1
    simulated = Rating.objects.filter(listener__is_simulated=True)
    assert simulated.filter(individual__generation__population=clone).count() == simulated.count() > 0
    of_world = Rating.objects.filter(individual__generation__population=world.population)
    assert list(of_world.values_list("listener_id", flat=True)) == [person.pk]
    assert gather(world.newest).listeners == (person.pk,)
    assert not Rating.objects.filter(room=world.room).exclude(listener=person).exists()
    told = signed_in(world.host).get(f"/api/v1/populations/{clone.pk}/listeners/").json()
    assert told["listeners"]
    assert all(one["is_simulated"] for one in told["listeners"])
    mine = signed_in(world.host).get(f"/api/v1/populations/{world.population.pk}/listeners/").json()
    assert [one["is_simulated"] for one in mine["listeners"]] == [False]
    assert Job.objects.get(kind="rehearse").state == "done"


@pytest.mark.usefixtures("at_the_door")
def test_a_rehearsal_that_is_stopped_ends_soon_and_keeps_its_figures() -> None:
    world = make_world(size=8, quorum=100)
    rehearsal = order(world)
    Rehearsal.objects.filter(pk=rehearsal.pk).update(minutes=5.0)
    with working(Kind.SEED, Kind.REHEARSE):
        wait_until(lambda: Rehearsal.objects.get(pk=rehearsal.pk).figures.get("ratings", 0) > 5)
        assert see(world, rehearsal)["state"] == "running"
        assert see(world, rehearsal)["figures"]["kept"] is None
        answer = signed_in(world.host).post(f"{address_of(world)}{rehearsal.pk}/stop/")
        assert answer.status_code == 200
        wait_until(lambda: Rehearsal.objects.get(pk=rehearsal.pk).is_over)
    shown = see(world, rehearsal)
    assert shown["state"] == "stopped"
    assert shown["figures"]["kept"] == {"lost": 0, "doubled": 0, "altered": 0}
    assert shown["figures"]["seconds"] < 25


def test_a_rehearsal_that_waits_is_stopped_at_once() -> None:
    world = make_world()
    rehearsal = order(world)
    signed_in(world.host).post(f"{address_of(world)}{rehearsal.pk}/stop/")
    assert see(world, rehearsal)["state"] == "stopped"
    assert job.rehearse({"rehearsal_id": rehearsal.pk}) == {}


@pytest.mark.usefixtures("at_the_door")
def test_one_press_deletes_all_that_was_made_for_it_also_while_it_goes_on() -> None:
    world = make_world(size=8, quorum=100)
    person = Listener.objects.create(name="Ada")
    rate(world, person, new_in(world.newest)[:1], [4])
    rehearsal = order(world)
    Rehearsal.objects.filter(pk=rehearsal.pk).update(minutes=5.0)
    with working(Kind.SEED, Kind.REHEARSE):
        wait_until(lambda: Rehearsal.objects.get(pk=rehearsal.pk).figures.get("ratings", 0) > 5)
        assert signed_in(world.host).delete(f"{address_of(world)}{rehearsal.pk}/").status_code == 204
        wait_until(lambda: Job.objects.get(kind="rehearse").is_over)
    assert not Rehearsal.objects.exists()
    assert list(Room.objects.all()) == [world.room]
    assert list(Population.objects.all()) == [world.population]
    assert list(Listener.objects.all()) == [person]
    assert Rating.objects.count() == 1
    assert Individual.objects.filter(generation__population=world.population).count() == 8


def test_a_host_has_one_rehearsal_at_a_time_and_the_platform_two() -> None:
    worlds = [make_world() for _ in range(3)]
    first = order(worlds[0])
    again = signed_in(worlds[0].host).post(address_of(worlds[0]), ORDER, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "rehearsal_under_way")
    order(worlds[1])
    third = signed_in(worlds[2].host).post(address_of(worlds[2]), ORDER, format="json")
    assert (third.status_code, third["Retry-After"]) == (503, "60")
    signed_in(worlds[0].host).post(f"{address_of(worlds[0])}{first.pk}/stop/")
    order(worlds[2])
    assert Population.objects.filter(is_rehearsal=True).count() == 3


@pytest.mark.parametrize(
    "changes", [{"listeners": 4}, {"listeners": 201}, {"minutes": 0.5}, {"minutes": 11}, {"pace_seconds": 0.1}]
)
def test_bounds_are_held(changes: dict[str, Any]) -> None:
    world = make_world()
    assert signed_in(world.host).post(address_of(world), ORDER | changes, format="json").status_code == 400
    assert not Rehearsal.objects.exists()


def test_what_has_no_phrases_yet_or_is_a_rehearsal_itself_is_not_rehearsed() -> None:
    world = make_world()
    unseeded = make_population(world.host, is_seeded=False)
    empty = listening.open_room(owner_id=world.host.pk, population_id=unseeded.pk)
    client: APIClient = signed_in(world.host)
    answer = client.post(f"/api/v1/rooms/{empty.code}/rehearsals/", ORDER, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cloned")
    rehearsal = order(world)
    client.post(f"{address_of(world)}{rehearsal.pk}/stop/")
    answer = client.post(f"/api/v1/rooms/{rehearsal.room.code}/rehearsals/", ORDER, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cloned")


def test_a_rehearsal_whose_web_process_cannot_be_reached_ends_without_ratings(settings: Any) -> None:
    settings.WEB_URL = "http://127.0.0.1:9"  # the port that discards
    world = make_world()
    rehearsal = order(world)
    seed_clone(rehearsal)
    job.rehearse({"rehearsal_id": rehearsal.pk})
    shown = see(world, rehearsal)
    assert (shown["state"], shown["figures"]["ratings"], shown["figures"]["connections"]) == ("done", 0, 0)
    assert shown["figures"]["reconnections"] > 0


@pytest.mark.usefixtures("at_the_door")
def test_a_rehearsal_goes_on_with_the_same_listeners_for_the_time_that_is_left_when_its_worker_died() -> None:
    world = make_world(size=8, quorum=100)
    rehearsal = order(world)
    seed_clone(rehearsal)
    Rehearsal.objects.filter(pk=rehearsal.pk).update(minutes=1.0)
    begun = job._begun(rehearsal.pk)  # and the worker dies
    assert begun is not None
    Rehearsal.objects.filter(pk=rehearsal.pk).update(started_at=timezone.now() - timedelta(seconds=55))
    job.rehearse({"rehearsal_id": rehearsal.pk})
    over = Rehearsal.objects.get(pk=rehearsal.pk)
    assert (over.state, over.listener_ids) == ("done", begun.listener_ids)
    assert 0 < over.figures["seconds"] < 20
    assert over.figures["ratings"] > 0


def test_a_rehearsal_that_nobody_takes_up_any_more_is_failed_with_the_reason() -> None:
    world = make_world()
    rehearsal = order(world)
    seed_clone(rehearsal)
    held = claim(job_id=rehearsal.job_id or 0, node=None)
    held.job.attempts = 3
    with transaction.atomic():
        expire(held.job)
    shown = see(world, rehearsal)
    assert (shown["state"], "fell silent" in shown["reason"]) == ("failed", True)
    assert User.objects.filter(pk=world.host.pk).exists()
