"""Mean-field variational updates of the rating model: fast, for live use; every sweep is linear in the ratings."""

import numpy as np

from evolution.rating_model import (
    APPEAL_VARIANCE,
    BIAS_VARIANCE,
    CONSISTENCY_RATE,
    CONSISTENCY_SHAPE,
    GENERATION_VARIANCE,
    LEVEL_MEAN,
    LEVEL_VARIANCE,
    SCALE_MEAN,
    SCALE_VARIANCE,
    Estimate,
    Floats,
    Observed,
    Position,
    RatingsError,
    spread_mean,
)


class Variational(Position):
    """Means and variances of every factor, improved in place by `sweep`."""

    def __init__(self, observed: Observed, start: Estimate | None) -> None:
        self.observed = observed
        self.bias = np.zeros(observed.n_listeners)
        self.scale = np.full(observed.n_listeners, SCALE_MEAN)
        self.scale_var = np.full(observed.n_listeners, SCALE_VARIANCE)
        self.consistency = np.ones(observed.n_listeners)
        self.appeal = observed.prior.copy()
        self.appeal_var = np.full(observed.n_individuals, APPEAL_VARIANCE)
        self.generation_mean = np.zeros(len(observed.generation_counts))
        self.level, self.level_var = float(np.mean(observed.value)) if len(observed.value) else LEVEL_MEAN, 0.0
        self.appeal_spread, self.bias_spread = APPEAL_VARIANCE, BIAS_VARIANCE
        if start is not None:
            self._resume(start)

    def _resume(self, start: Estimate) -> None:
        known_listeners, known_individuals = len(start.bias), len(start.appeal)
        if known_listeners > len(self.bias) or known_individuals > len(self.appeal):
            raise RatingsError(
                f"start: expected at most {len(self.bias)} listeners and {len(self.appeal)} individuals, got "
                f"{known_listeners} and {known_individuals}; start from an estimate of the same crowd"
            )
        self.bias[:known_listeners] = start.bias
        self.scale[:known_listeners] = start.scale
        self.scale_var[:known_listeners] = start.scale_error**2
        self.consistency[:known_listeners] = start.consistency
        self.appeal[:known_individuals] = start.appeal
        known_generations = min(len(start.generation_mean), len(self.generation_mean))
        self.generation_mean[:known_generations] = start.generation_mean[:known_generations]
        self.level = start.level
        self.appeal_spread, self.bias_spread = start.appeal_variance, start.bias_variance

    def sweep(self) -> float:
        """Update every factor once; return the largest change of an individual's fitness."""
        before = self.level + self.appeal
        self._update_appeal()
        self._update_listeners()
        self._update_level()
        self._update_spreads()
        self._recentre()
        return float(np.max(np.abs(self.level + self.appeal - before), initial=0.0))

    def _update_appeal(self) -> None:
        seen = self.observed
        expected = self.generation_mean[seen.generation] + seen.prior
        precision = 1 / self.appeal_spread + seen.to_individuals(self.consistency * (self.scale**2 + self.scale_var))
        weight = self.consistency * self.scale
        pulled = seen.values_to_individuals(weight) - seen.to_individuals(weight * (self.level + self.bias))
        self.appeal_var = 1 / precision
        self.appeal = (expected / self.appeal_spread + pulled) / precision

    def _update_listeners(self) -> None:
        seen = self.observed
        sum_appeal = seen.to_listeners(self.appeal)
        sum_square = seen.to_listeners(self.appeal**2 + self.appeal_var)
        sum_cross = seen.values_to_listeners(self.appeal) - self.level * sum_appeal
        sum_rest = seen.value_sums - self.level * seen.listener_counts

        self.bias_var = 1 / (1 / self.bias_spread + self.consistency * seen.listener_counts)
        self.bias = self.bias_var * self.consistency * (sum_rest - self.scale * sum_appeal)

        precision = 1 / SCALE_VARIANCE + self.consistency * sum_square
        pulled = SCALE_MEAN / SCALE_VARIANCE + self.consistency * (sum_cross - self.bias * sum_appeal)
        self.scale, self.scale_var = truncated_moments(pulled / precision, 1 / np.sqrt(precision))

        # E[(y - mu - b - a q)^2], expanded into sums over the ratings of each listener.
        squares = (
            seen.square_sums
            - self.level * (2 * seen.value_sums - self.level * seen.listener_counts)
            - 2 * self.bias * sum_rest
            + seen.listener_counts * (self.bias**2 + self.bias_var + self.level_var)
            - 2 * self.scale * (sum_cross - self.bias * sum_appeal)
            + (self.scale**2 + self.scale_var) * sum_square
        )
        self.consistency = (CONSISTENCY_SHAPE + seen.listener_counts / 2) / (CONSISTENCY_RATE + squares / 2)
        self.sum_appeal = sum_appeal

    def _update_level(self) -> None:
        seen = self.observed
        sums = seen.value_sums - self.scale * self.sum_appeal - seen.listener_counts * self.bias
        precision = 1 / LEVEL_VARIANCE + float(self.consistency @ seen.listener_counts)
        pulled = LEVEL_MEAN / LEVEL_VARIANCE + float(self.consistency @ sums)
        self.level, self.level_var = pulled / precision, 1 / precision

        off = seen.to_generations(self.appeal - seen.prior)
        precision_g = 1 / GENERATION_VARIANCE + seen.generation_counts / self.appeal_spread
        self.generation_mean = off / self.appeal_spread / precision_g
        self.generation_mean[:1] = 0.0  # the first generation is where the level is measured

    def _update_spreads(self) -> None:
        seen = self.observed
        off = self.appeal - seen.prior - self.generation_mean[seen.generation]
        total = float(np.sum(off**2 + self.appeal_var))
        self.appeal_spread = spread_mean(total, seen.n_individuals, APPEAL_VARIANCE)
        total = float(np.sum(self.bias**2 + self.bias_var))
        self.bias_spread = spread_mean(total, seen.n_listeners, BIAS_VARIANCE)

    def _recentre(self) -> None:
        """Move what the likelihood cannot tell apart to where the priors want it; plain sweeps would creep there."""
        common, _ = self.bias_shift()
        self.shift_bias(common)
        shift, _ = self.appeal_shift(self.observed)
        self.shift_appeal(shift)


def truncated_moments(mean: Floats, deviation: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of normals cut off below 0, elementwise."""
    alpha = np.maximum(-mean / deviation, -30.0)
    # Abramowitz and Stegun 7.1.26: the upper tail is within 1e-7, and numpy alone suffices.
    x = np.abs(alpha) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * x)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    # Both the density and the tail carry exp(-x^2); far out only their ratio is kept, and it is the poly's.
    density = np.exp(-(x**2)) / np.sqrt(2 * np.pi)
    hazard = np.where(alpha > 0, np.sqrt(2 / np.pi) / poly, density / (1 - poly * np.exp(-(x**2)) / 2))
    variance = np.maximum(1 + alpha * hazard - hazard**2, 1e-6)
    return np.maximum(mean + deviation * hazard, 0.0), deviation**2 * variance
