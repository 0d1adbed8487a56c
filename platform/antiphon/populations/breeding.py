"""The two jobs of a population: its first generation, and each next one from the crowd's answer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from django.db import transaction

from antiphon.populations import memorisation, rewriting
from antiphon.populations.beginning import begin_branch, begin_from_samples
from antiphon.populations.encodings import Bred, begin, begin_study
from antiphon.populations.estimates import final_judgement
from antiphon.populations.figures import Pair, calibration
from antiphon.populations.ledger import keep, stored
from antiphon.populations.models import OPERATOR_MAX, Generation, Individual, Lineage, Population
from antiphon.populations.services import announce, fail_population
from antiphon.training.models import Sample
from evolution.algorithm import ELITE, BreedingSettings, Told, Variant
from evolution.algorithm.settings import STEADY
from evolution.diversity import diversity
from evolution.frame import Frame
from evolution.genome import Genome, express

UNRATED_MEAN, UNRATED_STANDARD_ERROR = 2.5, 1.0  # on the rating scale, where nobody rated anybody


@dataclass(frozen=True)
class Newborn:
    """An individual before it has a row."""

    genome: Genome
    operator: str
    born: int
    sample_id: int | None = None
    parent_ids: tuple[int, ...] = ()
    first_id: int | None = None  # whose ratings it keeps, where it lives on
    predicted: tuple[float, float] | None = None  # fitness that the taste expects, and its deviation


@transaction.atomic
def seed(
    *,
    population_id: int,
    sample_job_id: int | None,
    from_individual_id: int | None = None,
    fresh_share: float = 0.0,
) -> Generation | None:
    """Make generation 0 once: from the samples of a job, of the children of a phrase, or at random in the scale."""
    population = Population.objects.select_for_update(of=("self",)).filter(pk=population_id).first()
    if population is None:
        return None
    existing = population.generations.filter(number=0).first()
    if existing is not None:
        return existing
    rng = np.random.default_rng([population.seed, 0])
    samples: list[Sample] = []
    sources: Sequence[int | None] = ()
    if from_individual_id is not None:
        origin = Individual.objects.filter(pk=from_individual_id).first()
        if origin is None:
            fail_population(population_id=population.pk, reason="The phrase that it was to grow from was deleted.")
            return None
        bred = begin_branch(population, Genome.from_json(origin.genome), fresh_share=fresh_share, rng=rng)
    elif population.encoding == Population.Encoding.STUDY:
        bred = begin_study(population, rng=rng)
    else:
        samples = [] if sample_job_id is None else list(Sample.objects.filter(job_id=sample_job_id).order_by("index"))
        bred, sources = begin_from_samples(population, samples, rng=rng)
    keep(population, bred)
    source_of = dict(enumerate(sources))
    newborns = [
        Newborn(
            genome=one.genome,
            operator=one.operator,
            born=one.id,
            sample_id=None if (source := source_of.get(place)) is None else samples[source].pk,
        )
        for place, one in enumerate(bred.living)
    ]
    return _open_generation(population, number=0, newborns=newborns)


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
    judgement = final_judgement(generation)
    with transaction.atomic():
        individuals = list(generation.individuals.all())
        for individual in individuals:
            estimate = judgement.fitness.get(individual.pk)
            if estimate is not None:
                individual.fitness = estimate.mean
                individual.standard_error = estimate.standard_error
                individual.n_ratings = estimate.n_ratings
                individual.p_parent = estimate.p_parent
        Individual.objects.bulk_update(individuals, ["fitness", "standard_error", "n_ratings", "p_parent"])
        found = calibration(_predicted(individuals))
        generation.figures = {
            "expected_error": judgement.expected_error,
            "agreement": judgement.agreement,
            "calibration": None if found is None else asdict(found),
            "gains": [],
        }
        generation.save(update_fields=["figures"])
        announce(generation.population, step="closed", generation=generation.number)


def _predicted(individuals: Sequence[Individual]) -> list[Pair]:
    """What the taste expected of those heard for the first time in this generation, and what they were given."""
    return [
        Pair(one.predicted, one.predicted_error or 0.0, one.fitness, one.standard_error or 0.0)
        for one in individuals
        if one.predicted is not None and one.fitness is not None and one.first_id is None and one.n_ratings
    ]


@transaction.atomic
def _breed_successor(generation: Generation) -> Generation:
    population = Population.objects.select_for_update(of=("self",)).get(pk=generation.population_id)
    existing = population.generations.filter(number=generation.number + 1).first()
    if existing is not None:
        return existing
    individuals = list(generation.individuals.order_by("index"))
    bred = _told_bred(population, individuals)
    _keep_gains(generation, bred)
    bred.ask(population.births)
    keep(population, bred)
    rows = {individual.born: individual for individual in individuals}
    newborns = [
        Newborn(
            genome=one.genome,
            operator=ELITE if one.id in rows else one.operator,
            born=one.id,
            parent_ids=tuple(rows[id_].pk for id_ in ((one.id,) if one.id in rows else one.parents)),
            first_id=_first_life(rows[one.id]) if one.id in rows else None,
            predicted=_predicted_of(rows[one.id]) if one.id in rows else bred.predictions.get(one.id),
        )
        for one in bred.living
    ]
    return _open_generation(population, number=generation.number + 1, newborns=newborns)


def _told_bred(population: Population, individuals: Sequence[Individual]) -> Bred:
    """The population's breeding with all that is known of a generation that has closed, ready to be asked."""
    bred = stored(population) or _taken_up(population, individuals)
    bred.offer(_variants_of(individuals))
    bred.tell(_told_of(individuals, BreedingSettings.from_json(population.settings)))
    return bred


