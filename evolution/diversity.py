"""Diversity: how unlike the phrases of a generation are, and keeping near-twins from filling it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evolution.distance import distances
from evolution.frame import Frame
from evolution.genes import Genome


def diversity(genomes: Sequence[Genome], frame: Frame) -> float:
    """Mean distance between two different individuals, 0-1; 0 for fewer than two."""
    count = len(genomes)
    if count < 2:
        return 0.0
    return float(distances(genomes, frame).sum() / (count * (count - 1)))


def spread(
    worth: NDArray[np.float64], apart: NDArray[np.float64], count: int, minimum_distance: float
) -> NDArray[np.int64]:
    """Indices of up to `count` of n candidates, the worthiest first and no two nearer than `minimum_distance`.

    `worth` (n,) is whatever is to be large, `apart` (n, n) from `distances`. Of near-twins only the best stays; when
    that leaves places empty, those passed over fill them, furthest from all chosen first.
    """
    chosen: list[int] = []
    nearest = np.full(len(worth), np.inf)
    for index in np.argsort(-np.asarray(worth), kind="stable"):
        if len(chosen) == count:
            break
        if nearest[index] >= minimum_distance:
            chosen.append(int(index))
            nearest = np.minimum(nearest, apart[index])
    left = np.ones(len(worth), dtype=bool)
    left[chosen] = False
    while len(chosen) < count and left.any():
        index = int(np.argmax(np.where(left, nearest, -1.0)))
        chosen.append(index)
        left[index] = False
        nearest = np.minimum(nearest, apart[index])
    return np.array(chosen, dtype=np.int64)
