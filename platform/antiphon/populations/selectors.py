"""What a host sees of populations. Everything here is the host's own, or not found."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    Count,
    F,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from antiphon.core.errors import NotFound
from antiphon.core.phrase import Phrase, phrase
from antiphon.populations.estimates import Fitness, Judgement, live_judgement
from antiphon.populations.models import Generation, Individual, Lineage, Population
from evolution.frame import Frame
from generation.score.notes import Score


@dataclass(frozen=True)
class Parent:
    """A parent, named as the studio names it."""

    id: int
    generation: int
    index: int
    number: int


@dataclass(frozen=True)
class PopulationName:
    """A population by its name."""

    id: int
    name: str


@dataclass(frozen=True)
class BranchedFrom:
    """Where a branch grew from; the phrase is None once it is deleted."""

    population: PopulationName
    individual: Parent | None


@dataclass(frozen=True)
class ClonedFrom:
    """What a clone was made from, and the number of the generation whose phrases it began with."""

    population: PopulationName
    generation: int | None


@dataclass(frozen=True)
class Branch:
    """A population that grew from a phrase of another."""

    id: int
    name: str
    individual: Parent | None


@dataclass(frozen=True)
class Origin:
    """The sample that an individual was cut from."""

    run: str
    sample: int


@dataclass(frozen=True)
class IndividualView:
    """One individual with what the crowd makes of it so far, and its phrase."""

    id: int
    index: int
    number: int
    operator: str
    operators: list[str]
    lives_on_from: Parent | None
    branches: list[PopulationName]
    origin: Origin | None
    parents: list[Parent]
    fitness: float | None
    standard_error: float | None
    n_ratings: int
    p_parent: float | None
    predicted: float | None
    predicted_error: float | None
    nats: float | None  # a note, under the population's network
    island: int | None
    memorisation: dict[str, Any] | None
    phrase: Phrase


@dataclass(frozen=True)
class GenerationView:
    """One generation with its individuals."""

    generation: Generation  # annotated as by `generations_with_figures`
    expected_error: float | None  # of selecting its parents, now or when it closed
    individuals: list[IndividualView]


def generations_with_figures() -> QuerySet[Generation]:
    """Generations with size, mean_fitness, mean_standard_error, best_fitness, best_standard_error, ratings.

    Each figure by itself: joined to the individuals, all ratings would be counted once for each of these.
    """
    best = Individual.objects.filter(generation=OuterRef("pk"), fitness__isnull=False).order_by("-fitness", "index")
    return Generation.objects.annotate(
        size=Coalesce(_of_individuals(Count("pk")), 0),
        mean_fitness=_of_individuals(Avg("fitness")),
        mean_standard_error=_of_individuals(Avg("standard_error")),
        best_fitness=Subquery(best.values("fitness")[:1]),
        best_standard_error=Subquery(best.values("standard_error")[:1]),
        ratings=Coalesce(_of_individuals(Count("ratings")), 0),
    ).order_by("number")


def _of_individuals(figure: Aggregate) -> Subquery:
    """A figure of all individuals of a generation."""
    individuals = Individual.objects.filter(generation=OuterRef("pk")).order_by().values("generation")
    return Subquery(individuals.annotate(figure=figure).values("figure"))


def populations_of(*, owner_id: int) -> QuerySet[Population]:
    """A host's populations, newest first, with their generations' figures, rooms and checkpoint."""
    return (
        Population.objects.filter(owner_id=owner_id)
        .select_related("checkpoint__run", "rewriter__run", "source", "branched_from__generation")
        .prefetch_related(
            Prefetch("generations", queryset=generations_with_figures()),
            "rooms",
            Prefetch(
                "branches",
                queryset=Population.objects.filter(is_clone=False).select_related("branched_from__generation"),
            ),
        )
    )


def population_of(*, owner_id: int, population_id: int) -> Population:
    """One of a host's populations. Raises NotFound."""
    population = populations_of(owner_id=owner_id).filter(pk=population_id).first()
    if population is None:
        raise NotFound(f"There is no population {population_id} of yours.")
    return population


def origin_of_branch(population: Population) -> BranchedFrom | None:
    """Where a population grew from, None where it is no branch (or what it grew from is deleted)."""
    source = population.source
    if source is None or population.is_clone:
        return None
    phrase_ = population.branched_from
    return BranchedFrom(PopulationName(source.pk, source.name), None if phrase_ is None else _named(phrase_))


def clone_source(population: Population) -> ClonedFrom | None:
    """What a population was cloned from, None where it is no clone (or its source is deleted)."""
    source = population.source
    if source is None or not population.is_clone:
        return None
    return ClonedFrom(PopulationName(source.pk, source.name), population.cloned_generation)


