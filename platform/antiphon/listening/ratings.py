"""Ratings on their way into the database: many in one statement, each kept once, none for a closed generation."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
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
WRITE_RATINGS = """
INSERT INTO listening_rating (room_id, listener_id, individual_id, value, client_id, heard_ms, created_at)
SELECT room_id, listener_id, individual_id, value, client_id, heard_ms, now()
FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::smallint[], %s::uuid[], %s::int[])
  AS incoming (room_id, listener_id, individual_id, value, client_id, heard_ms)
ORDER BY listener_id, individual_id
ON CONFLICT (listener_id, individual_id) DO UPDATE
  SET value = excluded.value, client_id = excluded.client_id, heard_ms = excluded.heard_ms,
      room_id = excluded.room_id, revised_at = now()
  WHERE listening_rating.client_id <> excluded.client_id
RETURNING listener_id, individual_id, xmax = 0
"""
FIND_RATINGS = """
SELECT listener_id, individual_id, client_id, value, revised_at IS NOT NULL
FROM listening_rating
WHERE listener_id = ANY(%s::uuid[]) AND individual_id = ANY(%s::bigint[])
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
    def pair(self) -> tuple[UUID, int]:
        """What there is one rating for."""
        return self.listener_id, self.individual_id


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
    takeable = [rating for rating, verdict in zip(ratings, verdicts, strict=True) if verdict is Verdict.KEPT]
    written = _insert(takeable)
    rest = [rating for rating in ratings if rating.pair not in written]
    earlier = _find_ratings(rest)
    return [_outcome(rating, verdict, written, earlier) for rating, verdict in zip(ratings, verdicts, strict=True)]


def _verdict(rating: NewRating, known: dict[int, tuple[int, bool]]) -> Verdict:
    population_id, is_open = known.get(rating.individual_id, (None, False))
    if population_id != rating.population_id:
        return Verdict.UNKNOWN
    return Verdict.KEPT if is_open else Verdict.CLOSED


def _outcome(
    rating: NewRating,
    verdict: Verdict,
    written: dict[tuple[UUID, int], bool],
    earlier: dict[tuple[UUID, int], tuple[UUID, int, bool]],
) -> Outcome:
    is_new = written.get(rating.pair)
    if is_new is not None:
        return Outcome(Verdict.KEPT, value=rating.value, is_revision=not is_new, is_new=is_new)
    client_id, value, is_revised = earlier.get(rating.pair, (None, 0, False))
    if client_id == rating.client_id:
        return Outcome(Verdict.KEPT, value=value, is_revision=is_revised)
    return Outcome(Verdict.UNKNOWN if verdict is Verdict.UNKNOWN else Verdict.CLOSED)


def _find_individuals(ids: set[int]) -> dict[int, tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(FIND_INDIVIDUALS, [sorted(ids)])
        return {pk: (population_id, is_open) for pk, population_id, is_open in cursor.fetchall()}


def _insert(ratings: Sequence[NewRating]) -> dict[tuple[UUID, int], bool]:
    """Pairs whose rating was made (True) or revised (False); a resend is neither."""
    if not ratings:
        return {}
    columns: list[Any] = [  # each a PostgreSQL array
        [rating.room_id for rating in ratings],
        [rating.listener_id for rating in ratings],
        [rating.individual_id for rating in ratings],
        [rating.value for rating in ratings],
        [rating.client_id for rating in ratings],
        [rating.heard_ms for rating in ratings],
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_RATINGS, columns)
        return {(listener_id, individual_id): is_new for listener_id, individual_id, is_new in cursor.fetchall()}


def _find_ratings(ratings: Sequence[NewRating]) -> dict[tuple[UUID, int], tuple[UUID, int, bool]]:
    if not ratings:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            FIND_RATINGS,
            [[rating.listener_id for rating in ratings], [rating.individual_id for rating in ratings]],
        )
        return {
            (listener_id, individual_id): (client_id, value, is_revised)
            for listener_id, individual_id, client_id, value, is_revised in cursor.fetchall()
        }
