"""Selection: whom the crowd's fitness keeps, and which of those are bred together.

A pair selection takes a standing and a generator, and returns the indices of two different individuals in it; a
standing of one mates with itself. All but "probability" see whoever is handed to them: hand them the pool of parents.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENTRANTS = 3  # of a tournament
RANK_PRESSURE = 1.8  # how many children the first of a ranking has for one of the middle
PAPER_FLOOR = 0.1  # keeps a pool of zeros, and the estimates just under zero, drawable
CUT_STEPS = 60  # halvings until the cut between parents and others is known to the last digit


class SelectionError(ValueError):
    """A standing that nobody can be chosen from; the message says which shapes came."""

    code = "selection_invalid"


@dataclass(frozen=True, eq=False)
class Standing:
    """How individuals stand with the crowd, each array (n,): fitness, its standard error, and the probability to be
    among the parents. Raises SelectionError for arrays of unequal lengths or none.
    """

    mean: Floats
    standard_error: Floats
    p_parent: Floats

    def __post_init__(self) -> None:
        shapes = {np.shape(array) for array in (self.mean, self.standard_error, self.p_parent)}
        if len(shapes) != 1 or len(self.mean) == 0:
            raise SelectionError(
                f"standing: expected three arrays of one length from 1 on, got shapes {sorted(shapes)}; tell all three"
            )

    def take(self, indices: NDArray[np.int64]) -> "Standing":
        """The standing of these individuals only."""
        return Standing(self.mean[indices], self.standard_error[indices], self.p_parent[indices])


PairSelection = Callable[[Standing, np.random.Generator], tuple[int, int]]


def standing(mean: Floats, standard_error: Floats, parents: int, p_parent: Floats | None = None) -> Standing:
    """A standing in which a missing probability is that of each fitness to be over one cut that `parents` of all pass.

    The cut c solves sum Phi((mean - c) / standard_error) = parents: errors taken as normal and independent.
    """
    fitness, error = np.asarray(mean, dtype=np.float64), np.asarray(standard_error, dtype=np.float64)
    if p_parent is not None:
        return Standing(fitness, error, np.asarray(p_parent, dtype=np.float64))
    if len(fitness) <= parents:
        return Standing(fitness, error, np.ones(len(fitness)))
    sure = np.maximum(error, 1e-9)
    low, high = float((fitness - 9 * sure).min()), float((fitness + 9 * sure).max())
    for _ in range(CUT_STEPS):
        cut = (low + high) / 2
        low, high = (cut, high) if _over(fitness, sure, cut).sum() > parents else (low, cut)
    return Standing(fitness, error, _over(fitness, sure, (low + high) / 2))


def best(fitness: Floats, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Indices of the `count` fittest, best first; ties are broken at random."""
    order = np.lexsort((rng.random(len(fitness)), -fitness))
    return order[:count].astype(np.int64)


def weighted_pair(pool: NDArray[np.int64], fitness: Floats, rng: np.random.Generator) -> tuple[int, int]:
    """Two different indices from `pool`, drawn in proportion to fitness (0-5); a pool of one mates with itself."""
    first, second = _pair(np.maximum(fitness[pool], 0.0) + PAPER_FLOOR, rng)
    return int(pool[first]), int(pool[second])


def tournament(fitness: Floats, entrants: int, rng: np.random.Generator) -> int:
    """Index of the fittest of `entrants` drawn at random without replacement."""
    drawn = rng.choice(len(fitness), size=min(entrants, len(fitness)), replace=False)
    return int(drawn[np.argmax(fitness[drawn])])


def by_probability(given: Standing, rng: np.random.Generator) -> tuple[int, int]:
    """Truncation under doubt: each drawn by the probability to be among the parents, the same as choosing of the best
    few by one draw of everyone's fitness from its posterior.
    """
    return _pair(np.maximum(given.p_parent, 0.0), rng)


def by_fitness(given: Standing, rng: np.random.Generator) -> tuple[int, int]:
    """The paper's weighting: drawn in proportion to the fitness."""
    return _pair(np.maximum(given.mean, 0.0) + PAPER_FLOOR, rng)


def by_tournament(given: Standing, rng: np.random.Generator) -> tuple[int, int]:
    """The winners of two tournaments, the first winner sitting out the second."""
    first = tournament(given.mean, ENTRANTS, rng)
    others = np.delete(np.arange(len(given.mean)), first)
    if len(others) == 0:
        return first, first
    return first, int(others[tournament(given.mean[others], ENTRANTS, rng)])


def by_rank(given: Standing, rng: np.random.Generator) -> tuple[int, int]:
    """Drawn in proportion to the place in the order alone (linear ranking, Baker 1985); ties share their places."""
    count = len(given.mean)
    below = (given.mean[:, None] > given.mean).sum(axis=1) + ((given.mean[:, None] == given.mean).sum(axis=1) - 1) / 2
    return _pair(2 - RANK_PRESSURE + 2 * (RANK_PRESSURE - 1) * below / max(count - 1, 1), rng)


SELECTIONS: dict[str, PairSelection] = {
    "probability": by_probability,
    "paper": by_fitness,
    "tournament": by_tournament,
    "rank": by_rank,
}


def _pair(weights: Floats, rng: np.random.Generator) -> tuple[int, int]:
    """Two different indices drawn by weight; when fewer than two have any, the rest are drawn evenly."""
    if len(weights) == 1:
        return 0, 0
    first = _draw(weights, rng)
    left = weights.copy()
    left[first] = 0.0
    if left.sum() <= 0.0:
        left = np.ones(len(weights))
        left[first] = 0.0
    return first, _draw(left, rng)


def _draw(weights: Floats, rng: np.random.Generator) -> int:
    total = np.cumsum(weights)
    if total[-1] <= 0.0:
        return int(rng.integers(len(weights)))
    return int(np.searchsorted(total, rng.random() * total[-1], side="right"))


def _over(mean: Floats, error: Floats, cut: float) -> Floats:
    # A logistic curve of this slope is the normal distribution function to within 0.01.
    return 1 / (1 + np.exp(-np.clip(1.702 * (mean - cut) / error, -60, 60)))
