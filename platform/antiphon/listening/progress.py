"""How far a generation is, and whether that is enough to close it: by its quorum, or by how sure its parents are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from antiphon.listening import certainty
from antiphon.listening.models import Rating, SetAside
from antiphon.listening.protocol import Progress
from antiphon.populations.models import Generation, Individual, Population

FLOOR_RATINGS = 2  # of each phrase, before parents can be sure
# A repeat is no further voice, and whom the host has set aside has none. Of the ratings of an individual:
COUNTING = Q(ratings__occasion=0) & ~Q(
    Exists(
        SetAside.objects.filter(population=OuterRef("generation__population"), listener=OuterRef("ratings__listener"))
    )
)
MOST_QUORUMS = 4  # times the quorum on average: more is not asked for, however unsure the parents are


@dataclass(frozen=True)
class Standing:
    """A generation's progress, and what follows from it."""

    progress: Progress
    is_enough: bool  # to close it
    is_stale: bool = False  # whether its certainty is of a moment ago, and is to be looked at again


@dataclass(frozen=True)
class Counted:
    """Ratings of each individual that is to be heard, and how many answers there were with those given anew."""

    given: tuple[int, ...]
    tally: int


def progress_of(generation: Generation, *, quorum: int) -> Progress:
    """How far a generation is, from the ratings in the database, with the certainty found last. Two queries."""
    closes_by_certainty = _closes_by_certainty(generation.population)
    error = certainty.remembered([generation.pk])[generation.pk] if closes_by_certainty else None
    return measure(generation, _counted(generation).given, quorum=quorum, error=error)


def standing_of(*, generation_id: int, is_patient: bool = True) -> Standing:
    """How far a generation is, and whether that is enough; three queries, and an estimate where certainty closes it.

    Who is patient may be told of a certainty that is a moment old.
    """
    generation = Generation.objects.select_related("population").get(pk=generation_id)
    population = generation.population
    counted = _counted(generation)
    if not _closes_by_certainty(population):
        progress = measure(generation, counted.given, quorum=population.quorum)
        return Standing(progress, is_enough=0 < progress.size == progress.complete)
    has_floor = min(counted.given, default=0) >= FLOOR_RATINGS
    found = certainty.Certainty(is_fresh=True)
    if any(counted.given):
        found = certainty.look(generation, tally=counted.tally, is_patient=is_patient)
    progress = measure(generation, counted.given, quorum=population.quorum, error=found.error)
    is_sure = found.is_fresh and found.error is not None and found.error <= population.wanted_error
    is_enough = has_floor and (is_sure or _has_the_most(counted, population) or _is_exhausted(generation, progress))
    return Standing(progress, is_enough=is_enough, is_stale=not found.is_fresh)


def measure(generation: Generation, given: Iterable[int], *, quorum: int, error: float | None = None) -> Progress:
    """Progress of a generation from the count of ratings of each of its individuals."""
    counts = list(given)
    population = generation.population
    return Progress(
        generation=generation.number,
        size=len(counts),
        complete=sum(count >= quorum for count in counts),
        quorum=quorum,
        ratings=sum(min(count, quorum) for count in counts),
        needed=quorum * len(counts),
        expected_error=error,
        wanted_error=population.wanted_error if _closes_by_certainty(population) else None,
    )


def progress_of_populations(populations: dict[int, Population]) -> dict[int, Progress]:
    """Progress of the open generation of each population; one query for all of them."""
    rows = (
        Individual.objects.filter(generation__population__in=populations, generation__closed_at=None, first=None)
        .order_by()
        .annotate(given=Count("ratings", filter=COUNTING))
        .values_list("generation__population_id", "generation_id", "generation__number", "given")
    )
    given: dict[int, list[int]] = {}
    generations: dict[int, Generation] = {}
    for population_id, generation_id, number, count in rows:
        given.setdefault(population_id, []).append(count)
        if population_id not in generations:
            generations[population_id] = Generation(
                pk=generation_id, number=number, population=populations[population_id]
            )
    uncertain = [one.pk for one in generations.values() if _closes_by_certainty(one.population)]
    errors = certainty.remembered(uncertain)
    return {
        population_id: measure(
            generations[population_id],
            counts,
            quorum=populations[population_id].quorum,
            error=errors.get(generations[population_id].pk),
        )
        for population_id, counts in given.items()
    }


def _counted(generation: Generation) -> Counted:
    """Two queries; elites are not asked for again.

    It is asked four times a second, of all ratings of a generation: to name those set aside is cheaper by far than to
    look each rating's listener up.
    """
    aside = list(SetAside.objects.filter(population=generation.population_id).values_list("listener_id", flat=True))
    counting = Q(ratings__occasion=0) & ~Q(ratings__listener__in=aside)
    rows = list(
        Individual.objects.filter(generation=generation, first=None)
        .order_by()
        .annotate(given=Count("ratings", filter=counting), revised=Count("ratings__revised_at", filter=counting))
        .values_list("given", "revised")
    )
    return Counted(tuple(given for given, _ in rows), sum(given + revised for given, revised in rows))


def _closes_by_certainty(population: Population) -> bool:
    return population.closing == Population.Closing.CERTAINTY


def _has_the_most(counted: Counted, population: Population) -> bool:
    return sum(counted.given) >= MOST_QUORUMS * population.quorum * len(counted.given)


def _is_exhausted(generation: Generation, progress: Progress) -> bool:
    """Whether each phrase has its quorum and everybody who has rated here has rated all: waiting teaches nothing."""
    if progress.complete < progress.size:
        return False
    aside = SetAside.objects.filter(population=generation.population_id).values("listener")
    said = (
        Rating.objects.filter(individual__generation=generation, occasion=0)
        .exclude(listener__in=aside)
        .aggregate(ratings=Count("pk"), listeners=Count("listener", distinct=True))
    )
    return bool(said["ratings"] == said["listeners"] * progress.size)
