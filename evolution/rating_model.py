"""What the fitness is estimated from and what comes out: ratings, the fixed numbers of the model, the estimate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RATING_MIN, RATING_MAX = 0.0, 5.0
LEVEL_MEAN, LEVEL_VARIANCE = 2.5, 4.0  # mu: the middle of the scale, known loosely
GENERATION_VARIANCE = 1.0  # g_t - g_0
SCALE_MEAN, SCALE_VARIANCE = 1.0, 0.15  # a_i
CONSISTENCY_SHAPE = CONSISTENCY_RATE = 3.0  # lambda_i
# The two spreads are learned under inverse gammas worth a few observations, so that thin data cannot collapse them.
SPREAD_SHAPE = 5.0
APPEAL_VARIANCE, BIAS_VARIANCE = 0.64, 0.49
TABLE_CELLS_PER_RATING = 16  # up to here a table of all pairs is faster than the list of ratings


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
    """What a crowd's ratings say. J individuals, I listeners, T generations; all on the rating scale.

    `mean` (J,) is the fitness and `standard_error` (J,) its uncertainty; `appeal` (J,) is the fitness without `level`.
    `bias`, `scale`, `consistency` (I,) are b_i, a_i and lambda_i, `scale_error` (I,) the standard error of the scale;
    `level` is mu and `generation_mean` (T,) is g_t.
    """

    mean: Floats
    standard_error: Floats
    appeal: Floats
    bias: Floats
    scale: Floats
    scale_error: Floats
    consistency: Floats
    level: float
    generation_mean: Floats
    appeal_variance: float
    bias_variance: float
    sweeps: int

    def interval(self, z: float = 1.96) -> tuple[Floats, Floats]:
        """Lower and upper end, each (J,), of the interval that is z standard errors wide to each side."""
        return self.mean - z * self.standard_error, self.mean + z * self.standard_error


@dataclass(frozen=True)
class Observed:
    """Checked ratings with what every sweep needs of them: counts, sums, and priors centred within each generation.

    `table`, where listeners times individuals is no more than a few times the ratings, holds two matrices (J, I), how
    often and with what sum each pair occurred: products with them are faster than going through the ratings one by one.
    """

    listener: Integers
    individual: Integers
    value: Floats
    generation: Integers
    prior: Floats
    listener_counts: Floats
    generation_counts: Floats
    value_sums: Floats  # (I,)
    square_sums: Floats  # (I,) of squared values
    table: tuple[Floats, Floats] | None

    @property
    def n_listeners(self) -> int:
        return len(self.listener_counts)

    @property
    def n_individuals(self) -> int:
        return len(self.generation)

    def to_individuals(self, weights: Floats) -> Floats:
        """For each individual (J,) the sum over its ratings of the listener's weight (I,)."""
        if self.table is not None:
            return self.table[0] @ weights
        return _sums(self.individual, weights[self.listener], self.n_individuals)

    def values_to_individuals(self, weights: Floats) -> Floats:
        """For each individual (J,) the sum over its ratings of the value times the listener's weight (I,)."""
        if self.table is not None:
            return self.table[1] @ weights
        return _sums(self.individual, self.value * weights[self.listener], self.n_individuals)

    def to_listeners(self, weights: Floats) -> Floats:
        """For each listener (I,) the sum over their ratings of the individual's weight (J,)."""
        if self.table is not None:
            return weights @ self.table[0]
        return _sums(self.listener, weights[self.individual], self.n_listeners)

    def values_to_listeners(self, weights: Floats) -> Floats:
        """For each listener (I,) the sum over their ratings of the value times the individual's weight (J,)."""
        if self.table is not None:
            return weights @ self.table[1]
        return _sums(self.listener, self.value * weights[self.individual], self.n_listeners)

    def to_generations(self, weights: Floats) -> Floats:
        """For each generation (T,) the sum of its individuals' weights (J,)."""
        return _sums(self.generation, weights, len(self.generation_counts))


