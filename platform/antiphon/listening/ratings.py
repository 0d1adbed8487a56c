"""Ratings on their way into the database: many in one statement, each kept once, none for a closed generation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import IntegrityError, connection, transaction

# The rows of the generations are share-locked until the commit: a generation that closes waits for ratings under way,
# and whoever waits for its lock finds it closed.
FIND_INDIVIDUALS = """
SELECT i.id, g.population_id, g.closed_at IS NULL
FROM populations_individual i JOIN populations_generation g ON g.id = i.generation_id
WHERE i.id = ANY(%s::bigint[])
ORDER BY g.id, i.id
FOR SHARE OF g
"""
# Ratings go and come back by their place in the batch: less to read on either side than their UUIDs.
WRITE_RATINGS = """
WITH incoming AS (
  SELECT * FROM unnest(%s::int[], %s::bigint[], %s::uuid[], %s::bigint[], %s::smallint[], %s::uuid[], %s::int[])
    AS incoming (place, room_id, listener_id, individual_id, value, client_id, heard_ms)
), written AS (
  INSERT INTO listening_rating (room_id, listener_id, individual_id, value, client_id, heard_ms, created_at)
  SELECT room_id, listener_id, individual_id, value, client_id, heard_ms, now()
  FROM incoming ORDER BY listener_id, individual_id
  ON CONFLICT (listener_id, individual_id) DO UPDATE
    SET value = excluded.value, client_id = excluded.client_id, heard_ms = excluded.heard_ms,
        room_id = excluded.room_id, revised_at = now()
    WHERE listening_rating.client_id <> excluded.client_id
  RETURNING listener_id, individual_id, xmax = 0 AS is_new
)
SELECT place, is_new FROM incoming JOIN written USING (listener_id, individual_id)
"""
FIND_RATINGS = """
SELECT place, r.client_id, r.value, r.revised_at IS NOT NULL
FROM unnest(%s::int[], %s::uuid[], %s::bigint[]) AS incoming (place, listener_id, individual_id)
JOIN listening_rating r USING (listener_id, individual_id)
"""


@dataclass(frozen=True)
class NewRating:
    """A rating as it came from a page; what is not plausible was refused before."""

    room_id: int
    population_id: int
    listener_id: UUID
    individual_id: int
    value: int
    client_id: UUID
    heard_ms: int

    @property
    def pair(self) -> tuple[int, int]:
        """What there is one rating for; numbers, which are hashed faster than a UUID."""
        return self.listener_id.int, self.individual_id


class Verdict(StrEnum):
    KEPT = "kept"
    CLOSED = "closed"  # its generation takes no more ratings
    UNKNOWN = "unknown"  # no such individual in this population


@dataclass(frozen=True)
class Outcome:
    """What became of a rating. A resend of one that is kept gets the answer that the first one got."""

    verdict: Verdict
    value: int = 0
    is_revision: bool = False
    is_new: bool = False  # this call made the row


def write_ratings(ratings: Sequence[NewRating]) -> list[Outcome]:
    """Keep ratings of different (listener, individual) pairs and say what became of each, in order.

    Where one of them cannot be kept (its room or listener was deleted meanwhile), the others still are.
    """
    try:
        return _write(ratings)
    except IntegrityError:
        if len(ratings) == 1:
            return [Outcome(Verdict.UNKNOWN)]
        return [outcome for rating in ratings for outcome in write_ratings([rating])]


@transaction.atomic
def _write(ratings: Sequence[NewRating]) -> list[Outcome]:
    known = _find_individuals({rating.individual_id for rating in ratings})
    verdicts = [_verdict(rating, known) for rating in ratings]
    written = _insert(ratings, [place for place, verdict in enumerate(verdicts) if verdict is Verdict.KEPT])
    earlier = _find_ratings(ratings, [place for place in range(len(ratings)) if place not in written])
    return [
        _outcome(rating, verdict, written.get(place), earlier.get(place, (None, 0, False)))
        for place, (rating, verdict) in enumerate(zip(ratings, verdicts, strict=True))
    ]


def _verdict(rating: NewRating, known: dict[int, tuple[int, bool]]) -> Verdict:
    population_id, is_open = known.get(rating.individual_id, (None, False))
    if population_id != rating.population_id:
        return Verdict.UNKNOWN
    return Verdict.KEPT if is_open else Verdict.CLOSED


def _outcome(
    rating: NewRating, verdict: Verdict, is_new: bool | None, earlier: tuple[UUID | None, int, bool]
) -> Outcome:
    if is_new is not None:
        return Outcome(Verdict.KEPT, value=rating.value, is_revision=not is_new, is_new=is_new)
    client_id, value, is_revised = earlier
    if client_id == rating.client_id:
        return Outcome(Verdict.KEPT, value=value, is_revision=is_revised)
    return Outcome(Verdict.UNKNOWN if verdict is Verdict.UNKNOWN else Verdict.CLOSED)


def _find_individuals(ids: set[int]) -> dict[int, tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(FIND_INDIVIDUALS, [sorted(ids)])
        return {pk: (population_id, is_open) for pk, population_id, is_open in cursor.fetchall()}


def _insert(ratings: Sequence[NewRating], places: list[int]) -> dict[int, bool]:
    """Places whose rating was made (True) or revised (False); a resend is neither."""
    if not places:
        return {}
    some = [ratings[place] for place in places]
    columns = [
        _array(places),
        _array(rating.room_id for rating in some),
        _array(rating.listener_id for rating in some),
        _array(rating.individual_id for rating in some),
        _array(rating.value for rating in some),
        _array(rating.client_id for rating in some),
        _array(rating.heard_ms for rating in some),
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_RATINGS, columns)
        return dict(cursor.fetchall())


def _find_ratings(ratings: Sequence[NewRating], places: list[int]) -> dict[int, tuple[UUID | None, int, bool]]:
    if not places:
        return {}
    columns = [
        _array(places),
        _array(ratings[place].listener_id for place in places),
        _array(ratings[place].individual_id for place in places),
    ]
    with connection.cursor() as cursor:
        cursor.execute(FIND_RATINGS, columns)
        return {place: (client_id, value, is_revised) for place, client_id, value, is_revised in cursor.fetchall()}


def _array(values: Iterable[int | UUID]) -> str:
    """A PostgreSQL array as text: the driver's own lists cost several times as much for each element."""
    return f"{{{','.join(map(str, values))}}}"
