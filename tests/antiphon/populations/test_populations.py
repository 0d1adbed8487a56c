"""Populations: from an order to a first generation, over the API and back as MIDI."""

import csv
import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from numpy.random import default_rng
from pytest_django import DjangoAssertNumQueries

from antiphon.accounts.models import User
from antiphon.core.errors import Invalid, NotFound
from antiphon.core.jobs import Kind, handler_for
from antiphon.populations import breeding, exports, selectors, services
from antiphon.populations.models import Generation, Individual, Population
from antiphon.populations.services import PopulationOrder
from antiphon.training.models import Checkpoint, Sample, TrainingRun
from antiphon.training.services import purpose_of
from antiphon.workers.models import Job
from evolution.frame import Frame
from evolution.genome import Genome, express
from evolution.seeding import random_genome
from generation.score.midi import read
from generation.score.notes import Score

pytestmark = pytest.mark.django_db

ORDER = PopulationOrder(
    name="Evening",
    checkpoint_id=None,
    frame={"bars": 2, "notes_per_bar": 4, "key": "D", "scale": "dorian", "tempo_bpm": 96.0, "program": 24},
    settings={"size": 6, "mutations": 2},
    quorum=2,
    seed=11,
)


@pytest.fixture
def host() -> User:
    return User.objects.create_user("host@example.org")


@pytest.fixture
def client(host: User) -> Client:
    client = Client()
    client.force_login(host)
    return client


def seeded(host: User, order: PopulationOrder = ORDER) -> Population:
    population = services.create_population(owner_id=host.pk, order=order)
    breeding.seed(population_id=population.pk, sample_job_id=None)
    population.refresh_from_db()
    return population


def checkpoint_of(host: User) -> Checkpoint:
    run = TrainingRun.objects.create(owner=host, name="First run", preset="quick", seed=1)
    return Checkpoint.objects.create(run=run, file="x", n_bytes=1, sha256="0" * 64, epoch=1, loss=1.0)


def test_a_population_without_a_checkpoint_is_seeded_in_its_scale_once(host: User) -> None:
    population = services.create_population(owner_id=host.pk, order=ORDER)
    job = Job.objects.get(kind="seed")
    assert job.payload == {"population_id": population.pk, "sample_job_id": None}
    run = handler_for(Kind.SEED).run
    assert run is not None
    assert run(job.payload) == run(job.payload)
    population.refresh_from_db()
    assert population.state == "ready"
    individuals = list(Individual.objects.order_by("index"))
    assert len(individuals) == 6
    assert {individual.operator for individual in individuals} == {"random"}
    frame = Frame.from_json(population.frame)
    for individual in individuals:
        assert Score.from_json(individual.score) == express(Genome.from_json(individual.genome), frame)


def test_the_same_seed_gives_the_same_first_generation(host: User) -> None:
    first, second = (
        list(seeded(host).generations.get().individuals.values_list("genome", flat=True)) for _ in range(2)
    )
    assert first == second


def test_a_checkpoint_is_asked_for_samples_that_become_phrases(host: User) -> None:
    checkpoint = checkpoint_of(host)
    population = services.create_population(owner_id=host.pk, order=replace(ORDER, checkpoint_id=checkpoint.pk))
    job = Job.objects.get(kind="sample")
    assert job.payload["purpose"] == "seed"
    assert job.payload["population_id"] == population.pk
    assert job.payload["settings"]["tempo_bpm"] == 96.0
    frame = Frame.from_json(population.frame)
    samples = [
        Sample.objects.create(
            checkpoint=checkpoint,
            job_id=job.pk,
            index=index,
            score=express(random_genome(frame, default_rng(index)), frame).to_json(),
        )
        for index in range(8)
    ]
    purpose = purpose_of(job.payload)
    assert purpose is not None
    purpose.drawn(job.payload, samples)
    run = handler_for(Kind.SEED).run
    assert run is not None
    run(Job.objects.get(kind="seed").payload)
    grown = [individual for individual in Individual.objects.all() if individual.sample_id is not None]
    assert grown
    assert {individual.operator for individual in grown} == {"sample"}
    view = selectors.view_generation(selectors.generation_of(owner_id=host.pk, population_id=population.pk, number=0))
    origins = [individual.origin for individual in view.individuals if individual.origin is not None]
    assert {origin.run for origin in origins} == {"First run"}


def test_samples_that_do_not_come_are_told_on_the_population(host: User) -> None:
    checkpoint = checkpoint_of(host)
    population = services.create_population(owner_id=host.pk, order=replace(ORDER, checkpoint_id=checkpoint.pk))
    payload = Job.objects.get(kind="sample").payload
    purpose = purpose_of(payload)
    assert purpose is not None
    purpose.failed(payload, "the checkpoint is damaged")
    population.refresh_from_db()
    assert (population.state, population.reason) == ("failed", "No samples came: the checkpoint is damaged")


def test_another_hosts_checkpoint_is_not_found(host: User) -> None:
    other = checkpoint_of(User.objects.create_user("other@example.org"))
    with pytest.raises(NotFound, match="not one of yours"):
        services.create_population(owner_id=host.pk, order=replace(ORDER, checkpoint_id=other.pk))