def _taken_up(population: Population, individuals: Sequence[Individual]) -> Bred:
    """The breeding of a population from before it was kept: it begins with the newest generation."""
    genomes = [Genome.from_json(one.genome) for one in individuals]
    bred = begin(population, genomes, [one.operator for one in individuals])
    for born, individual in enumerate(individuals):
        individual.born = born
    Individual.objects.bulk_update(individuals, ["born"])
    return bred


def _variants_of(individuals: Sequence[Individual]) -> Mapping[int, list[Variant]]:
    return {
        one.born: [Variant(variant["bar"], Genome.from_json(variant["genome"])) for variant in one.variants]
        for one in individuals
        if one.variants and one.born is not None
    }


def _told_of(individuals: Sequence[Individual], settings: BreedingSettings) -> Told:
    """What the crowd thinks of a generation; where nobody rated anybody, all of them count the same.

    In steady breeding who was not heard stays until they are, as long as enough others may make way.
    """
    heard = [one for one in individuals if one.fitness is not None] or list(individuals)
    rated = [one for one in heard if one.n_ratings]
    if settings.method == STEADY and len(rated) > settings.elites:
        heard = rated
    p_parent = [min(one.p_parent, 1.0) for one in heard if one.p_parent is not None]
    return Told.of(
        ids=[one.born for one in heard if one.born is not None],
        mean=[UNRATED_MEAN if one.fitness is None else one.fitness for one in heard],
        standard_error=[one.standard_error or UNRATED_STANDARD_ERROR for one in heard],
        p_parent=p_parent if len(p_parent) == len(heard) else None,
    )


def _keep_gains(generation: Generation, bred: Bred) -> None:
    generation.figures = {**(generation.figures or {}), "gains": [asdict(one) for one in bred.gains()]}
    generation.save(update_fields=["figures"])


def _predicted_of(individual: Individual) -> tuple[float, float] | None:
    """What the taste expected of one that lives on unheard; of a heard one that is history."""
    if individual.n_ratings or individual.predicted is None:
        return None
    return individual.predicted, individual.predicted_error or 0.0


def _first_life(individual: Individual) -> int | None:
    """Whose ratings one that lives on keeps; one that nobody has rated yet is heard like a new one."""
    return (individual.first_id or individual.pk) if individual.n_ratings else None


def _open_generation(population: Population, *, number: int, newborns: Sequence[Newborn]) -> Generation:
    """Store a generation with its individuals, what they sound as, and their lineage; tell everybody."""
    frame = Frame.from_json(population.frame)
    generation = Generation.objects.create(
        population=population, number=number, diversity=diversity([one.genome for one in newborns], frame)
    )
    individuals = Individual.objects.bulk_create(
        Individual(
            generation=generation,
            index=index,
            genome=newborn.genome.to_json(),
            score=express(newborn.genome, frame).to_json(),
            operator=shortened(newborn.operator),
            born=newborn.born,
            sample_id=newborn.sample_id,
            first_id=newborn.first_id,
            predicted=None if newborn.predicted is None else newborn.predicted[0],
            predicted_error=None if newborn.predicted is None else newborn.predicted[1],
        )
        for index, newborn in enumerate(newborns)
    )
    Lineage.objects.bulk_create(
        Lineage(child=individual, parent_id=parent_id, order=order)
        for individual, newborn in zip(individuals, newborns, strict=True)
        for order, parent_id in enumerate(dict.fromkeys(newborn.parent_ids))
    )
    if population.state != Population.State.READY:
        population.state, population.reason = Population.State.READY, ""
        population.save(update_fields=["state", "reason"])
    announce(population, step="opened", generation=number)
    memorisation.order_for_generation(generation)
    rewriting.order_for_generation(generation)
    return generation


def shortened(operator: str) -> str:
    """The names of operators, as many of them as a row has room for."""
    names = operator.split("+")
    while len("+".join(names)) > OPERATOR_MAX:
        names.pop()
    return "+".join(names)
