"""The two jobs of a population: its first generation, and each next one from the crowd's answer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from django.db import transaction

from antiphon.populations import likelihoods, memorisation, rewriting
from antiphon.populations.beginning import begin_branch, begin_clone, begin_from_samples
from antiphon.populations.encodings import Bred, begin, begin_study
from antiphon.populations.estimates import final_judgement, settle
from antiphon.populations.figures import Pair, calibration, island_figures
from antiphon.populations.ledger import keep, stored
from antiphon.populations.models import OPERATOR_MAX, Generation, Individual, Lineage, Population
from antiphon.populations.services import announce, fail_population
from antiphon.populations.telling import beside, told_of, told_rows
from antiphon.training.models import Sample
from evolution.algorithm import ELITE, BreedingSettings, Likelihood, Variant
from evolution.diversity import diversity
from evolution.frame import Frame
from evolution.genome import Genome, express

JUDGED_FIELDS = ("fitness", "standard_error", "n_ratings", "p_parent", "on_islands")


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
    nats: float | None = None  # a note, under the network
    island: int | None = None  # that it lives on


@transaction.atomic
def seed(
    *,
    population_id: int,
    sample_job_id: int | None,
    from_individual_id: int | None = None,
    fresh_share: float = 0.0,
    from_generation_id: int | None = None,
) -> Generation | None:
    """Make generation 0 once: from samples, of a phrase and its children, of another's phrases, or at random."""
    population = Population.objects.select_for_update(of=("self",)).filter(pk=population_id).first()
    if population is None:
        return None
    existing = population.generations.filter(number=0).first()
    if existing is not None:
        return existing
    rng = np.random.default_rng([population.seed, 0])
    samples: list[Sample] = []
    sources: Sequence[int | None] = ()
    if from_generation_id is not None:
        return _seed_clone(population, from_generation_id)
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


def _seed_clone(population: Population, generation_id: int) -> Generation | None:
    generation = Generation.objects.select_related("population").filter(pk=generation_id).first()
    if generation is None:
        fail_population(population_id=population.pk, reason="The population that it was to be cloned from was deleted.")
        return None
    bred, operators, sample_ids = begin_clone(population, generation)
    keep(population, bred)
    newborns = [
        Newborn(genome=one.genome, operator=operator, born=one.id, sample_id=sample_id)
        for one, operator, sample_id in zip(bred.living, operators, sample_ids, strict=True)
    ]
    return _open_generation(population, number=0, newborns=newborns)


def breed(*, generation_id: int) -> Generation | None:
    """Estimate the fitness of a closed generation and breed its successor; each of the two is done once."""
    generation = Generation.objects.select_related("population").filter(pk=generation_id).first()
    if generation is None or not generation.is_closed:
        return None
    _store_fitness(generation)
    return _breed_successor(generation, _ask_network(generation))


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
            thought = [island.get(individual.first_id or individual.pk) for island in judgement.islands]
            individual.on_islands = [None if one is None else [one.mean, one.standard_error] for one in thought]
        Individual.objects.bulk_update(individuals, JUDGED_FIELDS)
        found = calibration(_predicted(individuals))
        generation.figures = {
            "expected_error": judgement.expected_error,
            "agreement": judgement.agreement,
            "calibration": None if found is None else asdict(found),
            "gains": [],
            "islands": [asdict(one) for one in island_figures(individuals, judgement.chances.values())],
        }
        generation.told = beside(judgement)
        generation.save(update_fields=["figures", "told"])
        settle(generation, judgement)
        announce(generation.population, step="closed", generation=generation.number)


def _predicted(individuals: Sequence[Individual]) -> list[Pair]:
    """What the taste expected of those heard for the first time in this generation, and what they were given."""
    return [
        Pair(one.predicted, one.predicted_error or 0.0, one.fitness, one.standard_error or 0.0)
        for one in individuals
        if one.predicted is not None and one.fitness is not None and one.first_id is None and one.n_ratings
    ]


def _ask_network(generation: Generation) -> Likelihood | None:
    """What the population's network says of the candidates for its next generation, where that is wanted and comes.

    The candidates are bred twice, here to be judged and then to be chosen from: the same state draws the same ones.
    """
    population = generation.population
    is_bred = population.generations.filter(number=generation.number + 1).exists()
    if is_bred or not likelihoods.may_be_waited_for(generation):
        return None
    trial = _told_bred(generation, list(generation.individuals.order_by("index")))
    return likelihoods.likelihoods_of(generation, trial.wanted_of_network(population.births))


@transaction.atomic
def _breed_successor(generation: Generation, network: Likelihood | None) -> Generation:
    population = Population.objects.select_for_update(of=("self",)).get(pk=generation.population_id)
    existing = population.generations.filter(number=generation.number + 1).first()
    if existing is not None:
        return existing
    individuals = list(generation.individuals.order_by("index"))
    bred = _told_bred(generation, individuals)
    _keep_gains(generation, bred)
    bred.ask(population.births, network)
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
            nats=rows[one.id].nats if one.id in rows else one.likelihood,
            island=bred.homes.get(one.id),
        )
        for one in bred.living
    ]
    return _open_generation(population, number=generation.number + 1, newborns=newborns)


def _told_bred(generation: Generation, individuals: Sequence[Individual]) -> Bred:
    """The population's breeding with all that is known of a generation that has closed, ready to be asked."""
    population, told = generation.population, generation.told or {}
    bred = stored(population) or _taken_up(population, individuals)
    bred.offer(_variants_of(individuals))
    if told.get("again"):
        bred.tell(told_rows(told["again"]))
    bred.tell(told_of(individuals, BreedingSettings.from_json(population.settings)))
    if told.get("islands"):
        bred.tell_islands([told_rows(rows) for rows in told["islands"]])
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
            nats=newborn.nats,
            island=newborn.island,
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
    likelihoods.order_for_generation(generation)
    return generation


def shortened(operator: str) -> str:
    """The names of operators, as many of them as a row has room for."""
    names = operator.split("+")
    while len("+".join(names)) > OPERATOR_MAX:
        names.pop()
    return "+".join(names)
