"""What rooms and ratings look like, for the host's API and for the processes that serve a room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from redis.client import Redis

from antiphon.accounts.consent import asked
from antiphon.core.errors import NotFound
from antiphon.listening.live.presence import count_here
from antiphon.listening.models import Rating, Room
from antiphon.listening.progress import progress_of, progress_of_populations
from antiphon.listening.protocol.told import Progress
from antiphon.populations.closing import Rule, population_rule
from antiphon.populations.models import Individual, Population

__all__ = [
    "RoomView", "individual_ids", "is_rehearsed",
    "progress_of", "rated_by", "rated_pairs", "room_by_code", "room_link", "room_of",
    "rooms_of", "view_rooms",
]  # fmt: skip


# Grouped by listener first: to count different listeners in one go PostgreSQL sorts all ratings of a room.
COUNT_SAID = """
SELECT room_id, count(*), sum(ratings)::bigint
FROM (
  SELECT room_id, listener_id, count(*) AS ratings FROM listening_rating WHERE room_id = ANY(%s)
  GROUP BY room_id, listener_id
) AS by_listener
GROUP BY room_id
"""


class _Said(NamedTuple):
    listeners: int = 0
    ratings: int = 0


@dataclass(frozen=True)
class RoomView:
    """A room as its host sees it."""

    code: str
    name: str
    state: str
    population: Population
    link: str
    here: int
    listeners: int
    ratings: int
    progress: Progress | None
    rule: Rule
    has_anchors: bool
    has_repeats: bool
    has_duels: bool
    tags: list[str]
    consent_text: str
    consent_version: str
    created_at: object


def rooms_of(*, owner_id: int) -> QuerySet[Room]:
    """A host's rooms, newest first, with their population."""
    return Room.objects.filter(owner_id=owner_id).select_related("population")


def view_rooms(rooms: Iterable[Room]) -> list[RoomView]:
    """Rooms with who is here and how far their generations are; four queries for all of them."""
    shown = list(rooms)
    with Redis.from_url(settings.REDIS_URL) as valkey:
        here = count_here(valkey, [room.code for room in shown])
    progress = progress_of_populations({room.population_id for room in shown})
    said = _said_in([room.pk for room in shown])
    return [
        RoomView(
            code=room.code,
            name=room.name,
            state=room.state,
            population=room.population,
            link=room_link(room.code),
            here=here[room.code],
            listeners=said[room.pk].listeners,
            ratings=said[room.pk].ratings,
            progress=progress.get(room.population_id),
            rule=_rule(room.population, progress.get(room.population_id)),
            has_anchors=room.has_anchors,
            has_repeats=room.has_repeats,
            has_duels=room.has_duels,
            tags=room.tags,
            consent_text=room.consent_text,
            consent_version=asked(room.consent_text).version,
            created_at=room.created_at,
        )
        for room in shown
    ]


def _said_in(room_ids: Sequence[int]) -> dict[int, _Said]:
    """How many listeners gave how many ratings in each of some rooms; one query."""
    said = dict.fromkeys(room_ids, _Said())
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SAID, [list(room_ids)])
        said |= {room_id: _Said(listeners, ratings) for room_id, listeners, ratings in cursor.fetchall()}
    return said


def _rule(population: Population, progress: Progress | None) -> Rule:
    """What ends the open generation, as its progress has it, or the next one."""
    rule = population_rule(population)
    if progress is None:
        return rule
    wanted_error = rule.wanted_error if progress.wanted_error is None else progress.wanted_error
    return replace(rule, quorum=progress.quorum, wanted_error=wanted_error, minutes=progress.minutes)


def room_of(*, owner_id: int, code: str) -> Room:
    """One of a host's rooms, with its population. Raises NotFound."""
    room = rooms_of(owner_id=owner_id).filter(code=code).first()
    if room is None:
        raise NotFound(f"There is no room {code} of yours.")
    return room


def room_by_code(code: str) -> Room | None:
    """The room that anybody can enter with its code."""
    return Room.objects.filter(code=code).first()


def is_rehearsed(code: str) -> bool:
    """Whether there is a room with this code, on a population that simulated listeners rate."""
    return Room.objects.filter(code=code, population__is_rehearsal=True).exists()


def room_link(code: str) -> str:
    """The address to share."""
    return f"{settings.BASE_URL}/r/{code}/"


def individual_ids(*, generation_id: int) -> list[int]:
    """The individuals of a generation that are to be heard, in order; elites were heard before."""
    individuals = Individual.objects.filter(generation_id=generation_id, first=None).order_by("index")
    return list(individuals.values_list("pk", flat=True))


def rated_pairs(*, generation_id: int) -> list[tuple[UUID, int]]:
    """Who has rated what in a generation."""
    ratings = Rating.objects.filter(individual__generation_id=generation_id)
    return list(ratings.values_list("listener_id", "individual_id"))


def rated_by(*, generation_id: int, listener_id: UUID) -> set[int]:
    """What one listener has rated in a generation."""
    ratings = Rating.objects.filter(individual__generation_id=generation_id, listener_id=listener_id)
    return set(ratings.values_list("individual_id", flat=True))
