"""Credit: which living phrases descend from phrases that a listener liked, and how many liked their parents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from antiphon.listening.models import Rating
from antiphon.listening.protocol.told import Credited
from antiphon.populations.ancestry import KEPT_MAX, ancestry_of, count_heirs, shares
from antiphon.populations.models import Generation, Individual

LIKED_FROM = 3  # "fine", "good" and "love": wherever listeners are told what was liked, it is this


@dataclass(frozen=True)
class Descendant:
    """A living phrase with an ancestor that the listener liked.

    `share` is the part of its ancestry that goes back to such ones, as `antiphon.populations.ancestry.shares` says;
    `lives_on` that it is itself one that they liked in an earlier generation.
    """

    individual_id: int
    number: int
    share: float
    lives_on: bool


@dataclass(frozen=True)
class Credit:
    """What of a population's newest generation descends from the phrases that one listener liked: rated 3 or more.

    How much their rating weighed in the choice of parents is another question: a phrase that nobody else liked has no
    children, and one that everybody liked has them without this listener too.
    """

    generation: int
    size: int
    liked: int  # phrases of earlier generations that they liked
    share: float  # of the ancestry of all living phrases together
    descendants: tuple[Descendant, ...]


def credit_of(*, listener_id: UUID, population_id: int) -> Credit | None:
    """A listener's credit in the open generation, or in the last one; None where there is none. At most four queries.

    What counts of a phrase is the first answer, as for its fitness.
    """
    newest = Generation.objects.filter(population=population_id).order_by("-number").first()
    if newest is None:
        return None
    liked, ancestry = _liked([listener_id], newest)[listener_id], ancestry_of(newest.pk)
    share_of = shares((one.id for one in ancestry.living), ancestry.parents, liked)
    descendants = tuple(
        Descendant(one.id, one.number, round(share_of[one.id], 4), lives_on=one.first_id in liked)
        for one in ancestry.living
        if share_of[one.id] > 0
    )
    return Credit(
        generation=newest.number,
        size=len(ancestry.living),
        liked=len(liked),
        share=round(sum(share_of.values()) / max(len(share_of), 1), 4),
        descendants=descendants,
    )


def credited(*, listener_ids: Sequence[UUID], generation_id: int, gallery: str | None) -> list[Credited]:
    """What each of some listeners is told of their credit in their population's newest generation, in order.

    `gallery` is where it is shown, if it is. At most six queries, two where others have been told before.
    """
    newest = Generation.objects.get(pk=generation_id)
    ancestry, parentage = ancestry_of(newest.pk), parentage_of(newest.pk)
    liked = _liked(listener_ids, newest)
    choices = [liked[one] for one in listener_ids]
    return [
        Credited(
            generation=newest.number,
            size=len(ancestry.living),
            descendants=heirs,
            parents_liked=len(choice & parentage.parents),
            parents_liked_by=parentage.liked_by,
            gallery=gallery,
        )
        for choice, heirs in zip(
            choices, count_heirs([one.id for one in ancestry.living], ancestry.parents, choices), strict=True
        )
    ]


class Parentage(NamedTuple):
    """Whom a generation's newborn come from, each by its first life, and how many listeners liked one of them."""

    parents: frozenset[int]
    liked_by: int


@lru_cache(maxsize=KEPT_MAX)
def parentage_of(generation_id: int) -> Parentage:
    """The parents of a generation; two queries. A process keeps it: what has children is rated no more."""
    ancestry = ancestry_of(generation_id)
    direct = {parent for one in ancestry.living if one.first_id is None for parent in ancestry.parents.get(one.id, ())}
    lives = Individual.objects.filter(pk__in=direct).values_list("pk", "first_id")
    parents = frozenset(first_id or pk for pk, first_id in lives)
    answers = _first_answers(Rating.objects.filter(individual__in=parents)).values_list("listener_id", "value")
    return Parentage(parents, len({listener_id for listener_id, value in answers if value >= LIKED_FROM}))


def _liked(listener_ids: Collection[UUID], newest: Generation) -> dict[UUID, set[int]]:
    """The phrases of the generations before that each listener liked the first time they heard them; one query."""
    own = Rating.objects.filter(
        listener__in=listener_ids,
        individual__generation__population=newest.population_id,
        individual__generation__number__lt=newest.number,
    )
    liked: dict[UUID, set[int]] = {one: set() for one in listener_ids}
    for listener_id, individual_id, value in _first_answers(own).values_list("listener_id", "individual_id", "value"):
        if value >= LIKED_FROM:
            liked[listener_id].add(individual_id)
    return liked


def _first_answers(ratings: QuerySet[Rating]) -> QuerySet[Rating]:
    """Of each listener's answers to a phrase the first one."""
    of_one = ("listener_id", "individual_id")
    return ratings.order_by(*of_one, "pk").distinct(*of_one)
