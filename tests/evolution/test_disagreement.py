"""Which phrases tell listeners apart."""

import numpy as np
import pytest

from evolution.disagreement import disagreement, most_telling
from evolution.fitness import estimate
from evolution.rating_model import Ratings

LISTENERS, PHRASES = 12, 8


def rated(clicks: bool = False) -> Ratings:
    """All hear all: the first phrase parts them, the second all like, the third nobody; the others are between."""
    rng = np.random.default_rng(0)
    middle = np.array([2.5, 4.5, 0.5, 2.5, 2.5, 2.0, 3.0, 2.5])
    values = middle + rng.normal(0, 0.4, (LISTENERS, PHRASES))
    values[:, 0] += np.where(np.arange(LISTENERS) % 2, 2.0, -2.0)
    if clicks:
        values[:2] = rng.integers(0, 2, (2, PHRASES)) * 5
    who, what = np.divmod(np.arange(LISTENERS * PHRASES), PHRASES)
    return Ratings(who, what, np.clip(np.round(values.ravel()), 0, 5))


@pytest.mark.parametrize("clicks", [False, True])
def test_a_crowd_disagrees_most_about_what_parts_it(clicks: bool) -> None:
    ratings = rated(clicks)
    fitted = estimate(ratings, n_listeners=LISTENERS, n_individuals=PHRASES + 1)
    found = disagreement(ratings, fitted)
    assert int(np.argmax(found)) == 0
    assert found[0] > 2 * np.sort(found)[-2]
    assert found[PHRASES] == pytest.approx(1.2), "of whom nothing was said, the usual"


def test_what_some_like_much_tells_most_and_what_nobody_likes_least() -> None:
    ratings = rated()
    fitted = estimate(ratings, n_listeners=LISTENERS, n_individuals=PHRASES)
    everything = np.arange(PHRASES)
    chosen = most_telling(ratings, fitted, everything, 3).tolist()
    assert {0, 1} <= set(chosen)
    assert most_telling(ratings, fitted, everything, PHRASES).tolist()[-1] == 2
    assert set(most_telling(ratings, fitted, everything[3:], 2).tolist()) <= set(range(3, PHRASES))
