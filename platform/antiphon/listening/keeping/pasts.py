"""What the database knows of listeners who come into rooms: what they agreed to, said and heard there before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from antiphon.accounts.consent import accepted_by
from antiphon.listening.assigning.heard import Heard
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.live.snapshots import OpenGeneration
from antiphon.listening.models import Duel
from antiphon.listening.protocol.told import Given

GENERATIONS_BACK = 8  # whose plays are looked at when a listener comes: more than a repeat reaches back
# The answers of each newcomer in the population that they come to, in order, each with the generation it was heard in.
ANSWERS = """
SELECT place, individual_id, kind, occasion, heard_in.id, heard_in.number, answer.created_at,
  value, tags, remark, reason
FROM unnest(%(places)s::int[], %(listeners)s::uuid[], %(populations)s::bigint[], %(since)s::int[])
  AS newcomer (place, listener_id, population_id, since)
JOIN (
  SELECT listener_id, individual_id, kind, occasion, created_at, value, tags, remark, NULL AS reason
  FROM listening_rating
  UNION ALL
  SELECT listener_id, individual_id, kind, occasion, created_at, NULL, NULL, NULL, reason
  FROM listening_skip
) AS answer USING (listener_id)
JOIN populations_individual individual ON individual.id = answer.individual_id
JOIN populations_generation born_in
  ON born_in.id = individual.generation_id AND born_in.population_id = newcomer.population_id
JOIN populations_generation heard_in
  ON heard_in.population_id = newcomer.population_id
  AND heard_in.number = CASE WHEN occasion = 0 THEN born_in.number ELSE occasion - 1 END
WHERE heard_in.number >= since OR individual_id = ANY(%(always)s::bigint[])
ORDER BY answer.created_at
"""


@dataclass(frozen=True)
class Newcomer:
    """Somebody who comes into a room, and what that room is at the moment."""

    listener_id: UUID
    population_id: int
    generation: OpenGeneration | None
    consent_version: str


@dataclass(frozen=True)
class Said:
    """One answer of a listener, with the play that it is about."""

    play: Play
    value: int | None
    reason: str | None
    tags: tuple[str, ...]
    remark: str

    def given(self, listener_id: UUID) -> Given:
        """The answer as its listener's page is told it."""
        return Given.model_validate(
            {
                "offer": self.play.seal(listener_id),
                "value": self.value,
                "reason": self.reason,
                "tags": list(self.tags),
                "remark": self.remark,
            }
        )


@dataclass(frozen=True)
class Past:
    """What the database knows of a newcomer."""

    generation: OpenGeneration | None  # that was open when this was read
    has_consented: bool
    said: tuple[Said, ...]  # in the open generation, in order; of a phrase skipped and rated, the rating
    heard: tuple[Heard, ...]  # in it and in a few before it; what tells the crowd apart whenever it was
    fought: tuple[frozenset[int], ...]  # pairs of the open generation that were compared


def pasts_of(newcomers: Sequence[Newcomer]) -> list[Past]:
    """The past of each newcomer, in order; two queries for however many rooms, and one for each text to agree to."""
    agreed = _agreed(newcomers)
    heard, said = _answers(newcomers)
    fought = _fought(newcomers)
    return [
        Past(
            one.generation,
            (one.listener_id, one.consent_version) in agreed,
            tuple(said[place].values()),
            tuple(heard[place]),
            () if one.generation is None else tuple(fought[one.listener_id, one.generation.id]),
        )
        for place, one in enumerate(newcomers)
    ]


def _agreed(newcomers: Sequence[Newcomer]) -> set[tuple[UUID, str]]:
    asked: dict[str, list[UUID]] = defaultdict(list)
    for one in newcomers:
        asked[one.consent_version].append(one.listener_id)
    return {
        (listener_id, version)
        for version, listeners in asked.items()
        for listener_id in accepted_by(listener_ids=listeners, version=version)
    }


def _answers(newcomers: Sequence[Newcomer]) -> tuple[dict[int, list[Heard]], dict[int, dict[tuple[int, int], Said]]]:
    """By the place of each newcomer: what they heard; and what they said in the open generation, by the play's key."""
    heard: dict[int, list[Heard]] = defaultdict(list)
    said: dict[int, dict[tuple[int, int], Said]] = defaultdict(dict)
    open_to = {place: one.generation for place, one in enumerate(newcomers) if one.generation is not None}
    asked: dict[str, list[Any]] = {
        "places": list(open_to),
        "listeners": [newcomers[place].listener_id for place in open_to],
        "populations": [newcomers[place].population_id for place in open_to],
        "since": [of.number - GENERATIONS_BACK for of in open_to.values()],
        "always": sorted({pk for of in open_to.values() for pk in of.round.telling}),
    }
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, asked)
        for place, pk, kind, occasion, generation_id, number, at, value, tags, remark, reason in cursor.fetchall():
            play = Play(pk, generation_id, Kind(kind), occasion)
            is_rating = value is not None
            heard[place].append(Heard(newcomers[place].listener_id, play, number, is_rating, at))
            if generation_id == open_to[place].id and (is_rating or play.key not in said[place]):
                said[place].pop(play.key, None)  # a rating given after a skip stands, where it was given
                said[place][play.key] = Said(play, value, reason, tuple(tags or ()), remark or "")
    return heard, said


def _fought(newcomers: Sequence[Newcomer]) -> dict[tuple[UUID, int], list[frozenset[int]]]:
    fought: dict[tuple[UUID, int], list[frozenset[int]]] = defaultdict(list)
    duels = Duel.objects.filter(
        listener__in={one.listener_id for one in newcomers},
        generation__in={one.generation.id for one in newcomers if one.generation is not None},
    )
    for by, generation_id, left, right in duels.values_list("listener_id", "generation_id", "left_id", "right_id"):
        fought[by, generation_id].append(frozenset((left, right)))
    return fought
