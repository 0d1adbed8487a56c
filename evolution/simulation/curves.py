"""Many runs read as one: the appeal reached by a number of ratings, its spread, and ratings needed for an appeal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.simulation.trials import History

Floats = NDArray[np.float64]
QUARTILES = (25, 50, 75)
RESAMPLES = 400
INTERVAL = (5, 95)


@dataclass(frozen=True)
class Curve:
    """Appeal over ratings (R,) of S runs: `runs` (S, R), NaN before a run's first generation has closed."""

    ratings: NDArray[np.int64]
    runs: Floats

    @property
    def mean(self) -> Floats:
        """Mean over the runs (R,), NaN while any of them has no closed generation."""
        mean: Floats = self.runs.mean(axis=0)
        return mean

    @property
    def quartiles(self) -> Floats:
        """The runs' quartiles, shape (3, R)."""
        quartiles: Floats = np.percentile(self.runs, QUARTILES, axis=0)
        return quartiles

    @property
    def highest(self) -> float:
        """The highest mean appeal on the way."""
        return float(np.nanmax(self.mean))

    def needed(self, level: float) -> float:
        """Ratings after which the mean first reaches `level`; infinite where it never does."""
        return _first(self.mean, self.ratings, level)


def curve(histories: Sequence[History], budget: int, *, measure: str = "chosen", every: int = 5) -> Curve:
    """The runs' appeal at every few ratings up to the budget."""
    ratings = np.arange(every, budget + 1, every, dtype=np.int64)
    return Curve(ratings, np.stack([history.at(ratings, measure) for history in histories]))


def times_fewer(peer: Curve, ours: Curve, level: float) -> float:
    """How many times the ratings the peer needs for the level that ours needs; infinite or 0 where one never does."""
    needed = ours.needed(level)
    return peer.needed(level) / needed if np.isfinite(needed) else 0.0


def times_fewer_interval(peer: Curve, ours: Curve, rng: np.random.Generator) -> tuple[float, float]:
    """A 90% interval of `times_fewer` at the peer's highest mean, drawn with it: a paired bootstrap over runs."""
    found = np.empty(RESAMPLES)
    for place in range(RESAMPLES):
        rows = rng.integers(len(ours.runs), size=len(ours.runs))
        theirs, own = Curve(peer.ratings, peer.runs[rows]), Curve(ours.ratings, ours.runs[rows])
        found[place] = times_fewer(theirs, own, theirs.highest)
    low, high = np.percentile(found, INTERVAL, method="nearest")
    return float(low), float(high)


def needed_by_each(histories: Sequence[History], level: float, *, measure: str = "chosen") -> Floats:
    """Ratings after which each run's own appeal first reaches the level, (S,); infinite where it never does."""
    return np.array([_first(getattr(one, measure), one.ratings, level) for one in histories], dtype=np.float64)


def _first(appeal: Floats, ratings: NDArray[np.int64], level: float) -> float:
    reached = np.flatnonzero(appeal >= level)
    return float(ratings[reached[0]]) if len(reached) else float("inf")
