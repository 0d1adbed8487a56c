"""Rooms over the API, and who may do what."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from antiphon.listening import services
from antiphon.listening.codes import ALPHABET, CODE_LENGTH
from antiphon.listening.models import Rating, Room
from antiphon.listening.selectors import rooms_of, view_rooms
from tests.antiphon.listening.test_closing import rate_all
from tests.antiphon.listening.worlds import make_host, make_world

pytestmark = pytest.mark.django_db


def signed_in(host: object) -> Client:
    client = Client()
    client.force_login(host)  # type: ignore[arg-type]
    return client


def test_a_host_opens_a_room_and_shares_its_link() -> None:
    world = make_world()
    client = signed_in(world.host)
    answer = client.post(
        "/api/v1/rooms/", {"population": world.population.pk, "name": "Garden"}, content_type="application/json"
    )
    assert answer.status_code == 201
    room = answer.json()
    assert len(room["code"]) == CODE_LENGTH
    assert set(room["code"]) <= set(ALPHABET)
    assert room["link"].endswith(f"/r/{room['code']}/")
    assert room["population"] == {"id": world.population.pk, "name": "Evening", "is_rehearsal": False}
    assert room["progress"] == {
        "generation": 0, "size": 4, "complete": 0, "quorum": 2, "ratings": 0, "needed": 8,
        "expected_error": None, "wanted_error": None, "minutes": None, "closes_at": None,
    }  # fmt: skip
    qr = client.get(f"/api/v1/rooms/{room['code']}/qr.svg")
    assert qr["Content-Type"] == "image/svg+xml"
    assert b"<svg" in qr.content


def test_rooms_are_listed_with_their_figures_in_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    world = make_world()
    for _ in range(5):
        services.open_room(owner_id=world.host.pk, population_id=world.population.pk)
    rate_all(world, n_listeners=1)
    with django_assert_num_queries(4):
        rooms = view_rooms(rooms_of(owner_id=world.host.pk))
    assert len(rooms) == 6
    assert [room.ratings for room in rooms if room.code == world.room.code] == [4]
    assert {room.here for room in rooms} == {0}


def test_a_room_is_paused_and_an_unknown_state_is_refused() -> None:
    world = make_world()
    client = signed_in(world.host)
    address = f"/api/v1/rooms/{world.room.code}/state/"
    answer = client.post(address, {"state": "paused"}, content_type="application/json")
    assert answer.json()["state"] == "paused"
    assert Room.objects.get(pk=world.room.pk).state == "paused"
    wrong = client.post(address, {"state": "ajar"}, content_type="application/json")
    assert wrong.status_code == 400
    assert "state" in wrong.json()["fields"]


def test_closing_by_hand_answers_with_the_generation_or_why_not() -> None:
    world = make_world(quorum=9)
    client = signed_in(world.host)
    address = f"/api/v1/populations/{world.population.pk}/generations/0/close/"
    early = client.post(address)
    assert (early.status_code, early.json()["code"]) == (409, "nothing_rated")
    rate_all(world, n_listeners=1)
    done = client.post(address)
    assert done.status_code == 200
    assert done.json()["is_closed"]
    assert done.json()["ratings"] == 4
    again = client.post(address)
    assert (again.status_code, again.json()["code"]) == (409, "generation_closed")


def test_nobody_else_may_see_or_change_a_hosts_populations_and_rooms() -> None:
    world = make_world()
    rate_all(world, n_listeners=1)
    population, room = world.population.pk, world.room.code
    individual = world.newest.individuals.all()[0].pk
    table = [
        ("get", f"/api/v1/populations/{population}/", {}),
        ("delete", f"/api/v1/populations/{population}/", {}),
        ("get", f"/api/v1/populations/{population}/archive/", {}),
        ("get", f"/api/v1/populations/{population}/listeners/", {}),
        ("get", f"/api/v1/populations/{population}/generations/0/", {}),
        ("get", f"/api/v1/populations/{population}/generations/0/midi.zip", {}),
        ("post", f"/api/v1/populations/{population}/generations/0/close/", {}),
        ("get", f"/api/v1/individuals/{individual}/midi/", {}),
        ("get", f"/api/v1/rooms/{room}/", {}),
        ("post", f"/api/v1/rooms/{room}/state/", {"state": "closed"}),
        ("get", f"/api/v1/rooms/{room}/qr.svg", {}),
        ("post", "/api/v1/rooms/", {"population": population}),
        ("post", "/api/v1/populations/", {"name": "A branch", "from_individual": individual}),
    ]
    own_lists = ["/api/v1/populations/", "/api/v1/rooms/"]
    stranger, operator, nobody = make_host(), make_host(), Client()
    operator.is_staff = operator.is_superuser = True
    operator.save()
    for method, address, body in table:
        for other in (stranger, operator):
            answer = getattr(signed_in(other), method)(address, body, content_type="application/json")
            assert answer.status_code == 404, (method, address)
        assert getattr(nobody, method)(address, body, content_type="application/json").status_code == 401, address
    for address in own_lists:
        assert signed_in(stranger).get(address).json() == []
        assert nobody.get(address).status_code == 401
    assert not world.newest.is_closed
    assert Rating.objects.count() == 4
    assert Room.objects.get(code=room).state == "open"


def test_a_change_without_a_csrf_token_is_refused() -> None:
    world = make_world()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.host)
    answer = client.post("/api/v1/rooms/", {"population": world.population.pk}, content_type="application/json")
    assert answer.status_code == 403
    assert Room.objects.count() == 1
