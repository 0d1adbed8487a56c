"""Strokes: what is struck at one time in a phrase, for many phrases at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from evolution.genes import Genes, pitches_of, slots_of, steps_of
from evolution.grouped import Floats, Ints, deviation_by, mean_by
from generation.score.grid import DURATION_SLOTS


@dataclass(frozen=True)
class Strokes:
    """All strokes of n genomes, one row each: whose it is, its slot, its top note and how many are struck with it."""

    n: int
    owner: Ints
    slot: Ints
    top: Floats
    bottom: Floats
    step: Ints
    degree: Ints
    notes: Floats
    length: Floats

    def mean(self, values: NDArray[Any]) -> Floats:
        """Mean over each genome's strokes, (n,), 0 without any."""
        return mean_by(values, self.owner, self.n)

    def deviation(self, values: Floats) -> Floats:
        """Standard deviation over each genome's strokes, (n,)."""
        return deviation_by(values, self.owner, self.n)


def strokes_of(notes: Genes, owner: Ints, n: int, frame: Frame) -> Strokes:
    """The strokes of n genomes of the frame, whose notes (k,) lie end to end, each with its owner (k,)."""
    slots, pitches = slots_of(notes, frame), pitches_of(notes, frame)
    order = np.lexsort((-pitches, slots, owner))
    place = owner[order] * frame.slots + slots[order]
    first = np.flatnonzero(np.diff(place, prepend=-1))
    counts = np.diff(np.append(first, len(place)))
    top, last = order[first], order[first + counts - 1]
    return Strokes(
        n=n,
        owner=owner[top],
        slot=slots[top],
        top=pitches[top].astype(np.float64),
        bottom=pitches[last].astype(np.float64),
        step=steps_of(notes, frame)[top],
        degree=notes["degree"][top].astype(np.int64),
        notes=counts.astype(np.float64),
        length=DURATION_SLOTS[notes["duration"]][top].astype(np.float64),
    )


def gaps_of(strokes: Strokes, frame: Frame) -> tuple[Floats, NDArray[np.bool_]]:
    """Slots from each stroke to the next of the same phrase or to its end, and which are the last."""
    is_last = np.append(strokes.owner[1:] != strokes.owner[:-1], np.ones(min(len(strokes.owner), 1), dtype=bool))
    following = np.append(strokes.slot[1:], np.zeros(min(len(strokes.slot), 1), dtype=np.int64))
    gaps: Floats = (np.where(is_last, frame.slots, following) - strokes.slot).astype(np.float64)
    return gaps, is_last
