"""How far generations are, and whether that is enough to close them: by quorum, by how sure parents are, by time."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from antiphon.listening.judging import certainty
from antiphon.listening.models import Rating, SetAside
from antiphon.listening.protocol.told import Progress
from antiphon.populations.closing import Rule, closes_at, rule_of
from antiphon.populations.models import Generation

log = logging.getLogger(__name__)

FLOOR_RATINGS = 2  # of each phrase, before parents can be sure
MOST_QUORUMS = 4  # times the quorum on average: more is not asked for, however unsure the parents are
# A repeat is no further voice, whom the host has set aside has none, and elites are not asked for again. Rooms ask for
# it several times a second, of all ratings of their generations: to look each rating's listener up is far dearer.
COUNT_RATINGS = """
SELECT generation_id, given, count(*), sum(revised)
FROM (
  SELECT i.generation_id, count(r.id) AS given, count(r.revised_at) AS revised
  FROM populations_individual i
  JOIN populations_generation g ON g.id = i.generation_id
  LEFT JOIN listening_rating r ON r.individual_id = i.id AND r.occasion = 0
    AND (g.population_id, r.listener_id) NOT IN (
      SELECT aside.population_id, aside.listener_id FROM listening_setaside aside
      JOIN populations_generation g ON g.population_id = aside.population_id WHERE g.id = ANY(%(generations)s)
    )
  WHERE i.generation_id = ANY(%(generations)s) AND i.first_id IS NULL
  GROUP BY i.id
) AS heard
GROUP BY generation_id, given
"""


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


@dataclass
class Counted:
    """How many individuals that are to be heard have how many ratings, and how many answers there were in all."""

    individuals: Counter[int] = field(default_factory=Counter)  # by their ratings
    tally: int = 0  # of ratings, with those given anew

    @property
    def ratings(self) -> int:
        """Ratings of all of them."""
        return sum(given * count for given, count in self.individuals.items())

    @property
    def least(self) -> int:
        """Ratings that each has at least; 0 where there is none to be heard."""
        return min(self.individuals, default=0)


def progress_of(generation: Generation) -> Progress:
    """How far a generation is, from the ratings in the database, with the certainty found last. One query."""
    is_by_certainty = rule_of(generation).is_by_certainty
    error = certainty.remembered([generation.pk])[generation.pk] if is_by_certainty else None
    return measure(generation, _count([generation.pk])[generation.pk], error=error)


def progress_of_populations(population_ids: Collection[int]) -> dict[int, Progress]:
    """Progress of the open generation of each population that has one; two queries for all of them."""
    open_now = Generation.objects.select_related("population").filter(population__in=population_ids, closed_at=None)
    generations = list(open_now)
    counted = _count(one.pk for one in generations)
    errors = certainty.remembered([one.pk for one in generations if rule_of(one).is_by_certainty])
    return {one.population_id: measure(one, counted[one.pk], error=errors.get(one.pk)) for one in generations}


def standing_of(*, generation_id: int, is_patient: bool = True) -> Standing:
    """How far a generation is, and whether that is enough. Raises Generation.DoesNotExist; else as `standings_of`."""
    standings = standings_of([generation_id], is_patient=is_patient)
    if generation_id not in standings:
        raise Generation.DoesNotExist(f"There is no generation {generation_id}.")
    return standings[generation_id]


def standings_of(generation_ids: Collection[int], *, is_patient: bool = True) -> dict[int, Standing]:
    """How far each generation that there is has come, and whether that is enough.

    Two queries for all, and an estimate for each that certainty closes. Who is patient may be told of a certainty that
    is a moment old.
    """
    generations = Generation.objects.select_related("population").in_bulk(list(generation_ids))
    counted = _count(generations)
    return {pk: _standing(one, counted[pk], is_patient=is_patient) for pk, one in generations.items()}


def measure(generation: Generation, counted: Counted, *, error: float | None = None) -> Progress:
    """Progress of a generation whose ratings were counted."""
    rule = rule_of(generation)
    individuals = counted.individuals
    return Progress(
        generation=generation.number,
        size=individuals.total(),
        complete=sum(count for given, count in individuals.items() if given >= rule.quorum),
        quorum=rule.quorum,
        ratings=sum(min(given, rule.quorum) * count for given, count in individuals.items()),
        needed=rule.quorum * individuals.total(),
        expected_error=error,
        wanted_error=rule.wanted_error if rule.is_by_certainty else None,
        minutes=rule.minutes,
        closes_at=closes_at(generation),
    )


def _standing(generation: Generation, counted: Counted, *, is_patient: bool) -> Standing:
    rule = rule_of(generation)
    is_due = bool(counted.ratings) and _is_time_up(generation)
    if not rule.is_by_certainty:
        progress = measure(generation, counted)
        is_complete = rule.is_by_quorum and 0 < progress.size == progress.complete
        return Standing(progress, rule, is_enough=is_complete or is_due)
    found = _look(generation, counted, is_patient=is_patient)
    progress = measure(generation, counted, error=found.error)
    is_sure = found.is_fresh and found.error is not None and found.error <= rule.wanted_error
    is_enough = is_sure or _has_the_most(counted, rule) or _is_exhausted(generation, progress)
    is_enough = is_enough and counted.least >= FLOOR_RATINGS
    return Standing(progress, rule, is_enough=is_enough or is_due, is_stale=not found.is_fresh)


def _look(generation: Generation, counted: Counted, *, is_patient: bool) -> certainty.Certainty:
    if not counted.ratings:
        return certainty.Certainty(is_fresh=True)
    try:
        return certainty.look(generation, tally=counted.tally, is_patient=is_patient)
    except Exception:
        if not is_patient:
            raise
        log.exception("the certainty of generation %s was not found; it is tried again", generation.pk)
        return certainty.Certainty()  # the generations that were counted along with it are told of


def _count(generation_ids: Iterable[int]) -> dict[int, Counted]:
    """The counted ratings of each of some generations; one query."""
    counted = {pk: Counted() for pk in generation_ids}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_RATINGS, {"generations": list(counted)})
        for pk, given, individuals, revised in cursor.fetchall():
            counted[pk].individuals[given] = individuals
            counted[pk].tally += given * individuals + int(revised)
    return counted


def _is_time_up(generation: Generation) -> bool:
    end = closes_at(generation)
    return end is not None and end <= timezone.now()


def _has_the_most(counted: Counted, rule: Rule) -> bool:
    return counted.ratings >= MOST_QUORUMS * rule.quorum * counted.individuals.total()


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
