"""A population as a template: what a clone has from its source, what it begins with, and what it never takes along."""

import io
import json
import zipfile
from typing import Any

import pytest
from rest_framework.test import APIClient

from antiphon.accounts.models import Listener, User
from antiphon.listening.keeping.origins import origin_of
from antiphon.listening.models import Rating
from antiphon.populations import breeding
from antiphon.populations.cloning import CLONED_FIELDS, Phrases, clone_population
from antiphon.populations.ledger import stored
from antiphon.populations.models import Individual, Population
from antiphon.populations.replaying import differences, events_of, recorded_of
from antiphon.workers.models import Job
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import make_world
from tests.antiphon.populations.bred import breed_on, make_population, newest_of
from tests.antiphon.training.runs import make_checkpoint, make_run

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/populations/"
# What a clone has of its own, and whose absence from CLONED_FIELDS is meant.
OWN_FIELDS = {
    "id", "owner", "name", "source", "is_clone", "cloned_generation", "is_rehearsal", "branched_from", "seed", "state",
    "reason", "created_at",
}  # fmt: skip


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def client(host: User) -> APIClient:
    return signed_in(host)


def cloned(client: APIClient, source: Population, **body: Any) -> Population:
    """A clone over the API, with its first generation."""
    answer = client.post(f"{ADDRESS}{source.pk}/clone/", body, format="json")
    assert answer.status_code == 201, answer.json()
    breeding.seed(**Job.objects.filter(kind="seed").latest("pk").payload)
    return Population.objects.get(pk=answer.json()["id"])


def breed_unborn(population: Population) -> Population:
    """The population as if its open generation were a later one."""
    population.generations.update(number=3)
    return population


def phrases_of(population: Population, number: int) -> list[tuple[Any, Any]]:
    generation = population.generations.get(number=number)
    return list(generation.individuals.order_by("index").values_list("genome", "score"))


def test_every_field_of_a_population_is_cloned_or_meant_not_to_be() -> None:
    fields = {field.name for field in Population._meta.concrete_fields}
    assert fields == set(CLONED_FIELDS) | OWN_FIELDS
    assert not set(CLONED_FIELDS) & OWN_FIELDS


def test_the_settings_alone_give_the_same_breeding_and_phrases_of_its_own(host: User, client: APIClient) -> None:
    source = make_population(
        host, settings={"size": 5, "surplus": 3}, closing="certainty", wanted_error=0.4, quorum=7, recipe="ours"
    )
    clone = cloned(client, source, name="Again")
    assert {name: getattr(clone, name) for name in CLONED_FIELDS} == {
        name: getattr(source, name) for name in CLONED_FIELDS
    }
    assert (clone.name, clone.is_clone, clone.cloned_generation, clone.is_rehearsal) == ("Again", True, None, False)
    assert clone.seed != source.seed
    assert phrases_of(clone, 0) != phrases_of(source, 0)


def test_a_clone_of_a_checkpoints_population_asks_for_samples(host: User) -> None:
    checkpoint = make_checkpoint(make_run(host))
    source = make_population(host, checkpoint_id=checkpoint.pk)
    clone_population(owner_id=host.pk, population_id=source.pk)
    assert Job.objects.filter(kind="sample").count() == 2


@pytest.mark.parametrize(("phrases", "number"), [("first", 0), ("newest", 2)])
def test_its_phrases_sound_the_same_and_breed_on(host: User, client: APIClient, phrases: str, number: int) -> None:
    source = make_population(host)
    breed_on(source, 2)
    clone = cloned(client, source, phrases=phrases)
    assert phrases_of(clone, 0) == phrases_of(source, number)
    assert clone.cloned_generation == number
    kept = newest_of(clone).individuals.all()
    assert not [one for one in kept if one.fitness is not None or one.n_ratings or one.first_id or one.lineage.exists()]
    assert {one.operator for one in kept} == ({"clone"} if number else {"random"})
    breed_on(clone, 2)
    assert differences(events_of(clone), recorded_of(clone)) == []


def test_the_studys_bits_are_cloned_too(host: User, client: APIClient) -> None:
    source = make_population(host, recipe="study", frame={"bars": 1, "notes_per_bar": 4})
    breed_on(source)
    clone = cloned(client, source, phrases="newest")
    assert phrases_of(clone, 0) == phrases_of(source, 1)
    breed_on(clone)
    assert differences(events_of(clone), recorded_of(clone)) == []


def test_spare_phrases_of_the_samples_come_along(host: User, client: APIClient) -> None:
    source = make_population(host)
    content = source.breeding.content
    content["reserve"] = [content["individuals"][0]["genome"]]
    source.breeding.save()
    source_bred, clone_bred = stored(source), stored(cloned(client, breed_unborn(source), phrases="newest"))
    assert source_bred is not None
    assert clone_bred is not None
    assert len(source_bred.reserve) == 1
    assert list(clone_bred.reserve) == list(source_bred.reserve)


