"""Gibbs draws of the rating model: slower than the variational updates, and with intervals that can be believed."""

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
    SPREAD_SHAPE,
    Estimate,
    Floats,
    Observed,
    Position,
)

TRUNCATION_TRIES = 20


class Gibbs(Position):
    """One chain over every unknown of the model; each sweep is linear in the ratings."""

    def __init__(self, observed: Observed, start: Estimate, rng: np.random.Generator) -> None:
        self.observed = observed
        self.rng = rng
        self.level = start.level
        self.bias = start.bias.copy()
        self.scale = start.scale.copy()
        self.consistency = start.consistency.copy()
        self.appeal = start.appeal.copy()
        self.generation_mean = start.generation_mean.copy()
        self.appeal_spread, self.bias_spread = start.appeal_variance, start.bias_variance

    def sweep(self) -> None:
        """Draw every unknown once, given all others."""
        self._draw_appeal()
        self._draw_listeners()
        self._draw_level()
        self._draw_spreads()
        self._slide()

    def summarise(self, draws: int) -> Estimate:
        """Means over `draws` further sweeps; the standard errors are the draws' deviations."""
        names = ("level", "bias", "consistency", "generation_mean", "appeal_spread", "bias_spread")
        sums = {name: np.zeros_like(getattr(self, name), dtype=np.float64) for name in names}
        fitness, scale = _Moments(self.level + self.appeal), _Moments(self.scale)
        for _ in range(draws):
            self.sweep()
            fitness.add(self.level + self.appeal)
            scale.add(self.scale)
            for name in names:
                sums[name] = sums[name] + getattr(self, name)
        mean = {name: value / draws for name, value in sums.items()}
        return Estimate(
            mean=fitness.mean,
            standard_error=fitness.deviation,
            appeal=fitness.mean - mean["level"],
            bias=mean["bias"],
            scale=scale.mean,
            scale_error=scale.deviation,
            consistency=mean["consistency"],
            level=float(mean["level"]),
            generation_mean=mean["generation_mean"],
            appeal_variance=float(mean["appeal_spread"]),
            bias_variance=float(mean["bias_spread"]),
            sweeps=draws,
        )

    def _draw_appeal(self) -> None:
        seen = self.observed
        expected = self.generation_mean[seen.generation] + seen.prior
        precision = 1 / self.appeal_spread + seen.to_individuals(self.consistency * self.scale**2)
        weight = self.consistency * self.scale
        pulled = seen.values_to_individuals(weight) - seen.to_individuals(weight * (self.level + self.bias))
        self.appeal = self._normal((expected / self.appeal_spread + pulled) / precision, precision)

    def _draw_listeners(self) -> None:
        seen = self.observed
        sum_appeal = seen.to_listeners(self.appeal)
        sum_square = seen.to_listeners(self.appeal**2)
        sum_cross = seen.values_to_listeners(self.appeal) - self.level * sum_appeal
        sum_rest = seen.value_sums - self.level * seen.listener_counts

        precision = 1 / self.bias_spread + self.consistency * seen.listener_counts
        pulled = self.consistency * (sum_rest - self.scale * sum_appeal)
        self.bias = self._normal(pulled / precision, precision)

        precision = 1 / SCALE_VARIANCE + self.consistency * sum_square
        pulled = SCALE_MEAN / SCALE_VARIANCE + self.consistency * (sum_cross - self.bias * sum_appeal)
        self.scale = truncated_draw(pulled / precision, 1 / np.sqrt(precision), self.rng)

        # (y - mu - b - a q)^2, expanded into sums over the ratings of each listener.
        squares = (
            seen.square_sums
            - self.level * (2 * seen.value_sums - self.level * seen.listener_counts)
            - 2 * self.bias * sum_rest
            + seen.listener_counts * self.bias**2
            - 2 * self.scale * (sum_cross - self.bias * sum_appeal)
            + self.scale**2 * sum_square
        )
        rate = CONSISTENCY_RATE + np.maximum(squares, 0.0) / 2
        self.consistency = self.rng.gamma(CONSISTENCY_SHAPE + seen.listener_counts / 2) / rate
        self.sum_appeal = sum_appeal

    def _draw_level(self) -> None:
        seen = self.observed
        sums = seen.value_sums - self.scale * self.sum_appeal - seen.listener_counts * self.bias
        precision = 1 / LEVEL_VARIANCE + float(self.consistency @ seen.listener_counts)
        pulled = LEVEL_MEAN / LEVEL_VARIANCE + float(self.consistency @ sums)
        self.level = pulled / precision + float(self.rng.normal()) / np.sqrt(precision)

        off = seen.to_generations(self.appeal - seen.prior)
        precision_g = 1 / GENERATION_VARIANCE + seen.generation_counts / self.appeal_spread
        self.generation_mean = self._normal(off / self.appeal_spread / precision_g, precision_g)
        self.generation_mean[:1] = 0.0  # the first generation is where the level is measured

    def _draw_spreads(self) -> None:
        seen = self.observed
        off = self.appeal - seen.prior - self.generation_mean[seen.generation]
        self.appeal_spread = self._spread(float(off @ off), len(off), APPEAL_VARIANCE)
        self.bias_spread = self._spread(float(self.bias @ self.bias), len(self.bias), BIAS_VARIANCE)

    def _slide(self) -> None:
        """Draw along the two directions in which every prediction stays the same; without it the chain mixes slowly."""
        mean, precision = self.bias_shift()
        self.shift_bias(mean + float(self.rng.normal()) / np.sqrt(precision))
        mean, precision = self.appeal_shift(self.observed)
        self.shift_appeal(mean + float(self.rng.normal()) / np.sqrt(precision))

    def _normal(self, mean: Floats, precision: Floats) -> Floats:
        return mean + self.rng.normal(size=len(mean)) / np.sqrt(precision)

    def _spread(self, total: float, count: int, typical: float) -> float:
        shape = SPREAD_SHAPE + count / 2
        return float((SPREAD_SHAPE * typical + total / 2) / self.rng.gamma(shape))


class _Moments:
    """Mean and deviation of what is added, elementwise, counted from an anchor so that the squares don't cancel."""

    def __init__(self, anchor: Floats) -> None:
        self.anchor = anchor.copy()
        self.count = 0
        self.total = np.zeros_like(anchor)
        self.squares = np.zeros_like(anchor)

    def add(self, values: Floats) -> None:
        off = values - self.anchor
        self.count += 1
        self.total += off
        self.squares += off**2

    @property
    def mean(self) -> Floats:
        return self.anchor + self.total / self.count

    @property
    def deviation(self) -> Floats:
        return np.sqrt(np.maximum(self.squares / self.count - (self.total / self.count) ** 2, 0.0))


def truncated_draw(mean: Floats, deviation: Floats, rng: np.random.Generator) -> Floats:
    """One draw from each normal cut off below 0, elementwise."""
    drawn = rng.normal(mean, deviation)
    for _ in range(TRUNCATION_TRIES):
        below = np.flatnonzero(drawn < 0)
        if len(below) == 0:
            return drawn
        drawn[below] = rng.normal(mean[below], deviation[below])
    # Far out in the tail a normal is an exponential.
    below = np.flatnonzero(drawn < 0)
    drawn[below] = rng.exponential(deviation[below] ** 2 / np.maximum(-mean[below], deviation[below]))
    return drawn
