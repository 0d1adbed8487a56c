"""Crowding: of candidates that are nearly the same phrase as another, or as one that lives, only the first stays."""

from collections.abc import Sequence

import numpy as np

from evolution.distance import distances
from evolution.diversity import spread
from evolution.frame import Frame
from evolution.genes import Genome

LEAST_COMPARED = 1_000  # candidates; of more, only twice as many as there are places: the table grows with their square


def spread_out(
    candidates: Sequence[Genome], living: Sequence[Genome], frame: Frame, *, count: int, minimum_distance: float
) -> list[int]:
    """Indices of `count` candidates, in the order given; near-twins only when there are no others."""
    if minimum_distance == 0 or len(candidates) <= count:
        return list(range(min(count, len(candidates))))
    candidates = candidates[: max(2 * count, LEAST_COMPARED)]
    apart = distances([*living, *candidates], frame)
    is_near = (apart[len(living) :, : len(living)] < minimum_distance).any(axis=1)
    free, near = np.flatnonzero(~is_near), np.flatnonzero(is_near)
    among = apart[len(living) :, len(living) :][np.ix_(free, free)]
    chosen = free[spread(-free.astype(np.float64), among, count, minimum_distance)]
    return [int(index) for index in (*chosen, *near[: count - len(chosen)])]
