"""Who rates what when nothing is known: everybody about the same number, each phrase the same."""

import numpy as np
from numpy.typing import NDArray


def assign(
    *, n_listeners: int, n_individuals: int, ratings_each: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Listeners and individuals, each (n,), so that each individual meets `ratings_each` different listeners evenly.

    Raises ValueError when there are fewer listeners than ratings wanted for each individual.
    """
    if ratings_each > n_listeners:
        raise ValueError(
            f"ratings_each: expected at most the {n_listeners} listeners, got {ratings_each}; nobody rates twice"
        )
    load = np.zeros(n_listeners)
    rows = np.empty((n_individuals, ratings_each), dtype=np.int64)
    for row in rows:
        # The least busy first, ties at random: what a room's floor of coverage does.
        row[:] = np.lexsort((rng.random(n_listeners), load))[:ratings_each]
        load[row] += 1
    individual = np.repeat(np.arange(n_individuals), ratings_each)
    order = rng.permutation(len(individual))
    return rows.ravel()[order], individual[order]
