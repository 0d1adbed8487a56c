"""Who hears what next, and when enough has been heard; the rules of a room, on arrays."""

import numpy as np
from numpy.typing import NDArray

from evolution.informative import JITTER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
ERROR_DRAWS = 256


def even_choice(counts: Integers, open_: NDArray[np.bool_], rng: np.random.Generator) -> int | None:
    """The least rated of the open ones (n,), ties at random; None where none is open."""
    if not open_.any():
        return None
    return int(np.lexsort((rng.random(len(counts)), np.where(open_, counts, np.iinfo(np.int64).max)))[0])


def informative_choice(
    worth: Floats, counts: Integers, open_: NDArray[np.bool_], floor: int, rng: np.random.Generator
) -> int | None:
    """Coverage first: the least rated while one has fewer than `floor`; then the one worth most, within a jitter."""
    if not open_.any():
        return None
    if (counts[open_] < floor).any():
        return even_choice(counts, open_ & (counts < floor), rng)
    jittered = worth * (1 + JITTER * rng.uniform(-1, 1, len(worth)))
    return int(np.argmax(np.where(open_, jittered, -np.inf)))


def selection_error(mean: Floats, standard_error: Floats, parents: int, rng: np.random.Generator) -> float:
    """What choosing the best `parents` by plain means (n,) is expected to lose: rating points a parent."""
    if len(mean) <= parents:
        return 0.0
    drawn = mean + standard_error * rng.standard_normal((ERROR_DRAWS, len(mean)))
    best = -np.partition(-drawn, parents - 1, axis=1)[:, :parents].mean(axis=1)
    chosen = drawn[:, np.argsort(-mean)[:parents]].mean(axis=1)
    return float(np.mean(best - chosen))
