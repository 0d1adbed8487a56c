"""How far a generation is, and whether that is enough to close it: by quorum, by how sure its parents are, by time."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from antiphon.listening.judging import certainty
from antiphon.listening.models import Rating, SetAside
from antiphon.listening.protocol.told import Progress
from antiphon.populations.closing import Rule, closes_at, rule_of
from antiphon.populations.models import Generation, Individual, Population

FLOOR_RATINGS = 2  # of each phrase, before parents can be sure
# A repeat is no further voice, and whom the host has set aside has none. Of the ratings of an individual:
COUNTING = Q(ratings__occasion=0) & ~Q(
    Exists(
        SetAside.objects.filter(population=OuterRef("generation__population"), listener=OuterRef("ratings__listener"))
    )
)
# What a generation's rule and its time are known by.
OF_A_GENERATION = ("id", "number", "quorum", "wanted_error", "minutes", "clock_began_at", "clock_stopped_at")
MOST_QUORUMS = 4  # times the quorum on average: more is not asked for, however unsure the parents are


@dataclass(frozen=True)
class Standing:
    """A generation's progress, and what follows from it."""

    progress: Progress
    rule: Rule  # that it was judged by
    is_enough: bool  # to close it
    is_stale: bool = False  # whether its certainty is of a moment ago, and is to be looked at again

    def next_look_seconds(self, most: float) -> float | None:
        """In how many seconds, at the most `most`, to look again unasked; None where a rating has to come first."""
        if self.is_stale:
            return certainty.TURN_SECONDS
        if self.progress.closes_at is None:
            return None
        left = (self.progress.closes_at - timezone.now()).total_seconds()
        return max(left, 0.0) if left <= most else None


@dataclass(frozen=True)
class Counted:
    """Ratings of each individual that is to be heard, and how many answers there were with those given anew."""

    given: tuple[int, ...]
    tally: int


def progress_of(generation: Generation) -> Progress:
    """How far a generation is, from the ratings in the database, with the certainty found last. Two queries."""
    is_by_certainty = rule_of(generation).is_by_certainty
    error = certainty.remembered([generation.pk])[generation.pk] if is_by_certainty else None
    return measure(generation, _counted(generation).given, error=error)


def standing_of(*, generation_id: int, is_patient: bool = True) -> Standing:
    """How far a generation is, and whether that is enough; three queries, and an estimate where certainty closes it.

    Who is patient may be told of a certainty that is a moment old.
    """
    generation = Generation.objects.select_related("population").get(pk=generation_id)
    rule = rule_of(generation)
    counted = _counted(generation)
    is_due = any(counted.given) and _is_time_up(generation)
    if not rule.is_by_certainty:
        progress = measure(generation, counted.given)
        is_complete = rule.is_by_quorum and 0 < progress.size == progress.complete
        return Standing(progress, rule, is_enough=is_complete or is_due)
    has_floor = min(counted.given, default=0) >= FLOOR_RATINGS
    found = certainty.Certainty(is_fresh=True)
    if any(counted.given):
        found = certainty.look(generation, tally=counted.tally, is_patient=is_patient)
    progress = measure(generation, counted.given, error=found.error)
    is_sure = found.is_fresh and found.error is not None and found.error <= rule.wanted_error
    is_enough = has_floor and (is_sure or _has_the_most(counted, rule) or _is_exhausted(generation, progress))
    return Standing(progress, rule, is_enough=is_enough or is_due, is_stale=not found.is_fresh)


def measure(generation: Generation, given: Iterable[int], *, error: float | None = None) -> Progress:
    """Progress of a generation from the count of ratings of each of its individuals."""
    counts = list(given)
    rule = rule_of(generation)
    return Progress(
        generation=generation.number,
        size=len(counts),
        complete=sum(count >= rule.quorum for count in counts),
        quorum=rule.quorum,
        ratings=sum(min(count, rule.quorum) for count in counts),
        needed=rule.quorum * len(counts),
        expected_error=error,
        wanted_error=rule.wanted_error if rule.is_by_certainty else None,
        minutes=rule.minutes,
        closes_at=closes_at(generation),
    )


def progress_of_populations(populations: dict[int, Population]) -> dict[int, Progress]:
    """Progress of the open generation of each population; one query for all of them."""
    rows = (
        Individual.objects.filter(generation__population__in=populations, generation__closed_at=None, first=None)
        .order_by()
        .annotate(given=Count("ratings", filter=COUNTING))
        .values_list("generation__population_id", "given", *(f"generation__{name}" for name in OF_A_GENERATION))
    )
    given: dict[int, list[int]] = {}
    generations: dict[int, Generation] = {}
    for population_id, count, *fields in rows:
        given.setdefault(population_id, []).append(count)
        if population_id not in generations:
            known = dict(zip(OF_A_GENERATION, fields, strict=True))
            generations[population_id] = Generation(**known, population=populations[population_id])
    uncertain = [one.pk for one in generations.values() if rule_of(one).is_by_certainty]
    errors = certainty.remembered(uncertain)
    return {
        population_id: measure(generations[population_id], counts, error=errors.get(generations[population_id].pk))
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


def _is_time_up(generation: Generation) -> bool:
    end = closes_at(generation)
    return end is not None and end <= timezone.now()


def _has_the_most(counted: Counted, rule: Rule) -> bool:
    return sum(counted.given) >= MOST_QUORUMS * rule.quorum * len(counted.given)


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
