"""Ratings on their way into the database: many in one statement, each kept once, none for a closed generation."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from antiphon.listening.assigning.plays import Play

# One statement for all of them. The rows of the generations are share-locked until the commit: a generation that closes
# waits for ratings under way, and whoever waits for its lock finds it closed. A message that was revised or taken back
# does nothing when it comes again. Ratings come back by their place in the batch: less to read than their UUIDs.
WRITE_RATINGS = """
WITH is_open AS MATERIALIZED (
  SELECT id, population_id FROM populations_generation
  WHERE id = ANY(%s::bigint[]) AND closed_at IS NULL
  ORDER BY id FOR SHARE
), incoming AS (
  SELECT given.*
  FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::uuid[], %s::bigint[], %s::text[], %s::int[],
              %s::smallint[], %s::text[], %s::text[], %s::smallint[], %s::bool[], %s::uuid[], %s::int[])
    AS given (place, room_id, population_id, generation_id, listener_id, individual_id, kind, occasion,
              value, tags, remark, program, has_beat, client_id, heard_ms)
  JOIN is_open ON is_open.id = generation_id AND is_open.population_id = given.population_id
), written AS (
  INSERT INTO listening_rating (room_id, listener_id, individual_id, kind, occasion, value, tags, remark, program,
                                has_beat, client_id, earlier_ids, heard_ms, created_at)
  SELECT room_id, listener_id, individual_id, kind, occasion, value, string_to_array(tags, ','), remark, program,
         has_beat, client_id, '{}', heard_ms, now()
  FROM incoming
  WHERE NOT EXISTS (
    SELECT FROM listening_retraction AS taken_back
    WHERE taken_back.listener_id = incoming.listener_id AND taken_back.individual_id = incoming.individual_id
      AND incoming.client_id = ANY(taken_back.answer_ids)
  )
  ORDER BY listener_id, individual_id, occasion
  ON CONFLICT (listener_id, individual_id, occasion) DO UPDATE
    SET value = excluded.value, tags = excluded.tags, remark = excluded.remark,
        program = excluded.program, has_beat = excluded.has_beat, heard_ms = excluded.heard_ms,
        room_id = excluded.room_id, client_id = excluded.client_id, revised_at = now(),
        earlier_ids = listening_rating.earlier_ids || listening_rating.client_id
    WHERE listening_rating.client_id <> excluded.client_id
      AND excluded.client_id <> ALL(listening_rating.earlier_ids)
  RETURNING listener_id, individual_id, occasion, xmax = 0 AS is_new
)
SELECT place, is_new FROM incoming JOIN written USING (listener_id, individual_id, occasion)
"""
# Why a rating was not written: it is there already, it was taken back, or it has no open generation in this population.
EXPLAIN = """
SELECT place, r.value, r.revised_at IS NOT NULL,
  EXISTS (
    SELECT FROM listening_retraction AS t
    WHERE t.listener_id = given.listener_id AND t.individual_id = given.individual_id
      AND given.client_id = ANY(t.answer_ids)
  ),
  EXISTS (
    SELECT FROM populations_individual i JOIN populations_generation g ON g.id = i.generation_id
    WHERE i.id = given.individual_id AND g.population_id = given.population_id
  )
FROM unnest(%s::int[], %s::bigint[], %s::uuid[], %s::bigint[], %s::int[], %s::uuid[])
  AS given (place, population_id, listener_id, individual_id, occasion, client_id)
LEFT JOIN listening_rating r
  ON r.listener_id = given.listener_id AND r.individual_id = given.individual_id AND r.occasion = given.occasion
    AND (r.client_id = given.client_id OR given.client_id = ANY(r.earlier_ids))
