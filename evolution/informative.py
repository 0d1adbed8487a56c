"""Which phrase somebody should hear next, so that their answer teaches most about who the parents are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.fitness import WIDEN_DIFFERENCES, WIDEN_LIVE
from evolution.parents import cut_between
from evolution.rating_model import Estimate, Floats

COVERAGE = 2  # ratings that each phrase gets before any is preferred
JITTER = 0.05  # so that many listeners at once are not all sent to the same phrase


def worth_hearing(
    mean: NDArray[np.floating[Any]], variance: NDArray[np.floating[Any]], cut: float
) -> NDArray[np.float64]:
    """What hearing each phrase again would teach, (J,): v exp(-(m - cut)^2 / 2 v) of its mean m and variance v.

    `cut` lies between parents and the others. Most is to be learned of what is unsure and close to the cut.
    """
    m, v = np.asarray(mean, dtype=np.float64), np.maximum(np.asarray(variance, dtype=np.float64), 1e-12)
    return np.asarray(v * np.exp(-((m - cut) ** 2) / (2 * v)), dtype=np.float64)


def worth_of(estimate: Estimate, candidates: NDArray[np.integer[Any]], count: int) -> NDArray[np.float64]:
    """What hearing each of the `candidates` (n,) again would teach of who the best `count` are, (n,).

    The variance is the fit's own, not widened: what counts here is which phrase is closer to the cut, and intervals
    wide enough for honesty would spread the questions too thinly. Raises ParentsError.
    """
    widened = WIDEN_LIVE * WIDEN_DIFFERENCES if estimate.draws is None else 1.0
    mean = estimate.mean[candidates]
    return worth_hearing(mean, (estimate.appeal_error[candidates] / widened) ** 2, cut_between(mean, count))


def next_to_hear(
    counts: NDArray[np.integer[Any]],
    worth: Floats,
    allowed: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    coverage: int = COVERAGE,
) -> int | None:
    """The phrase for one listener: least rated first until each has `coverage` ratings, then the one most worth it.

    `counts` (J,) are the ratings given or on their way, `allowed` (J,) what this listener has not heard. Ties are
    broken at random, and worth is jittered by a twentieth. None where nothing is allowed.
    """
    open_to = np.flatnonzero(allowed)
    if len(open_to) == 0:
        return None
    thin = open_to[counts[open_to] < coverage]
    if len(thin):
        order = np.lexsort((rng.random(len(thin)), counts[thin]))
        return int(thin[order[0]])
    jittered = worth[open_to] * (1 + JITTER * rng.uniform(-1, 1, len(open_to)))
    return int(open_to[np.argmax(jittered)])
