"""Which two phrases are put side by side: finalists on both sides of the cut that the listener has rated."""

from collections.abc import Collection, Sequence
from hashlib import blake2b
from uuid import UUID

from antiphon.listening.assigning.plays import DuelPair

DUEL_EVERY = 5  # answers
DUELS_MAX = 4  # a listener and a generation


def is_due(answered: int, fought: int, *, is_done: bool) -> bool:
    """Whether the next thing may be a duel: now and then, and once all phrases are answered."""
    return fought < DUELS_MAX and answered > 0 and (is_done or answered % DUEL_EVERY == 0)


def pair_for(
    listener_id: UUID,
    generation_id: int,
    *,
    above: Sequence[int],
    below: Sequence[int],
    rated: Collection[int],
    fought: Collection[frozenset[int]],
) -> DuelPair | None:
    """The closest pair across the cut that this listener has rated and not compared; None where there is none.

    `above` and `below` hold individuals, the closest to the cut first. Which of the two stands left follows from the
    listener and the pair alone, so that a pair is one and the same duel in every process.
    """
    pairs = [(i + j, one, other) for i, one in enumerate(above) for j, other in enumerate(below)]
    for _, one, other in sorted(pairs, key=lambda pair: pair[0]):
        if one in rated and other in rated and frozenset((one, other)) not in fought:
            low, high = min(one, other), max(one, other)
            digest = blake2b(listener_id.bytes + f"{low} {high}".encode(), digest_size=1).digest()
            return DuelPair(generation_id, *((low, high) if digest[0] % 2 else (high, low)))
    return None
