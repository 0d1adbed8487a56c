"""What was heard by whom, as the database has it: assignment is rebuilt from it, and learns of listeners who return."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.models import Rating, Skip
from antiphon.populations.models import Generation, Individual

ANCHORS = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """One answered play, and the number of the generation in which it was heard."""

    listener_id: UUID
    play: Play
    number: int
    is_rating: bool
    at: datetime


def individuals_to_hear(*, generation_id: int) -> list[int]:
    """The individuals of a generation that are new in it; those who live on were heard before."""
    individuals = Individual.objects.filter(generation_id=generation_id, first=None).order_by("index")
    return list(individuals.values_list("pk", flat=True))


def heard_in(
    *,
    population_id: int,
    numbers: Iterable[int] | None = None,
    listener_ids: Collection[UUID] | None = None,
    always: Iterable[int] = (),
) -> list[Heard]:
    """What was answered while these generations (all, where none are named) were open, in order; three queries.

    By these listeners, or by all. What was answered of the individuals in `always` is there whenever it was.
    """
    ids = dict(Generation.objects.filter(population=population_id).values_list("number", "pk"))
    mine = Q(individual__generation__population=population_id)
    if listener_ids is not None:
        mine &= Q(listener__in=listener_ids)
    if numbers is not None:
        wanted = [number for number in numbers if number >= 0]
        then = Q(occasion=0, individual__generation__number__in=wanted) | Q(occasion__in=[one + 1 for one in wanted])
        mine &= then | Q(individual__in=list(always))
    columns = ("listener_id", "individual_id", "kind", "occasion", "individual__generation__number", "created_at")
    found = []
    for model in (Rating, Skip):
        for by, individual_id, kind, occasion, born_in, at in model.objects.filter(mine).values_list(*columns):
            number = occasion - 1 if occasion else born_in
            play = Play(individual_id, ids[number], Kind(kind), occasion)
            found.append(Heard(by, play, number, model is Rating, at))
    return sorted(found, key=lambda one: one.at)


def anchors_of(*, population_id: int) -> tuple[int, ...]:
    """The phrases of the first generation that are heard again through the whole run, once that has closed.

    They lie evenly between its least and its most liked, so that every listener has something to be measured by. Once
    one has been heard as an anchor it stays one.
    """
    anchors = used_anchors(population_id=population_id)[:ANCHORS]
    ranked = list(
        Individual.objects.filter(
            generation__population=population_id, generation__number=0, first=None, fitness__isnull=False
        )
        .order_by("fitness", "index")
        .values_list("pk", flat=True)
    )
    for place in range(ANCHORS):
        if len(anchors) < ANCHORS and ranked:
            liked = ranked[(2 * place + 1) * len(ranked) // (2 * ANCHORS)]
            if liked not in anchors:
                anchors.append(liked)
    return tuple(sorted(anchors))


def used_anchors(*, population_id: int) -> list[int]:
    """The phrases that somebody has answered as an anchor."""
    answered = Rating.objects.filter(kind=Kind.ANCHOR, individual__generation__population=population_id)
    return list(answered.order_by("individual_id").values_list("individual_id", flat=True).distinct())
