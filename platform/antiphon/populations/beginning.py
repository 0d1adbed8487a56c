"""What a population begins with: phrases of samples, a phrase with its children, or phrases invented in the scale."""

from collections.abc import Sequence

import numpy as np

from antiphon.populations.encodings import Bred, begin, begin_like
from antiphon.populations.ledger import begun, stored
from antiphon.populations.models import Generation, Population
from antiphon.training.models import Sample
from evolution.algorithm import RANDOM, BreedingSettings
from evolution.algorithm.offspring import joined
from evolution.frame import Frame
from evolution.genome import Genome
from evolution.operators.mutation import mutate_named
from evolution.seeding import random_genome, seed_population
from generation.score.notes import Score

BRANCH = "branch"  # how the phrase came that a branch grew from
CLONE = "clone"  # how a phrase came that had been bred elsewhere
CHILD_CHANGES = (1, 3)  # of a phrase, to make a first child of it
UNIQUE_TRIES = 20
RESERVE_SHARE = 1.0  # of the population's size: spare phrases of the samples, let in later as fresh blood


def begin_from_samples(
    population: Population, samples: Sequence[Sample], *, rng: np.random.Generator
) -> tuple[Bred, list[int | None]]:
    """The best and most different phrases of the samples, then random ones; with each one's place among the samples."""
    frame, settings = Frame.from_json(population.frame), BreedingSettings.from_json(population.settings)
    spare = round(RESERVE_SHARE * settings.size) if settings.fresh_blood > 0 and samples else 0
    seeds = seed_population(
        [Score.from_json(sample.score) for sample in samples], frame, size=settings.size + spare, rng=rng
    )
    living = seeds[: settings.size]
    reserve = [one.genome for one in seeds[settings.size :] if one.source_index is not None]
    bred = begin(population, [one.genome for one in living], [one.origin for one in living], reserve=reserve)
    return bred, [one.source_index for one in living]


def begin_clone(population: Population, generation: Generation) -> tuple[Bred, list[str], list[int | None]]:
    """The phrases of another population's generation; with how each came, and the sample that it was cut from.

    Raises BreedingError where the other was bred in a way that is no longer kept.
    """
    individuals = list(generation.individuals.order_by("index"))
    # Of a first generation as it began, with all its spare phrases; of a later one as it stands.
    source = begun(generation.population) if generation.number == 0 else stored(generation.population)
    operators = [one.operator if generation.number == 0 else CLONE for one in individuals]
    if source is None or any(one.born is None for one in individuals):
        bred = begin(population, [Genome.from_json(one.genome) for one in individuals], operators)
    else:
        bred = begin_like(population, source, [one.born for one in individuals if one.born is not None], operators)
    return bred, operators, [one.sample_id for one in individuals]


def begin_branch(population: Population, origin: Genome, *, fresh_share: float, rng: np.random.Generator) -> Bred:
    """A phrase, its mutated children, and a share of phrases that descend from nobody."""
    frame, settings = Frame.from_json(population.frame), BreedingSettings.from_json(population.settings)
    n_fresh = min(round(fresh_share * settings.size), settings.size - 1)
    genomes, operators = [origin], [BRANCH]
    taken = {origin.notes.tobytes()}
    for place in range(1, settings.size):
        is_fresh = place >= settings.size - n_fresh
        genome, operator = (random_genome(frame, rng), RANDOM) if is_fresh else _child(origin, frame, taken, rng)
        taken.add(genome.notes.tobytes())
        genomes.append(genome)
        operators.append(operator)
    return begin(population, genomes, operators)


def _child(origin: Genome, frame: Frame, taken: set[bytes], rng: np.random.Generator) -> tuple[Genome, str]:
    """A child by change only, with notes of its own as far as changes bring any, and what changed it."""
    genome, operator = origin, ""
    for _ in range(UNIQUE_TRIES):
        genome, operator = origin, ""
        for _ in range(int(rng.integers(*CHILD_CHANGES, endpoint=True))):
            genome, name = mutate_named(genome, frame, rng)
            operator = joined(operator, name)
        if genome.notes.tobytes() not in taken:
            return genome, operator
    return genome, operator