def observe(
    ratings: Ratings,
    *,
    n_listeners: int,
    n_individuals: int,
    generation_of: NDArray[np.integer[Any]] | None = None,
    prior: NDArray[np.floating[Any]] | None = None,
) -> Observed:
    """Check ratings against the sizes given and prepare them. Raises RatingsError naming the field."""
    listener = _indices(ratings.listener, n_listeners, "listener")
    individual = _indices(ratings.individual, n_individuals, "individual")
    value = np.asarray(ratings.value, dtype=np.float64)
    if not len(listener) == len(individual) == len(value):
        raise RatingsError(
            f"ratings: expected as many listeners and individuals as values, got {len(listener)}, {len(individual)} "
            f"and {len(value)}; pass three arrays of one length"
        )
    if not np.all((value >= RATING_MIN) & (value <= RATING_MAX)):
        raise RatingsError(
            f"value: expected numbers from 0 to 5, got {value.min()} to {value.max()}; check the ratings"
        )
    given_generation = np.zeros(n_individuals) if generation_of is None else np.asarray(generation_of)
    given_prior = np.full(n_individuals, np.nan) if prior is None else np.asarray(prior, dtype=np.float64)
    for name, given in (("generation_of", given_generation), ("prior", given_prior)):
        if given.shape != (n_individuals,):
            raise RatingsError(f"{name}: expected shape ({n_individuals},), got {given.shape}; one for each individual")
    generation = np.unique(given_generation, return_inverse=True)[1].astype(np.int64)
    return Observed(
        listener=listener,
        individual=individual,
        value=value,
        generation=generation,
        prior=_centre(given_prior, generation),
        listener_counts=np.bincount(listener, minlength=n_listeners).astype(np.float64),
        generation_counts=np.bincount(generation).astype(np.float64),
        value_sums=_sums(listener, value, n_listeners),
        square_sums=_sums(listener, value**2, n_listeners),
        table=_table(listener, individual, value, (n_individuals, n_listeners)),
    )


def _table(
    listener: Integers, individual: Integers, value: Floats, shape: tuple[int, int]
) -> tuple[Floats, Floats] | None:
    cells = shape[0] * shape[1]
    if not 0 < cells <= TABLE_CELLS_PER_RATING * len(value):
        return None
    flat = individual * shape[1] + listener
    counts = np.bincount(flat, minlength=cells).astype(np.float64)
    return counts.reshape(shape), _sums(flat, value, cells).reshape(shape)


def _sums(indices: Integers, weights: Floats, size: int) -> Floats:
    return np.bincount(indices, weights, minlength=size).astype(np.float64, copy=False)


def _centre(prior: Floats, generation: Integers) -> Floats:
    """Priors less their generation's mean, 0 where none is known."""
    known = np.isfinite(prior)
    counts = np.bincount(generation[known], minlength=int(generation.max(initial=-1)) + 1)
    sums = np.bincount(generation[known], prior[known], minlength=len(counts))
    means = sums / np.maximum(counts, 1)
    return np.where(known, np.where(known, prior, 0.0) - means[generation], 0.0)


def _indices(given: NDArray[np.integer[Any]], size: int, name: str) -> Integers:
    indices = np.asarray(given, dtype=np.int64)
    if len(indices) and (indices.min() < 0 or indices.max() >= size):
        raise RatingsError(
            f"{name}: expected indices from 0 to {size - 1}, got {indices.min()} to {indices.max()}; number them anew"
        )
    return indices


def spread_mean(total: float, count: int, typical: float) -> float:
    """The variance that `count` squared distances with sum `total` suggest, shrunk towards the typical one."""
    return (2 * SPREAD_SHAPE * typical + total) / (2 * SPREAD_SHAPE + count)


class Position:
    """What carries the rating scale's location, and the two ways to move it that change no prediction.

    The variational updates and the Gibbs chain are positions that they improve, or draw, in place.
    """

    level: float
    bias: Floats
    scale: Floats
    appeal: Floats
    generation_mean: Floats
    appeal_spread: float
    bias_spread: float

    def bias_shift(self) -> tuple[float, float]:
        """Best c and its precision under the priors for level + c, b - c, which leaves every prediction as it is."""
        precision = len(self.bias) / self.bias_spread + 1 / LEVEL_VARIANCE
        pull = float(np.sum(self.bias)) / self.bias_spread - (self.level - LEVEL_MEAN) / LEVEL_VARIANCE
        return pull / precision, precision

    def shift_bias(self, common: float) -> None:
        """Move `common` from the biases to the level."""
        self.level, self.bias = self.level + common, self.bias - common

    def appeal_shift(self, seen: Observed) -> tuple[float, float]:
        """Best d and its precision for level + d, q - d, g_t - d (t > 0), b_i + (a_i - 1) d; it predicts the same."""
        first = seen.generation == 0
        lean = self.scale - 1
        later = self.generation_mean[1:]
        precision = (
            float(np.sum(first)) / self.appeal_spread
            + float(lean @ lean) / self.bias_spread
            + len(later) / GENERATION_VARIANCE
            + 1 / LEVEL_VARIANCE
        )
        pull = (
            float(np.sum((self.appeal - seen.prior)[first])) / self.appeal_spread
            - float(lean @ self.bias) / self.bias_spread
            + float(np.sum(later)) / GENERATION_VARIANCE
            - (self.level - LEVEL_MEAN) / LEVEL_VARIANCE
        )
        return pull / precision, precision

    def shift_appeal(self, shift: float) -> None:
        """Move `shift` from the appeals to the level, and from later generations' means with them."""
        self.level, self.appeal = self.level + shift, self.appeal - shift
        self.bias = self.bias + (self.scale - 1) * shift
        self.generation_mean[1:] -= shift
