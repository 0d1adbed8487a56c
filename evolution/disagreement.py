"""Which phrases a crowd is to hear whole, so that it shows who is of one taste with whom."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.rating_model import Estimate, Floats, Integers, Ratings, sums

USUAL_RATINGS, USUAL_VARIANCE = 4.0, 1.2  # what is expected of a phrase's ratings, and how many of them that is worth


def disagreement(ratings: Ratings, fitted: Estimate) -> Floats:
    """How far each phrase's ratings lie about what the fitted model expects of its listeners, a variance, (J,).

    Few ratings stay near the usual variance. Nobody counts less: whoever is of the rarer taste looks like a clicker.
    """
    who, what = ratings.listener, ratings.individual
    rest = ratings.value - fitted.level - fitted.bias[who] - fitted.scale[who] * fitted.appeal[what]
    count = len(fitted.mean)
    squares = sums(what.astype(np.int64), rest**2, count)
    total = sums(what.astype(np.int64), np.ones(len(what)), count)
    spread: Floats = (USUAL_RATINGS * USUAL_VARIANCE + squares) / (USUAL_RATINGS + total)
    return spread


def most_telling(ratings: Ratings, fitted: Estimate, among: NDArray[np.integer[Any]], count: int) -> Integers:
    """The `count` phrases `among` some (n,) that are liked most by those who like them more than others do.

    They tell tastes apart, and what is learned of them is not spent on phrases that nobody wants.
    """
    liked = fitted.mean + np.sqrt(disagreement(ratings, fitted))
    order = np.argsort(-liked[among], kind="stable")
    return np.asarray(among[order[:count]], dtype=np.int64)
