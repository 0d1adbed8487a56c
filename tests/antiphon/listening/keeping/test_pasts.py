"""What is known of listeners who come into a room together: each is told their own, in one look at the database."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from antiphon.accounts.consent import STANDARD_VERSION, accept, asked
from antiphon.accounts.models import Listener
from antiphon.accounts.services import cookie_for, listener_id_in, listeners_called
from antiphon.listening.assigning.plays import Kind
from antiphon.listening.keeping.pasts import Newcomer, Past, pasts_of
from antiphon.listening.live.snapshots import room_snapshot
from antiphon.listening.models import Duel, Rating, Skip
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def listener() -> Listener:
    return Listener.objects.create(name="Ada")


def rate(world: World, who: Listener, place: int, value: int) -> None:
    individual = world.newest.individuals.order_by("index")[place]
    Rating.objects.create(
        room=world.room, listener=who, individual=individual, value=value, client_id=uuid4(), heard_ms=900
    )


def pasts(world: World, *listeners: Listener) -> list[Past]:
    room = room_snapshot(world.room.code)
    assert room is not None
    return pasts_of([Newcomer(one.pk, room.population_id, room.generation, STANDARD_VERSION) for one in listeners])


def test_each_is_told_what_they_said_themselves_and_in_the_order_in_which_they_said_it(world: World) -> None:
    one, other, newcomer = listener(), listener(), listener()
    left, right, *_ = world.newest.individuals.order_by("index")
    accept(listener_id=one.pk, wanted=asked(""), version=STANDARD_VERSION, language="en")
    rate(world, one, 1, 4)
    rate(world, other, 0, 2)
    rate(world, one, 0, 5)
    Skip.objects.create(
        room=world.room, listener=other, individual=right, reason="unpleasant", client_id=uuid4(), heard_ms=300
    )
    Duel.objects.create(
        room=world.room,
        generation=world.newest,
        listener=one,
        left=left,
        right=right,
        choice="left",
        heard_left_ms=1,
        heard_right_ms=1,
        client_id=uuid4(),
    )
    first, nobody, second = pasts(world, one, newcomer, other)
    assert [said.value for said in first.said] == [4, 5]
    assert [(said.value, said.reason) for said in second.said] == [(2, None), (None, "unpleasant")]
    assert [heard.listener_id for heard in first.heard] == [one.pk, one.pk]
    assert [(heard.play.kind, heard.is_rating) for heard in second.heard] == [(Kind.NEW, True), (Kind.NEW, False)]
    assert (first.fought, second.fought) == ((frozenset({left.pk, right.pk}),), ())
    assert (first.has_consented, second.has_consented, nobody.has_consented) == (True, False, False)
    assert (nobody.said, nobody.heard, nobody.fought) == ((), (), ())


def test_a_full_hall_that_comes_back_is_looked_up_with_as_few_queries_as_one(world: World) -> None:
    crowd = [listener() for _ in range(20)]
    for number, one in enumerate(crowd):
        rate(world, one, number % 4, number % 6)
    room = room_snapshot(world.room.code)
    assert room is not None
    with CaptureQueriesContext(
        connection,
    ) as alone:
        pasts(world, crowd[0])
    with CaptureQueriesContext(connection) as together:
        found = pasts(world, *crowd)
    assert len(together) == len(alone)
    assert [past.said[0].value for past in found] == [number % 6 for number in range(20)]


def test_who_comes_into_many_rooms_is_looked_up_together_and_told_of_their_own_room_alone() -> None:
    worlds = [make_world() for _ in range(3)]
    both = listener()
    for number, world in enumerate(worlds[:2]):
        rate(world, both, 0, number)
    newcomers = []
    for world, who in zip(worlds, (both, listener(), listener()), strict=True):
        room = room_snapshot(world.room.code)
        assert room is not None
        newcomers.append(Newcomer(who.pk, room.population_id, room.generation, STANDARD_VERSION))
    with CaptureQueriesContext(connection) as one_room:
        pasts_of(newcomers[:1])
    with CaptureQueriesContext(connection) as three_rooms:
        found = pasts_of(newcomers)
    assert len(three_rooms) == len(one_room) == 3
    assert [[said.value for said in past.said] for past in found] == [[0], [], []]
    assert [len(past.heard) for past in found] == [1, 0, 0]
    assert [past.generation for past in found] == [one.generation for one in newcomers]


def test_a_phrase_that_was_skipped_and_then_rated_was_rated(world: World) -> None:
    one = listener()
    first, second, *_ = world.newest.individuals.order_by("index")
    for skipped in (first, second):
        Skip.objects.create(
            room=world.room, listener=one, individual=skipped, reason="other", client_id=uuid4(), heard_ms=300
        )
    rate(world, one, 0, 4)
    (past,) = pasts(world, one)
    assert [(said.play.individual_id, said.value) for said in past.said] == [(second.pk, None), (first.pk, 4)]


def test_listeners_are_found_by_their_cookies_in_the_order_in_which_they_were_asked_for(world: World) -> None:
    one, other, gone = listener(), listener(), listener()
    ids = [listener_id_in(cookie_for(who)) for who in (other, gone, one)]
    gone.delete()
    assert listeners_called([found for found in ids if found is not None]) == [other, None, one]
    assert listener_id_in("forged") is None
    assert listener_id_in(None) is None
