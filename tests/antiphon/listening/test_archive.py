"""What leaves a room in its population's archive: every answer, labelled, and nobody's name."""

import csv
import io
import zipfile
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.plays import Kind
from antiphon.listening.judging.giving import given_answers
from antiphon.listening.models import Duel, Rating, SetAside
from tests.antiphon.hosts import signed_in
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db


def said_world() -> World:
    """Two who rate; one hears a phrase again and fights a duel, the other is set aside."""
    world = make_world()
    first, second = Listener.objects.create(name="Zebulon"), Listener.objects.create(name="Yolanda")
    phrases = new_in(world.newest)
    rate(world, first, phrases, [1, 2, 3, 4])
    rate(world, second, phrases[:2], [5, 0])
    Rating.objects.create(
        room=world.room, listener=first, individual=phrases[2], value=4, kind=Kind.REPEAT, occasion=1, client_id=uuid4()
    )
    Duel.objects.create(
        room=world.room, listener=first, generation=world.newest, left=phrases[3], right=phrases[0],
        choice=Duel.Choice.LEFT, client_id=uuid4(),
    )  # fmt: skip
    SetAside.objects.create(population=world.population, listener=second)
    return world


def test_ratings_say_what_kind_they_are_and_whether_they_count() -> None:
    world = said_world()
    answer = signed_in(world.host).get(f"/api/v1/populations/{world.population.pk}/archive/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        ratings, duels = (
            list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode()))) for name in ("ratings", "duels")
        )
        texts = [archive.read(name).decode() for name in archive.namelist()]
    assert [(row["listener"], row["value"], row["kind"], row["is_set_aside"]) for row in ratings] == [
        ("1", "1", "new", "False"), ("1", "2", "new", "False"), ("1", "3", "new", "False"), ("1", "4", "new", "False"),
        ("2", "5", "new", "True"), ("2", "0", "new", "True"), ("1", "4", "repeat", "False"),
    ]  # fmt: skip
    assert ratings[-1]["heard_in"] == "0"
    (duel,) = duels
    assert (duel["listener"], duel["left_index"], duel["right_index"], duel["choice"]) == ("1", "3", "0", "left")
    assert not [name for name in ("Zebulon", "Yolanda") if any(name in text for text in texts)]


def test_answers_are_read_in_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    world = said_world()
    with django_assert_num_queries(2):
        given = given_answers(world.population.pk)
    assert (len(given.ratings), len(given.duels)) == (7, 1)
