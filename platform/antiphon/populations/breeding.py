"""The two jobs of a population: its first generation from samples, and each next one from the crowd's answer."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from antiphon.populations import memorisation, rewriting
from antiphon.populations.estimates import final_estimates
from antiphon.populations.models import Generation, Individual, Lineage, Population
from antiphon.populations.services import announce
from antiphon.training.models import Sample
from evolution.algorithm import ELITE, Algorithm, BreedingSettings
from evolution.genome import Frame, Genome, express
from evolution.seeding import seed_population
from generation.score.notes import Score

UNRATED_STANDARD_ERROR = 1.0  # on the rating scale, where nobody rated an individual


@dataclass(frozen=True)
class Newborn:
    """An individual before it has a row."""

    genome: Genome
    operator: str
    sample_id: int | None = None
    parent_ids: tuple[int, ...] = ()
    first_id: int | None = None  # whose ratings it keeps, where it lives on


@transaction.atomic
def seed(*, population_id: int, sample_job_id: int | None) -> Generation | None:
    """Make generation 0 from the samples of a job, or at random in the scale without one; done once."""
    population = Population.objects.select_for_update(of=("self",)).filter(pk=population_id).first()
    if population is None:
        return None
    existing = population.generations.filter(number=0).first()
    if existing is not None:
        return existing
    samples = [] if sample_job_id is None else list(Sample.objects.filter(job_id=sample_job_id).order_by("index"))
    frame, settings = Frame.from_json(population.frame), BreedingSettings.from_json(population.settings)
    seeds = seed_population(
        [Score.from_json(sample.score) for sample in samples],
        frame,
        size=settings.size,
        rng=np.random.default_rng([population.seed, 0]),
    )
    newborns = [
        Newborn(
            genome=one.genome,
            operator=one.origin,
            sample_id=None if one.source_index is None else samples[one.source_index].pk,
        )
        for one in seeds
    ]
    return _open_generation(population, number=0, frame=frame, newborns=newborns)


def breed(*, generation_id: int) -> Generation | None:
    """Estimate the fitness of a closed generation and breed its successor; each of the two is done once."""
    generation = Generation.objects.select_related("population").filter(pk=generation_id).first()
    if generation is None or not generation.is_closed:
        return None
    _store_fitness(generation)
    return _breed_successor(generation)


def _store_fitness(generation: Generation) -> None:
    """Keep the estimates with the individuals, unless an earlier attempt did so."""
    if generation.individuals.filter(fitness__isnull=False).exists():
        return
    estimates = final_estimates(generation)
    with transaction.atomic():
        individuals = list(generation.individuals.all())
        for individual in individuals:
            estimate = estimates.get(individual.pk)
            if estimate is not None:
                individual.fitness = estimate.mean
                individual.standard_error = estimate.standard_error
                individual.n_ratings = estimate.n_ratings
        Individual.objects.bulk_update(individuals, ["fitness", "standard_error", "n_ratings"])
        announce(generation.population, step="closed", generation=generation.number)


@transaction.atomic
def _breed_successor(generation: Generation) -> Generation:
    population = Population.objects.select_for_update(of=("self",)).get(pk=generation.population_id)
    existing = population.generations.filter(number=generation.number + 1).first()
    if existing is not None:
        return existing
    individuals = list(generation.individuals.order_by("index"))
    frame, settings = Frame.from_json(population.frame), BreedingSettings.from_json(population.settings)
    offspring = _ask(individuals, frame, settings, rng=np.random.default_rng([population.seed, generation.number + 1]))
    return _open_generation(population, number=generation.number + 1, frame=frame, newborns=offspring)


def _ask(
    individuals: Sequence[Individual], frame: Frame, settings: BreedingSettings, *, rng: np.random.Generator
) -> list[Newborn]:
    """Offspring of a rated generation; an individual that nobody rated counts as the average."""
    known = [one.fitness for one in individuals if one.fitness is not None]
    average = float(np.mean(known)) if known else 0.0
    algorithm = Algorithm(settings, frame)
    algorithm.tell(
        [Genome.from_json(one.genome) for one in individuals],
        np.array([average if one.fitness is None else one.fitness for one in individuals]),
        np.array([one.standard_error or UNRATED_STANDARD_ERROR for one in individuals]),
    )
    return [
        Newborn(
            genome=child.genome,
            operator=child.operator,
            parent_ids=tuple(individuals[index].pk for index in child.parents),
            first_id=_first_life(individuals[child.parents[0]]) if child.operator == ELITE else None,
        )
        for child in algorithm.ask(rng)
    ]


def _first_life(individual: Individual) -> int | None:
    """Whose ratings an elite keeps; one that nobody has rated yet is heard like a new one."""
    return (individual.first_id or individual.pk) if individual.n_ratings else None


def _open_generation(population: Population, *, number: int, frame: Frame, newborns: Sequence[Newborn]) -> Generation:
    """Store a generation with its individuals, what they sound as, and their lineage; tell everybody."""
    generation = Generation.objects.create(population=population, number=number)
    individuals = Individual.objects.bulk_create(
        Individual(
            generation=generation,
            index=index,
            genome=newborn.genome.to_json(),
            score=express(newborn.genome, frame).to_json(),
            operator=newborn.operator,
            sample_id=newborn.sample_id,
            first_id=newborn.first_id,
        )
        for index, newborn in enumerate(newborns)
    )
    lines = zip(individuals, newborns, strict=True)
    Lineage.objects.bulk_create(
        itertools.chain.from_iterable(
            (
                Lineage(child=individual, parent_id=parent_id, order=order)
                for order, parent_id in enumerate(dict.fromkeys(newborn.parent_ids))
            )
            for individual, newborn in lines
        )
    )
    if population.state != Population.State.READY:
        population.state, population.reason = Population.State.READY, ""
        population.save(update_fields=["state", "reason"])
    announce(population, step="opened", generation=number)
    memorisation.order_for_generation(generation)
    rewriting.order_for_generation(generation)
    return generation