@pytest.mark.parametrize(
    ("frame", "settings", "quorum", "word"),
    [
        ({"bars": 0}, {}, 2, "bars"),
        ({"key": "H"}, {}, 2, "key"),
        ({"tempo_bpm": 5.0}, {}, 2, "tempo_bpm"),
        ({"notes_per_bar": 500}, {}, 2, "notes_per_bar"),
        ({}, {"size": 1}, 2, "size"),
        ({}, {"mutation_probability": 2.0}, 2, "mutation_probability"),
        ({}, {}, 0, "quorum"),
    ],
)
def test_a_field_out_of_range_is_named(
    host: User, frame: dict[str, Any], settings: dict[str, Any], quorum: int, word: str
) -> None:
    order = replace(ORDER, frame=frame, settings=settings, quorum=quorum)
    with pytest.raises(Invalid, match=f"{word}: expected"):
        services.create_population(owner_id=host.pk, order=order)
    assert not Population.objects.exists()


def test_the_smallest_population_can_be_bred(host: User) -> None:
    population = seeded(host, replace(ORDER, settings={"size": 2}))
    assert (population.settings["parents"], population.settings["elites"]) == (2, 1)


def test_the_api_makes_and_shows_a_population(client: Client, host: User) -> None:
    body = {"name": "Evening", "bars": 1, "notes_per_bar": 4, "key": "A", "scale": "minorBlues", "size": 4, "quorum": 3}
    answer = client.post("/api/v1/populations/", body, content_type="application/json")
    assert answer.status_code == 201, answer.json()
    population = answer.json()
    assert (population["state"], population["quorum"], population["generations"]) == ("seeding", 3, [])
    breeding.seed(population_id=population["id"], sample_job_id=None)
    shown = client.get(f"/api/v1/populations/{population['id']}/").json()
    assert shown["generations"][0]["size"] == 4
    assert shown["generations"][0]["mean_fitness"] is None
    generation = client.get(f"/api/v1/populations/{population['id']}/generations/0/").json()
    individual = generation["individuals"][0]
    assert (individual["number"], individual["n_ratings"], individual["fitness"]) == (1, 0, None)
    assert individual["phrase"]["bars"] == 1
    assert set(individual["phrase"]["notes"][0]) == {"onset_seconds", "duration_seconds", "pitch", "velocity", "part"}
    assert client.delete(f"/api/v1/populations/{population['id']}/").status_code == 204
    assert not Population.objects.exists()


def test_the_api_names_the_fields_of_a_bad_form(client: Client) -> None:
    answer = client.post("/api/v1/populations/", {"key": "H", "size": 1}, content_type="application/json")
    assert answer.status_code == 400
    assert {"name", "key", "size"} <= set(answer.json()["fields"])


def test_the_options_name_what_the_soundfont_can_play(client: Client) -> None:
    options = client.get("/api/v1/populations/options/").json()
    assert {"program": 24, "name": "Nylon guitar"} in options["programs"]
    assert len(options["scales"]) == 8
    assert options["limits"]["size_max"] == 200


def test_reading_takes_a_fixed_number_of_queries(host: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(4):
        seeded(host)
    with django_assert_num_queries(4):
        shown = [len(one.generations.all()) for one in selectors.populations_of(owner_id=host.pk)]
    assert shown == [1] * 4
    population_id = Population.objects.all()[0].pk
    with django_assert_num_queries(9):
        selectors.view_generation(selectors.generation_of(owner_id=host.pk, population_id=population_id, number=0))


def test_a_phrase_is_downloaded_as_the_midi_that_was_heard(client: Client, host: User) -> None:
    individual = seeded(host).generations.get().individuals.all()[0]
    answer = client.get(f"/api/v1/individuals/{individual.pk}/midi/")
    assert answer["Content-Type"] == "audio/midi"
    assert "Evening generation 1 phrase 01.mid" in answer["Content-Disposition"]
    heard, got = Score.from_json(individual.score), read(answer.content)
    assert sorted(got.notes["pitch"].tolist()) == sorted(heard.notes["pitch"].tolist())
    assert got.tempos[0].tempo_bpm == pytest.approx(heard.tempos[0].tempo_bpm, abs=0.01)
    assert got.parts[0].program == 24


def test_a_generation_is_downloaded_as_midi_with_fitness_and_lineage(client: Client, host: User) -> None:
    population = seeded(host)
    first = population.generations.get()
    for individual in first.individuals.all():
        individual.fitness, individual.standard_error, individual.n_ratings = 2.0 + individual.index, 0.3, 2
        individual.save()
    services.close_generation(generation_id=first.pk)
    second = breeding.breed(generation_id=first.pk)
    assert second is not None
    answer = client.get(f"/api/v1/populations/{population.pk}/generations/1/midi.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("fitness.csv").decode())))
        assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
        assert all(row["parents"].startswith("1.") for row in rows)
        assert all(len(read(archive.read(row["file"])).notes) for row in rows)
        assert "0-5" in archive.read("README.txt").decode()
    assert exports.generation_zip(second) == exports.generation_zip(Generation.objects.get(number=1))