def test_no_rating_is_cloned(host: User) -> None:
    world = make_world()
    rate(world, Listener.objects.create(), new_in(world.newest), [1, 2, 3, 4])
    clone = clone_population(owner_id=world.host.pk, population_id=world.population.pk, phrases=Phrases.NEWEST)
    breeding.seed(**Job.objects.filter(kind="seed").latest("pk").payload)
    assert not Rating.objects.filter(individual__generation__population=clone).exists()


def test_a_clone_names_its_source_and_is_no_branch_of_it(host: User, client: APIClient) -> None:
    source = make_population(host)
    clone = cloned(client, source, phrases="first")
    shown = client.get(f"{ADDRESS}{clone.pk}/").json()
    assert shown["cloned_from"] == {"population": {"id": source.pk, "name": "Evening"}, "generation": 0}
    assert (shown["branched_from"], shown["is_rehearsal"], shown["name"]) == (None, False, "Clone of Evening")
    back = client.get(f"{ADDRESS}{source.pk}/").json()
    assert (back["branches"], back["cloned_from"]) == ([], None)
    source.delete()
    assert client.get(f"{ADDRESS}{clone.pk}/").json()["cloned_from"] is None


def test_listeners_are_told_how_a_cloned_phrase_came(host: User, client: APIClient) -> None:
    source = make_population(host)
    breed_on(source)
    first, newest = cloned(client, source, phrases="first"), cloned(client, source, phrases="newest")
    makers = [origin_of(individual_id=newest_of(one).individuals.all()[0].pk).made_by for one in (first, newest)]
    assert makers == ["chance", "breeding"]


def test_a_clone_whose_source_was_deleted_meanwhile_says_so(host: User, client: APIClient) -> None:
    source = make_population(host)
    answer = client.post(f"{ADDRESS}{source.pk}/clone/", {"phrases": "first"}, format="json")
    source.delete()
    breeding.seed(**Job.objects.filter(kind="seed").latest("pk").payload)
    clone = Population.objects.get(pk=answer.json()["id"])
    assert (clone.state, clone.reason) == ("failed", "The population that it was to be cloned from was deleted.")


def test_what_cannot_be_cloned_is_refused_with_a_reason(host: User, client: APIClient) -> None:
    unseeded = Population.objects.create(owner=host, name="Early", frame={}, settings={}, seed=1)
    answer = client.post(f"{ADDRESS}{unseeded.pk}/clone/", {"phrases": "newest"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cloned")
    assert client.post(f"{ADDRESS}{unseeded.pk}/clone/", {"phrases": "best"}, format="json").status_code == 400
    stranger = make_population(make_host())
    assert client.post(f"{ADDRESS}{stranger.pk}/clone/", {}, format="json").status_code == 404


def test_nothing_grows_from_a_rehearsal(host: User, client: APIClient) -> None:
    rehearsal = clone_population(
        owner_id=host.pk, population_id=make_population(host).pk, phrases=Phrases.FIRST, is_rehearsal=True
    )
    breeding.seed(**Job.objects.filter(kind="seed").latest("pk").payload)
    assert client.post(f"{ADDRESS}{rehearsal.pk}/clone/", {}, format="json").status_code == 409
    phrase = Individual.objects.filter(generation__population=rehearsal)[0]
    grown = client.post(ADDRESS, {"name": "Grown", "from_individual": phrase.pk}, format="json")
    assert (grown.status_code, "rehearsal" in grown.json()["message"]) == (400, True)


def test_whatever_leaves_a_rehearsal_says_that_it_is_one(host: User, client: APIClient) -> None:
    rehearsal = clone_population(
        owner_id=host.pk, population_id=make_population(host).pk, phrases=Phrases.FIRST, is_rehearsal=True
    )
    breeding.seed(**Job.objects.filter(kind="seed").latest("pk").payload)
    Population.objects.filter(pk=rehearsal.pk).update(name="Renamed")
    shown = client.get(f"{ADDRESS}{rehearsal.pk}/").json()
    assert shown["is_rehearsal"]
    archive = client.get(f"{ADDRESS}{rehearsal.pk}/archive/")
    generation = client.get(f"{ADDRESS}{rehearsal.pk}/generations/0/midi.zip")
    for answer in (archive, generation):
        assert "Rehearsal" in answer["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
            assert opened.read("README.txt").startswith(b"A rehearsal:")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert json.loads(opened.read("population.json"))["is_rehearsal"]
    phrase = newest_of(rehearsal).individuals.all()[0]
    assert "Rehearsal" in client.get(f"/api/v1/individuals/{phrase.pk}/midi/")["Content-Disposition"]
