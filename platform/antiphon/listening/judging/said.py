"""What was said in a population up to a generation, as the fitness model has to have it.

One listener has one voice about one phrase: the first answer, wherever it was heard. What they answered when they heard
it again, as an anchor or a hidden repeat, tells how consistent they are and nothing else.
"""

from dataclasses import dataclass
from uuid import UUID

from antiphon.listening.models import Duel, Rating


@dataclass(frozen=True)
class Said:
    """Answers by listener and individual, in the order in which they came."""

    voices: list[tuple[UUID, int, int]]  # listener, individual, rating
    repeats: list[tuple[UUID, int, int]]  # listener, the rating before, the rating again
    duels: list[tuple[UUID, int, int]]  # listener, winner, loser; those that are equal say nothing of either


def said_up_to(*, population_id: int, number: int) -> Said:
    """What was said while the generations up to this one were open; two queries."""
    ratings = Rating.objects.filter(
        individual__generation__population=population_id,
        individual__generation__number__lte=number,
        occasion__lte=number + 1,
    ).order_by("pk")
    voices: list[tuple[UUID, int, int]] = []
    repeats: list[tuple[UUID, int, int]] = []
    last: dict[tuple[UUID, int], int] = {}
    for listener_id, individual_id, value in ratings.values_list("listener_id", "individual_id", "value"):
        before = last.get((listener_id, individual_id))
        last[listener_id, individual_id] = value
        if before is None:
            voices.append((listener_id, individual_id, value))
        else:
            repeats.append((listener_id, before, value))
    fought = Duel.objects.filter(generation__population=population_id, generation__number__lte=number)
    decided = fought.exclude(choice=Duel.Choice.EQUAL).order_by("pk")
    duels = [
        (listener_id, left, right) if choice == Duel.Choice.LEFT else (listener_id, right, left)
        for listener_id, left, right, choice in decided.values_list("listener_id", "left_id", "right_id", "choice")
    ]
    return Said(voices, repeats, duels)
