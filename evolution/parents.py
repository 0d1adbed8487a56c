"""Who would be a parent, how sure that is, and what choosing now would cost; for deciding whether to ask on.

Candidates are individuals of which the best `count` become parents. Where the fitness was drawn, draws are counted.
Live, each candidate is taken as a normal of its own about its appeal, and the cut between parents and the others is
put where `count` of them are expected above it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from evolution.rating_model import Estimate, Floats

HALVINGS = 60
LEAST_ERROR = 1e-9  # on the rating scale


class ParentsError(ValueError):
    """Parents cannot be chosen so."""

    code = "parents_invalid"


def probability_of_parents(estimate: Estimate, candidates: NDArray[np.integer], count: int) -> Floats:
    """Probability of each of the `candidates` (n,) to be among the `count` that listeners truly like best, (n,).

    The probabilities sum to `count`. Raises ParentsError.
    """
    chosen = _checked(estimate, candidates, count)
    if count == len(chosen):
        return np.ones(len(chosen))
    if estimate.draws is not None:
        drawn = estimate.draws[:, chosen]
        best = np.argpartition(-drawn, count - 1, axis=1)[:, :count]
        return np.bincount(best.ravel(), minlength=len(chosen)) / len(drawn)
    mean, error = _normals(estimate, chosen)
    above = ndtr((mean - _expected_cut(mean, error, count)) / error)
    return np.asarray(above * (count / above.sum()), dtype=np.float64)


def expected_selection_error(estimate: Estimate, candidates: NDArray[np.integer], count: int) -> float:
    """How much appeal the parents chosen now are expected to lack, a parent, on the rating scale.

    That is the expected mean of the truly best `count` of the candidates less that of the `count` with the highest
    fitness: the expected opportunity cost of a selection (Chick and Inoue, Operations Research 49, 2001). Without
    draws it is bounded from above: whatever the cut c, the best `count` sum to no more than count c + sum max(q - c,
    0), in expectation least at the cut that `count` are expected to pass. Raises ParentsError.
    """
    chosen = _checked(estimate, candidates, count)
    if estimate.draws is not None:
        drawn = estimate.draws[:, chosen]
        mean = drawn.mean(axis=0)
        possible = -np.partition(-drawn, count - 1, axis=1)[:, :count].mean()
    else:
        mean, error = _normals(estimate, chosen)
        if count == len(chosen):
            return 0.0
        cut = _expected_cut(mean, error, count)
        x = (mean - cut) / error
        over = (mean - cut) * ndtr(x) + error * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
        possible = cut + float(np.sum(over)) / count
    return max(float(possible - np.mean(np.sort(mean)[-count:])), 0.0)


def cut_between(mean: NDArray[np.floating], count: int) -> float:
    """Midway between the worst of the `count` best means (J,) and the best of the others; raises ParentsError."""
    if not 1 <= count <= len(mean):
        raise ParentsError(f"count: expected 1 to {len(mean)} parents, got {count}; choose fewer or more")
    down = np.sort(np.asarray(mean, dtype=np.float64))[::-1]
    return float(down[count - 1] if count == len(down) else (down[count - 1] + down[count]) / 2)


def _checked(estimate: Estimate, candidates: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    chosen = np.asarray(candidates, dtype=np.int64)
    if not 1 <= count <= len(chosen):
        raise ParentsError(f"count: expected 1 to {len(chosen)} parents, got {count}; choose fewer or more")
    if chosen.min() < 0 or chosen.max() >= len(estimate.mean):
        raise ParentsError(
            f"candidates: expected indices from 0 to {len(estimate.mean) - 1}, got {chosen.min()} to {chosen.max()}; "
            "pass individuals of the estimate"
        )
    return chosen


def _normals(estimate: Estimate, chosen: NDArray[np.int64]) -> tuple[Floats, Floats]:
    return estimate.mean[chosen], np.maximum(estimate.appeal_error[chosen], LEAST_ERROR)


def _expected_cut(mean: Floats, error: Floats, count: int) -> float:
    """Where `count` of these normals are expected above, by halving."""
    low, high = float(np.min(mean - 8 * error)), float(np.max(mean + 8 * error))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if float(np.sum(ndtr((mean - middle) / error))) > count:
            low = middle
        else:
            high = middle
    return (low + high) / 2
