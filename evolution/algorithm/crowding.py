"""Crowding: of candidates that are nearly the same phrase as another, or as one that lives, only the first stays.

Two phrases are near twins when they are as near in their playing as in their notes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evolution.distance import distances
from evolution.diversity import spread
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.playing import playing_distances

LEAST_COMPARED = 1_000  # candidates; of more, only twice as many as there are places: the table grows with their square


def spread_out(
    candidates: Sequence[Genome], living: Sequence[Genome], frame: Frame, *, count: int, minimum_distance: float
) -> list[int]:
    """Indices of `count` candidates, in the order given; near-twins only when there are no others."""
    if minimum_distance == 0 or len(candidates) <= count:
        return list(range(min(count, len(candidates))))
    candidates = candidates[: max(2 * count, LEAST_COMPARED)]
    apart = told_apart([*living, *candidates], frame)
    is_near = (apart[len(living) :, : len(living)] < minimum_distance).any(axis=1)
    free, near = np.flatnonzero(~is_near), np.flatnonzero(is_near)
    among = apart[len(living) :, len(living) :][np.ix_(free, free)]
    chosen = free[spread(-free.astype(np.float64), among, count, minimum_distance)]
    return [int(index) for index in (*chosen, *near[: count - len(chosen)])]


def told_apart(genomes: Sequence[Genome], frame: Frame) -> NDArray[np.float64]:
    """How far apart genomes are by their notes or by their playing, whichever is more, (n, n), each 0-1."""
    return np.maximum(distances(genomes, frame), playing_distances(genomes, frame))
