"""What a population's log of events tells is enough to breed it again, to the bit."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from numpy.random import default_rng

from antiphon.accounts.models import User
from antiphon.populations import breeding
from antiphon.populations.models import OPERATOR_MAX, BreedingEvent, BreedingState, Generation, Individual
from antiphon.populations.replaying import differences, events_of, recorded_of
from antiphon.populations.services import close_generation
from evolution.algorithm import BreedingSettings
from evolution.frame import Frame
from evolution.genome import Genome
from evolution.operators.mutation import insert_note
from tests.antiphon.hosts import make_host
from tests.antiphon.populations.bred import breed_on, make_population, newest_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return make_host()


def offer_variants(generation: Generation) -> None:
    """As if a network had written the first bar of each phrase anew."""
    frame = Frame.from_json(generation.population.frame)
    for individual in generation.individuals.all():
        written = insert_note(Genome.from_json(individual.genome), frame, default_rng(individual.index))
        individual.variants = [{"bar": 0, "genome": written.to_json()}]
        individual.save()


def replayed(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("replay", *arguments, stdout=out, **options)
    return out.getvalue()


def test_three_generations_with_a_taste_and_written_bars_replay_to_the_bit(host: User) -> None:
    population = make_population(host, settings={"size": 10, "surplus": 4, "mutations": 3})
    for _ in range(3):
        offer_variants(newest_of(population))
        breed_on(population)
    assert population.generations.count() == 4
    kinds = [event["event"] for event in events_of(population)]
    assert kinds == ["begun", *["offered", "heard", "asked"] * 3]
    assert differences(events_of(population), recorded_of(population)) == []
    assert "40 phrases came out the same" in replayed(population.pk)


def test_a_genome_that_was_tampered_with_is_named(host: User) -> None:
    population = make_population(host)
    breed_on(population, 2)
    stranger, wronged = Individual.objects.get(generation__number=0, index=1), newest_of(population).individuals.last()
    assert wronged is not None
    wronged.genome = stranger.genome
    wronged.save()
    assert differences(events_of(population), recorded_of(population)) == [
        "Generation 3, phrase 6: its genome differs."
    ]
    with pytest.raises(CommandError):
        replayed(population.pk)


def test_a_log_that_was_tampered_with_does_not_play_again(host: User) -> None:
    population = make_population(host)
    breed_on(population, 2)
    event = BreedingEvent.objects.get(population=population, content__event="heard", number=1)
    event.content = {**event.content, "mean": [5.0, *event.content["mean"][:-1]]}
    event.save()
    (sentence,) = differences(events_of(population), recorded_of(population))
    assert sentence.startswith("The events do not play again")


def test_a_population_from_before_its_breeding_was_kept_is_taken_up(host: User) -> None:
    population = make_population(host)
    breed_on(population)
    BreedingState.objects.all().delete()
    BreedingEvent.objects.all().delete()
    Individual.objects.update(born=None)

    third = breed_on(population, 2)
    assert third.number == 3
    assert set(Individual.objects.filter(born=None).values_list("generation__number", flat=True)) == {0}
    assert differences(events_of(population), recorded_of(population)) == []
    assert "6 older ones" in replayed(population.pk)
    elite = third.individuals.filter(operator="elite")[0]
    assert elite.first is not None


def test_breeding_the_same_generation_again_changes_nothing(host: User) -> None:
    population = make_population(host)
    first = newest_of(population)
    breed_on(population)
    before = (BreedingState.objects.get().content, BreedingEvent.objects.count(), Individual.objects.count())
    assert breeding.breed(generation_id=first.pk) == newest_of(population)
    assert breeding.seed(population_id=population.pk, sample_job_id=None) == first
    assert (BreedingState.objects.get().content, BreedingEvent.objects.count(), Individual.objects.count()) == before


def test_the_same_seed_and_the_same_fitness_give_the_same_generations(host: User) -> None:
    genomes = []
    for _ in range(2):
        population = make_population(host)
        third = breed_on(population, 2)
        genomes.append(list(third.individuals.values_list("genome", flat=True)))
    assert genomes[0] == genomes[1]


def test_the_names_of_many_operators_are_kept_as_far_as_there_is_room(host: User) -> None:
    population = make_population(host, settings={"size": 6, "mutations": 64, "mutation_probability": 1.0})
    second = breed_on(population)
    made = [one.operator for one in second.individuals.exclude(operator="elite")]
    assert max(map(len, made)) > 60
    assert max(map(len, made)) <= OPERATOR_MAX
    assert breeding.shortened("a" * 150 + "+" + "b" * 100) == "a" * 150
    assert differences(events_of(population), recorded_of(population)) == []


def test_the_studys_bits_are_bred_and_replayed(host: User) -> None:
    population = make_population(host, recipe="study", settings={"size": 8})
    assert population.encoding == "study"
    assert BreedingSettings.from_json(population.settings) == BreedingSettings.paper(size=8)
    third = breed_on(population, 2)
    assert [one.operator for one in third.individuals.order_by("index")][:2] == ["elite", "elite"]
    parents = set(Individual.objects.filter(generation__number=1, descent__child__generation=third).distinct())
    assert 2 <= len(parents) <= 3
    assert {event["encoding"] for event in events_of(population)} == {"study"}
    assert differences(events_of(population), recorded_of(population)) == []


def test_the_studys_faults_are_bred_and_replayed_too(host: User) -> None:
    right, faithful = (
        make_population(host, recipe="study", settings={"size": 9}, is_faithful=is_faithful)
        for is_faithful in (False, True)
    )
    assert [breed_on(one, 2).individuals.count() for one in (right, faithful)] == [9, 8]
    scores = [
        list(one.generations.get(number=0).individuals.values_list("score", flat=True)) for one in (right, faithful)
    ]
    assert scores[0] != scores[1]
    assert differences(events_of(faithful), recorded_of(faithful)) == []


def test_a_generation_that_nobody_rated_breeds_from_everybody(host: User) -> None:
    population = make_population(host)
    first = newest_of(population)
    close_generation(generation_id=first.pk)
    second = breeding.breed(generation_id=first.pk)
    assert second is not None
    assert second.individuals.count() == 6
    assert set(second.individuals.values_list("first", flat=True)) == {None}
