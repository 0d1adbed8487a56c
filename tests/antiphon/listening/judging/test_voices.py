"""What a host is told of listeners, and what leaves in an archive without their names."""

import csv
import io
import json
import zipfile
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.assigning.plays import Play
from antiphon.listening.judging.voices import voices_of
from antiphon.listening.keeping.ratings import NewRating, write_ratings
from antiphon.listening.models import Rating
from antiphon.populations import breeding
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db
NAMES = ("Ada", "Benedikt", "Cleopatra", "Dandelion", "Constantin")


def rated_world(generations: int = 1) -> World:
    """Four who agree with one another and one who always gives 3, over some generations."""
    world, rng = make_world(size=12), np.random.default_rng(0)
    listeners = [Listener.objects.create(name=name) for name in NAMES]
    for _ in range(generations):
        generation = world.newest
        write_ratings(
            [
                NewRating(
                    room_id=world.room.pk,
                    population_id=world.population.pk,
                    listener_id=listener.pk,
                    play=Play(one.pk, one.generation_id),
                    value=3 if listener is listeners[-1] else int(np.clip(one.index / 2 + rng.normal() / 3, 0, 5)),
                    client_id=uuid4(),
                    heard_ms=1000,
                )
                for listener in listeners
                for one in generation.individuals.filter(first=None)
            ]
        )
        services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=generation.number)
        breeding.breed(generation_id=generation.pk)
    return world


def signed_in(host: object) -> Client:
    client = Client()
    client.force_login(host)  # type: ignore[arg-type]
    return client


def test_somebody_who_always_answers_the_same_is_flagged_with_a_reason() -> None:
    world = rated_world()
    answer = signed_in(world.host).get(f"/api/v1/populations/{world.population.pk}/listeners/")
    assert answer.status_code == 200
    told = answer.json()
    assert told["generation"] == 0
    assert [one["number"] for one in told["listeners"]] == [1, 2, 3, 4, 5]
    by_name = {one["name"]: one for one in told["listeners"]}
    assert {name: one["n_ratings"] for name, one in by_name.items()} == dict.fromkeys(NAMES, 12)
    *steady, clicker = (by_name[name] for name in NAMES)
    assert clicker["flag"] == "constant"
    assert "gave 3 to 12 of 12" in clicker["reason"]
    assert clicker["weight"] < 0.5 < min(one["weight"] for one in steady)
    assert {one["flag"] for one in steady} == {None}
    assert clicker["largest_change"] < max(one["largest_change"] for one in steady)


def test_listeners_are_read_in_a_fixed_number_of_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    world = rated_world(2)
    with django_assert_num_queries(8):
        assert len(voices_of(world.population).listeners) == 5


def test_before_anybody_has_rated_there_is_nobody() -> None:
    world = make_world()
    told = signed_in(world.host).get(f"/api/v1/populations/{world.population.pk}/listeners/").json()
    assert told == {"generation": None, "listeners": []}


def test_an_archive_names_nobody_and_replays(tmp_path: Path) -> None:
    world = rated_world(3)
    answer = signed_in(world.host).get(f"/api/v1/populations/{world.population.pk}/archive/")
    assert answer["Content-Type"] == "application/zip"
    file = tmp_path / "evening.zip"
    file.write_bytes(answer.content)
    with zipfile.ZipFile(file) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    secrets = [*NAMES, *(str(pk) for pk in Listener.objects.values_list("pk", flat=True)), world.host.email]
    for text in texts.values():
        assert not [secret for secret in secrets if secret in text]
    rows = list(csv.DictReader(io.StringIO(texts["ratings.csv"])))
    assert len(rows) == Rating.objects.count()
    assert {row["listener"] for row in rows} == {"1", "2", "3", "4", "5"}
    facts = json.loads(texts["population.json"])
    assert facts["frame"] == world.population.frame
    assert facts["program"]
    individuals = json.loads(texts["individuals.json"])
    assert len(individuals) == 4 * 12
    assert individuals[0]["fitness"] is not None

    world.population.delete()
    out = io.StringIO()
    call_command("replay", archive=file, stdout=out)
    assert "48 phrases came out the same" in out.getvalue()