def branches_of(population: Population) -> list[Branch]:
    """The populations that grew from phrases of this one; they are expected to be prefetched."""
    return [
        Branch(one.pk, one.name, None if one.branched_from is None else _named(one.branched_from))
        for one in population.branches.all()
    ]


def generation_of(*, owner_id: int, population_id: int, number: int) -> Generation:
    """One generation of a host's population, with its figures. Raises NotFound."""
    generation = (
        generations_with_figures()
        .select_related("population")
        .filter(population_id=population_id, population__owner_id=owner_id, number=number)
        .first()
    )
    if generation is None:
        raise NotFound(f"There is no generation {number} of a population {population_id} of yours.")
    return generation


def individual_of(*, owner_id: int, individual_id: int) -> Individual:
    """One individual of a host's populations. Raises NotFound."""
    individual = (
        Individual.objects.select_related("generation__population")
        .filter(pk=individual_id, generation__population__owner_id=owner_id)
        .first()
    )
    if individual is None:
        raise NotFound(f"There is no individual {individual_id} of yours.")
    return individual


def individuals_with_lineage(generation: Generation) -> QuerySet[Individual]:
    """A generation's individuals in order, with parents, branches and the samples they were cut from; three queries."""
    lines = Lineage.objects.select_related("parent__generation").order_by("order")
    return (
        generation.individuals.select_related("sample__checkpoint__run", "first__generation")
        .prefetch_related(Prefetch("lineage", queryset=lines), "branches")
        .order_by("index")
    )


def individuals_to_replay(population: Population) -> QuerySet[Individual]:
    """All individuals of a population in order, with the places of their parents and first lives; two queries."""
    lines = Lineage.objects.select_related("parent__generation").order_by("order")
    return (
        Individual.objects.filter(generation__population=population)
        .select_related("generation", "first__generation")
        .prefetch_related(Prefetch("lineage", queryset=lines))
        .order_by("generation__number", "index")
    )


def view_generation(generation: Generation) -> GenerationView:
    """Everything to show of a generation; fitness is estimated from the ratings so far until it is stored."""
    individuals = list(individuals_with_lineage(generation))
    is_stored = any(individual.fitness is not None for individual in individuals)
    judgement = Judgement() if is_stored else live_judgement(generation)
    frame = Frame.from_json(generation.population.frame)
    views = [_view(individual, judgement.fitness.get(individual.pk), frame) for individual in individuals]
    stored_error = (generation.figures or {}).get("expected_error")
    return GenerationView(
        generation=generation,
        expected_error=stored_error if is_stored else judgement.expected_error,
        individuals=views,
    )


def parents_of(individual: Individual) -> list[Parent]:
    """Its parents in order; the lineage is expected to be prefetched."""
    return [_named(line.parent) for line in individual.lineage.all()]


def phrase_of(individual: Individual, frame: Frame) -> Phrase:
    """The individual as a page plays and draws it: all bars of the frame."""
    return phrase(Score.from_json(individual.score), bars=frame.bars)


def _view(individual: Individual, live: Fitness | None, frame: Frame) -> IndividualView:
    sample = individual.sample
    return IndividualView(
        id=individual.pk,
        index=individual.index,
        number=individual.index + 1,
        operator=individual.operator,
        operators=individual.operator.split("+"),
        lives_on_from=None if individual.first is None else _named(individual.first),
        branches=[PopulationName(one.pk, one.name) for one in individual.branches.all()],
        origin=None if sample is None else Origin(run=sample.checkpoint.run.name, sample=sample.pk),
        parents=parents_of(individual),
        fitness=individual.fitness if live is None else live.mean,
        standard_error=individual.standard_error if live is None else live.standard_error,
        n_ratings=individual.n_ratings if live is None else live.n_ratings,
        p_parent=individual.p_parent if live is None else live.p_parent,
        predicted=individual.predicted,
        predicted_error=individual.predicted_error,
        nats=individual.nats,
        island=individual.island,
        memorisation=individual.memorisation,
        phrase=phrase_of(individual, frame),
    )


def _named(individual: Individual) -> Parent:
    return Parent(
        id=individual.pk,
        generation=individual.generation.number,
        index=individual.index,
        number=individual.index + 1,
    )


def winner_of(generation: Generation) -> Individual | None:
    """The individual of the highest fitness, once it is known, with its parents."""
    return (
        generation.individuals.filter(fitness__isnull=False)
        .prefetch_related(Prefetch("lineage", queryset=Lineage.objects.select_related("parent__generation")))
        .order_by(F("fitness").desc(), "index")
        .first()
    )