"""


@dataclass(frozen=True, slots=True)
class NewRating:
    """A rating as it came from a page; what is not plausible was refused before."""

    room_id: int
    population_id: int
    listener_id: UUID
    play: Play
    value: int
    client_id: UUID
    heard_ms: int
    tags: tuple[str, ...] = ()
    remark: str = ""
    program: int | None = None
    has_beat: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        """What there is one rating for; numbers, which are hashed faster than a UUID."""
        return self.listener_id.int, self.play.individual_id, self.play.occasion


class Verdict(StrEnum):
    KEPT = "kept"
    CLOSED = "closed"  # its generation takes no more answers
    UNKNOWN = "unknown"  # no such individual in this population
    RETRACTED = "retracted"  # its listener has taken it back
    ABSENT = "absent"  # there is nothing to take back
    RATED = "rated"  # it has a rating, which must be taken back first


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer. A resend of one that is kept gets the answer that the first one got."""

    verdict: Verdict
    value: int | None = None
    is_revision: bool = False
    is_new: bool = False  # this call made the row
    is_rating: bool = True  # and not a skip, of what was taken back


def write_ratings(ratings: Sequence[NewRating]) -> list[Outcome]:
    """Keep ratings of different plays and say what became of each, in order.

    Where one of them cannot be kept (its room or listener was deleted meanwhile), the others still are.
    """
    try:
        return _write(ratings)
    except IntegrityError:
        if len(ratings) == 1:
            return [Outcome(Verdict.UNKNOWN)]
        return [outcome for rating in ratings for outcome in write_ratings([rating])]


def _write(ratings: Sequence[NewRating]) -> list[Outcome]:
    written = _insert(ratings)
    outcomes = {
        place: Outcome(Verdict.KEPT, value=ratings[place].value, is_revision=not is_new, is_new=is_new)
        for place, is_new in written.items()
    }
    if len(written) < len(ratings):
        outcomes |= _explain(ratings, [place for place in range(len(ratings)) if place not in written])
    return [outcomes[place] for place in range(len(ratings))]


def _insert(ratings: Sequence[NewRating]) -> dict[int, bool]:
    """Places whose rating was made (True) or revised (False); all others were not written."""
    plays = [rating.play for rating in ratings]
    columns: list[Any] = [
        _array({play.generation_id for play in plays}),
        _array(range(len(ratings))),
        _array(rating.room_id for rating in ratings),
        _array(rating.population_id for rating in ratings),
        _array(play.generation_id for play in plays),
        _array(rating.listener_id for rating in ratings),
        _array(play.individual_id for play in plays),
        _array(play.kind for play in plays),
        _array(play.occasion for play in plays),
        _array(rating.value for rating in ratings),
        [",".join(rating.tags) for rating in ratings],
        [rating.remark for rating in ratings],
        _array("NULL" if rating.program is None else rating.program for rating in ratings),
        _array(rating.has_beat for rating in ratings),
        _array(rating.client_id for rating in ratings),
        _array(rating.heard_ms for rating in ratings),
    ]
    # The one statement is a transaction by itself; to begin and commit one around it would be two more round trips.
    with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
        cursor.execute(WRITE_RATINGS, columns)
        return dict(cursor.fetchall())


def _explain(ratings: Sequence[NewRating], places: list[int]) -> dict[int, Outcome]:
    some = [ratings[place] for place in places]
    columns: list[Any] = [
        _array(places),
        _array(rating.population_id for rating in some),
        _array(rating.listener_id for rating in some),
        _array(rating.play.individual_id for rating in some),
        _array(rating.play.occasion for rating in some),
        _array(rating.client_id for rating in some),
    ]
    with connection.cursor() as cursor:
        cursor.execute(EXPLAIN, columns)
        return {
            place: _explained(value, is_revised, is_retracted, is_known)
            for place, value, is_revised, is_retracted, is_known in cursor.fetchall()
        }


def _explained(value: int | None, is_revised: bool, is_retracted: bool, is_known: bool) -> Outcome:
    if value is not None:
        return Outcome(Verdict.KEPT, value=value, is_revision=is_revised)
    if is_retracted:
        return Outcome(Verdict.RETRACTED)
    return Outcome(Verdict.CLOSED if is_known else Verdict.UNKNOWN)


def _array(values: Iterable[int | str | UUID]) -> str:
    """A PostgreSQL array as text: the driver's own lists cost several times as much for each element."""
    return f"{{{','.join(map(str, values))}}}"
