"""Phrases that a listener rated twice without being told: how alike the two answers are says how consistent they are.

With the model of evolution.fitness two ratings y and y' of one individual by listener i differ by e - e' ~ N(0, 2 /
lambda_i): appeal, bias and scale fall out. So a pair tells of lambda_i alone, n_i pairs as much as n_i squares
(y - y')^2 / 2 would, and is no further voice about the phrase.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.rating_model import CONSISTENCY_RATE, CONSISTENCY_SHAPE, Floats, RatingsError, checked_indices, sums

NEWEST = 2  # pairs that are held against those before them


@dataclass(frozen=True)
class Repeats:
    """Who answered the same thing twice, and how: three arrays of shape (n,), listeners' indices from 0."""

    listener: NDArray[np.integer[Any]]
    first: NDArray[np.floating[Any]]
    second: NDArray[np.floating[Any]]

    def __len__(self) -> int:
        return len(self.listener)


def squared_differences(repeats: Repeats | None, *, n_listeners: int) -> tuple[Floats, Floats]:
    """Of each listener (I,) how many pairs there are, and the sum of (y - y')^2 / 2. Raises RatingsError."""
    if repeats is None:
        return np.zeros(n_listeners), np.zeros(n_listeners)
    listener = checked_indices(repeats.listener, n_listeners, "repeats.listener")
    first, second = (np.asarray(side, dtype=np.float64) for side in (repeats.first, repeats.second))
    if not len(listener) == len(first) == len(second):
        raise RatingsError(
            f"repeats: expected three arrays of one length, got {len(listener)}, {len(first)} and {len(second)}; "
            "pass who, the first and the second answer of each"
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise RatingsError("repeats: expected numbers, got something that is none; drop answers that are missing")
    return sums(listener, np.ones(len(first)), n_listeners), sums(listener, (first - second) ** 2 / 2, n_listeners)


def chance_of_as_unlike(differences: Floats) -> float:
    """How probably a listener who is as consistent as before would give newest answers at least as unlike their first.

    `differences` (n,) are of one listener's pairs, y - y', in the order in which they came; the newest two are judged
    by the others. With n - 2 of those the consistency has the posterior Gamma(a, b), a = a0 + (n - 2) / 2, b = b0 +
    sum (y - y')^2 / 4, and half the newest two's squares a Lomax distribution: P(> t) = (1 + t / 2b)^-a. 1 where there
    are fewer than two pairs.
    """
    if len(differences) < NEWEST:
        return 1.0
    halves = np.square(np.asarray(differences, dtype=np.float64)) / 2
    shape = CONSISTENCY_SHAPE + (len(halves) - NEWEST) / 2
    rate = CONSISTENCY_RATE + halves[:-NEWEST].sum() / 2
    return float((1 + halves[-NEWEST:].sum() / (2 * rate)) ** -shape)
