"""Selection: whom the crowd's fitness keeps, and which of those are bred together."""

import numpy as np
from numpy.typing import NDArray


def best(fitness: NDArray[np.float64], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Indices of the `count` fittest, best first; ties are broken at random."""
    order = np.lexsort((rng.random(len(fitness)), -fitness))
    return order[:count].astype(np.int64)


def weighted_pair(pool: NDArray[np.int64], fitness: NDArray[np.float64], rng: np.random.Generator) -> tuple[int, int]:
    """Two different indices from `pool`, drawn in proportion to fitness (0-5); a pool of one mates with itself."""
    if len(pool) == 1:
        return int(pool[0]), int(pool[0])
    # A floor keeps a pool of zeros, and the estimates just under zero, drawable.
    weights = np.maximum(fitness[pool], 0.0) + 0.1
    first, second = rng.choice(pool, size=2, replace=False, p=weights / weights.sum())
    return int(first), int(second)


def tournament(fitness: NDArray[np.float64], entrants: int, rng: np.random.Generator) -> int:
    """Index of the fittest of `entrants` drawn at random without replacement."""
    drawn = rng.choice(len(fitness), size=min(entrants, len(fitness)), replace=False)
    return int(drawn[np.argmax(fitness[drawn])])
