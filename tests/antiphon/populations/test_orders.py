"""What can be asked for when a population is made: recipes, own settings, the study's bits, branches."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from antiphon.accounts.models import User
from antiphon.populations import breeding
from antiphon.populations.models import Individual, Population
from antiphon.workers.models import Job
from evolution.algorithm import BreedingSettings
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.populations.bred import breed_on, make_population, newest_of
from tests.antiphon.training.runs import make_checkpoint, make_run

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/populations/"


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def client(host: User) -> APIClient:
    return signed_in(host)


def ask(client: APIClient, **body: Any) -> Any:
    return client.post(ADDRESS, {"name": "Evening", **body}, format="json")


def test_what_is_left_out_is_as_in_the_recipe(client: APIClient) -> None:
    ours, study = ask(client).json(), ask(client, recipe="study").json()
    usual, paper = BreedingSettings(), BreedingSettings.paper()
    for shown, settings, encoding in ((ours, usual, "grid"), (study, paper, "study")):
        kept = Population.objects.get(pk=shown["id"])
        assert BreedingSettings.from_json(kept.settings) == settings
        assert shown["settings"] == {name: getattr(settings, name) for name in shown["settings"]}
        assert (shown["encoding"], shown["closing"]) == (encoding, "quorum")


def test_own_settings_are_kept_and_the_rest_fits_a_small_population(client: APIClient) -> None:
    own = {
        "size": 2, "selection": "rank", "crossover": "adaptive", "adaptive": False, "fresh_blood": 0.25,
        "minimum_distance": 0.1, "surplus": 3, "taste": False, "selecting": False, "caution": 1.0,
    }  # fmt: skip
    shown = ask(client, **own, closing="certainty", wanted_error=0.3).json()
    assert {name: shown["settings"][name] for name in own} == own
    assert (shown["settings"]["parents"], shown["settings"]["elites"]) == (2, 1)
    assert (shown["closing"], shown["wanted_error"]) == ("certainty", 0.3)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"selection": "wishing"}, "selection"),
        ({"surplus": 17}, "surplus"),
        ({"wanted_error": 0.0}, "wanted_error"),
        ({"recipe": "theirs"}, "recipe"),
        ({"closing": "soon"}, "closing"),
        ({"fresh_blood": 0.9}, "fresh_blood"),
    ],
)
def test_a_setting_out_of_range_is_named(client: APIClient, body: dict[str, Any], field: str) -> None:
    answer = ask(client, **body)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_more_parents_than_phrases_are_refused(client: APIClient) -> None:
    answer = ask(client, size=4, parents=5)
    assert answer.status_code == 400
    assert "parents: expected" in answer.json()["message"]


def test_the_studys_bits_take_no_network_and_an_even_bar(host: User, client: APIClient) -> None:
    checkpoint = make_checkpoint(make_run(host))
    for body, word in (({"checkpoint": checkpoint.pk}, "checkpoint"), ({"notes_per_bar": 7}, "notes_per_bar")):
        answer = ask(client, recipe="study", **body)
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(f"{word}: expected")


def test_a_network_that_plays_on_is_no_rewriter(host: User, client: APIClient) -> None:
    answer = ask(client, rewriter=make_checkpoint(make_run(host)).pk)
    assert answer.status_code == 400
    assert "preset `bars`" in answer.json()["message"]


def test_the_options_show_each_recipe_whole(client: APIClient) -> None:
    options = client.get(f"{ADDRESS}options/").json()
    assert [one["name"] for one in options["recipes"]] == ["ours", "study"]
    assert options["recipes"][1]["settings"]["selection"] == "paper"
    assert "adaptive" in options["crossovers"]
    assert "probability" in options["selections"]
    assert options["limits"]["surplus_max"] == 16


def branch(client: APIClient, individual: Individual, **body: Any) -> Population:
    answer = ask(client, from_individual=individual.pk, name="A branch", **body)
    assert answer.status_code == 201, answer.json()
    payload = Job.objects.filter(kind="seed").latest("pk").payload
    breeding.seed(**payload)
    return Population.objects.get(pk=answer.json()["id"])


def test_a_branch_begins_with_the_phrase_its_children_and_fresh_blood(host: User, client: APIClient) -> None:
    source = make_population(host)
    origin = breed_on(source).individuals.order_by("index")[3]
    grown = branch(client, origin, size=8, fresh_share=0.25, seed=3)
    individuals = list(newest_of(grown).individuals.order_by("index"))
    assert grown.frame == source.frame
    assert individuals[0].genome == origin.genome
    assert individuals[0].score == origin.score
    assert [one.operator for one in individuals].count("random") == 2
    assert individuals[0].operator == "branch"
    assert len({str(one.genome["notes"]) for one in individuals}) == 8
    breed_on(grown)
    assert newest_of(grown).number == 1


def test_where_a_branch_comes_from_is_told_both_ways(host: User, client: APIClient) -> None:
    source = make_population(host)
    origin = newest_of(source).individuals.order_by("index")[2]
    grown = branch(client, origin)
    place = {"id": origin.pk, "generation": 0, "index": 2, "number": 3}
    shown = client.get(f"{ADDRESS}{grown.pk}/").json()
    assert shown["branched_from"] == {"population": {"id": source.pk, "name": "Evening"}, "individual": place}
    back = client.get(f"{ADDRESS}{source.pk}/").json()
    assert back["branches"] == [{"id": grown.pk, "name": "A branch", "individual": place}]
    generation = client.get(f"{ADDRESS}{source.pk}/generations/0/").json()
    assert generation["individuals"][2]["branches"] == [{"id": grown.pk, "name": "A branch"}]
    source.delete()
    assert client.get(f"{ADDRESS}{grown.pk}/").json()["branched_from"] is None


def test_a_branch_has_its_populations_frame_and_only_of_ones_own_phrase(host: User, client: APIClient) -> None:
    origin = newest_of(make_population(host)).individuals.all()[0]
    refused = ask(client, from_individual=origin.pk, key="D", bars=3)
    assert refused.status_code == 400
    assert set(refused.json()["fields"]) == {"key", "bars"}
    assert ask(signed_in(make_host()), from_individual=origin.pk).status_code == 404


def test_a_branch_whose_phrase_was_deleted_meanwhile_says_so(host: User, client: APIClient) -> None:
    origin = newest_of(make_population(host)).individuals.all()[0]
    made = ask(client, from_individual=origin.pk).json()
    Individual.objects.filter(pk=origin.pk).delete()
    breeding.seed(**Job.objects.filter(kind="seed").latest("pk").payload)
    failed = Population.objects.get(pk=made["id"])
    assert (failed.state, failed.reason) == ("failed", "The phrase that it was to grow from was deleted.")
