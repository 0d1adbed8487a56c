"""Where the unknowns of the model stand, and the two ways to move them that change no prediction."""

import numpy as np

from evolution.duels import HeardDuels
from evolution.observed import Observed
from evolution.rating_model import (
    GENERATION_VARIANCE,
    LEVEL_MEAN,
    LEVEL_VARIANCE,
    SPREAD_SHAPE,
    Floats,
)


def spread_mean(total: float, count: int, typical: float) -> float:
    """The variance that `count` squared distances with sum `total` suggest, shrunk towards the typical one."""
    return (2 * SPREAD_SHAPE * typical + total) / (2 * SPREAD_SHAPE + count)


class Position:
    """Every unknown of the model at one value.

    The variational updates and the Gibbs chain are positions that they improve, or draw, in place.
    """

    observed: Observed
    duels: HeardDuels
    level: float
    bias: Floats
    scale: Floats
    consistency: Floats
    listening: Floats  # (I,) probability, or 0 and 1, that somebody listens
    clicking: Floats  # (I,) log probability of their answers if they don't
    appeal: Floats
    generation_mean: Floats
    appeal_spread: float
    child_spread: float
    prior_variance: Floats  # (J,) how far each appeal may be from what is expected of it
    bias_spread: float
    inheritance: float

    @property
    def expected_appeal(self) -> Floats:
        """What pedigree and generation say of each appeal, (J,)."""
        return self.generation_mean[self.observed.generation] + self.inheritance * self.observed.prior

    def take_spreads(self, appeal: float, child: float) -> None:
        """From now on first phrases vary by `appeal` about their generation, children by `child` about their parents.

        What is expected of a child is unsure by itself, and that is added.
        """
        seen = self.observed
        self.appeal_spread, self.child_spread = appeal, child
        self.prior_variance = np.where(seen.is_child, child + seen.extra_variance, appeal)

    def squares(self, sum_appeal: Floats, sum_square: Floats, sum_cross: Floats) -> Floats:
        """For each listener the sum of (y - mu - b - a q)^2 over their ratings, at these values, (I,).

        The arguments are the sums over a listener's ratings of q, q^2 and q (y - mu).
        """
        seen = self.observed
        sum_rest = seen.value_sums - self.level * seen.listener_counts
        return (
            seen.square_sums
            - self.level * (2 * seen.value_sums - self.level * seen.listener_counts)
            - 2 * self.bias * sum_rest
            + seen.listener_counts * self.bias**2
            - 2 * self.scale * (sum_cross - self.bias * sum_appeal)
            + self.scale**2 * sum_square
        )

    def bias_shift(self) -> tuple[float, float]:
        """Best c and its precision under the priors for level + c, b - c, which leaves every prediction as it is."""
        precision = len(self.bias) / self.bias_spread + 1 / LEVEL_VARIANCE
        pull = float(np.sum(self.bias)) / self.bias_spread - (self.level - LEVEL_MEAN) / LEVEL_VARIANCE
        return pull / precision, precision

    def shift_bias(self, common: float) -> None:
        """Move `common` from the biases to the level."""
        self.level, self.bias = self.level + common, self.bias - common

    def appeal_shift(self) -> tuple[float, float]:
        """Best d and its precision for level + d, q - d, g_t - d (t > 0), b_i + (a_i - 1) d; it predicts the same."""
        seen = self.observed
        first = seen.generation == 0
        weights = first / self.prior_variance
        lean = self.scale - 1
        later = self.generation_mean[1:]
        precision = (
            float(np.sum(weights))
            + float(lean @ lean) / self.bias_spread
            + len(later) / GENERATION_VARIANCE
            + 1 / LEVEL_VARIANCE
        )
        pull = (
            float(weights @ (self.appeal - self.inheritance * seen.prior))
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
