"""Credit: which of the phrases that live now descend from phrases that a listener rated high."""

from dataclasses import dataclass
from uuid import UUID

from antiphon.listening.models import Rating
from antiphon.populations.ancestry import ancestry_of, shares
from antiphon.populations.models import Generation

LIKED_FROM = 4  # "good" and "love"


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
    """What of a population's newest generation descends from the phrases that one listener rated 4 or 5.

    How much their rating weighed in the choice of parents is another question: a phrase that nobody else liked has no
    children, and one that everybody liked has them without this listener too.
    """

    generation: int
    size: int
    liked: int  # phrases of earlier generations that they rated so
    share: float  # of the ancestry of all living phrases together
    descendants: tuple[Descendant, ...]


def credit_of(*, listener_id: UUID, population_id: int) -> Credit | None:
    """A listener's credit in the open generation, or in the last one; None where there is none. At most four queries.

    What counts of a phrase is the first answer, as for its fitness.
    """
    newest = Generation.objects.filter(population=population_id).order_by("-number").first()
    if newest is None:
        return None
    liked = _liked(listener_id, newest)
    ancestry = ancestry_of(newest.pk)
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


def _liked(listener_id: UUID, newest: Generation) -> set[int]:
    """The phrases of the generations before that a listener rated high the first time they heard them."""
    first_answers = (
        Rating.objects.filter(
            listener=listener_id,
            individual__generation__population=newest.population_id,
            individual__generation__number__lt=newest.number,
        )
        .order_by("individual_id", "pk")
        .distinct("individual_id")
        .values_list("individual_id", "value")
    )
    return {individual_id for individual_id, value in first_answers if value >= LIKED_FROM}
