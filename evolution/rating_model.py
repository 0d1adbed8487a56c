"""What the fitness is estimated from and what comes out: ratings, the fixed numbers of the model, the estimate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RATING_MIN, RATING_MAX, N_ANSWERS = 0.0, 5.0, 6
LEVEL_MEAN, LEVEL_VARIANCE = 2.5, 4.0  # mu: the middle of the scale, known loosely
GENERATION_VARIANCE = 1.0  # g_t - g_0
SCALE_MEAN, SCALE_VARIANCE = 1.0, 0.15  # a_i
CONSISTENCY_SHAPE = CONSISTENCY_RATE = 3.0  # lambda_i
INHERITANCE_MEAN, INHERITANCE_VARIANCE = 1.0, 0.09  # h: how much of their parents' lead children keep
# The spreads are learned under inverse gammas worth a few observations, so that thin data cannot collapse them.
SPREAD_SHAPE = 5.0
APPEAL_VARIANCE, BIAS_VARIANCE = 0.64, 0.49
CHILD_VARIANCE = 0.2  # of children about what their parents promise; simulated rooms show 0.1 to 0.3 (docs/fitness.md)


class RatingsError(ValueError):
    """Ratings or their frame of reference are not what the model takes."""

    code = "ratings_invalid"


@dataclass(frozen=True)
class Ratings:
    """Who rated what and how: three arrays of shape (n,), the first two indices from 0, values within 0-5."""

    listener: NDArray[np.integer[Any]]
    individual: NDArray[np.integer[Any]]
    value: NDArray[np.floating[Any]]

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True)
class Estimate:
    """What a crowd's answers say. J individuals, I listeners, T generations, D draws; all on the rating scale.

    `mean` (J,) is the fitness and `standard_error` (J,) its uncertainty; `appeal` (J,) is the fitness without `level`,
    and `appeal_error` (J,) its uncertainty: the one to compare individuals by, for the level moves all of them alike.
    `bias`, `scale`, `consistency` (I,) are b_i, a_i and lambda_i, `scale_error` (I,) the standard error of the scale,
    `listening` (I,) the probability that somebody listens and does not click blindly. `level` is mu, `generation_mean`
    (T,) g_t, `inheritance` h. `appeal_variance` is s^2, `child_variance` that of those who have parents, and
    `prior_variance` (J,) how far each appeal might be from what was expected of it. `draws` (D, J) holds draws of the
    fitness where it was drawn, thinned.
    """

    mean: Floats
    standard_error: Floats
    appeal: Floats
    appeal_error: Floats
    bias: Floats
    scale: Floats
    scale_error: Floats
    consistency: Floats
    listening: Floats
    level: float
    generation_mean: Floats
    appeal_variance: float
    child_variance: float
    prior_variance: Floats
    bias_variance: float
    inheritance: float
    sweeps: int
    draws: Floats | None = None

    @property
    def weight(self) -> Floats:
        """What one rating of each listener tells of a phrase, (I,), where 1 is what it tells on average."""
        return self.listening * self.consistency * self.scale**2

    def interval(self, z: float = 1.96) -> tuple[Floats, Floats]:
        """Lower and upper end, each (J,), of the interval that is z standard errors wide to each side."""
        return self.mean - z * self.standard_error, self.mean + z * self.standard_error


def sums(indices: Integers, weights: Floats, size: int) -> Floats:
    """For each index from 0 to size - 1 the sum of its weights, (size,)."""
    return np.bincount(indices, weights, minlength=size).astype(np.float64, copy=False)


def checked_indices(given: NDArray[np.integer[Any]], size: int, name: str) -> Integers:
    """The given indices, all from 0 to size - 1; raises RatingsError that names the field."""
    indices = np.asarray(given, dtype=np.int64)
    if len(indices) and (indices.min() < 0 or indices.max() >= size):
        raise RatingsError(
            f"{name}: expected indices from 0 to {size - 1}, got {indices.min()} to {indices.max()}; number them anew"
        )
    return indices
