"""Gibbs draws of the rating model: slower than the variational updates, and with intervals that can be believed.

Here a rating is what it is, a whole number: somebody who gives a 3 heard something between 2.5 and 3.5, one who gives
a 5 something above 4.5. What they heard is drawn with the rest (Albert and Chib, JASA 88, 1993; both ends as in
Tobit).
"""

import numpy as np
from scipy.special import expit

from evolution.duels import HeardDuels
from evolution.listening import CLICKERS_SHAPE, LISTENERS_SHAPE, evidence_of_clicking, listening_odds
from evolution.observed import Observed
from evolution.position import Position
from evolution.rating_model import (
    APPEAL_VARIANCE,
    BIAS_VARIANCE,
    CHILD_VARIANCE,
    CONSISTENCY_RATE,
    CONSISTENCY_SHAPE,
    GENERATION_VARIANCE,
    INHERITANCE_MEAN,
    INHERITANCE_VARIANCE,
    LEVEL_MEAN,
    LEVEL_VARIANCE,
    RATING_MAX,
    RATING_MIN,
    SCALE_MEAN,
    SCALE_VARIANCE,
    SPREAD_SHAPE,
    Estimate,
    Floats,
)
from evolution.truncated import draw_between, positive_draw

LATENT_RATINGS = 100_000  # with more, rounding and both ends matter less than the time they take
KEPT_DRAWS = 500
AVERAGED = (
    "level",
    "bias",
    "consistency",
    "listening",
    "generation_mean",
    "appeal_spread",
    "child_spread",
    "prior_variance",
    "bias_spread",
    "inheritance",
)
SMALLEST_SHARE = 1e-9  # of clickers


class Gibbs(Position):
    """One chain over every unknown of the model; each sweep is linear in the answers."""

    def __init__(self, observed: Observed, duels: HeardDuels, start: Estimate, rng: np.random.Generator) -> None:
        self.given = self.observed = observed
        self.duels = duels
        self.rng = rng
        self.level = start.level
        self.bias = start.bias.copy()
        self.scale = start.scale.copy()
        self.consistency = start.consistency.copy()
        self.listening = start.listening.copy()
        self.clicking = evidence_of_clicking(observed)
        self.appeal = start.appeal.copy()
        self.generation_mean = start.generation_mean.copy()
        self.take_spreads(start.appeal_variance, start.child_variance)
        self.bias_spread = start.bias_variance
        self.inheritance = start.inheritance
        self.clickers = CLICKERS_SHAPE / (CLICKERS_SHAPE + LISTENERS_SHAPE)
        half = 0.5 if np.all(observed.value == np.rint(observed.value)) else 0.0
        self.low = np.where(observed.value <= RATING_MIN, -np.inf, observed.value - half)
        self.high = np.where(observed.value >= RATING_MAX, np.inf, observed.value + half)

    def sweep(self) -> None:
        """Draw every unknown once, given all others."""
        self._draw_listening()
        self._draw_heard()
        self._draw_appeal()
        self._draw_listeners()
        self._draw_level()
        self._draw_pedigree()
        self._draw_spreads()
        self._slide()

    def summarise(self, draws: int) -> Estimate:
        """Means over `draws` further sweeps; the standard errors are the draws' deviations."""
        totals = {name: np.zeros_like(getattr(self, name), dtype=np.float64) for name in AVERAGED}
        appeal = _Moments(self.appeal)
        fitness, scale = _Moments(self.level + self.appeal), _Moments(self.scale)
        kept: list[Floats] = []
        every = -(-draws // KEPT_DRAWS)
        for number in range(draws):
            self.sweep()
            fitness.add(self.level + self.appeal)
            appeal.add(self.appeal - np.sum(self.appeal) / max(len(self.appeal), 1))
            scale.add(self.scale)
            if number % every == 0:
                kept.append(self.level + self.appeal)
            for name in AVERAGED:
                totals[name] = totals[name] + getattr(self, name)
        mean = {name: value / draws for name, value in totals.items()}
        return Estimate(
            mean=fitness.mean,
            standard_error=fitness.deviation,
            appeal=fitness.mean - mean["level"],
            appeal_error=appeal.deviation,
            bias=mean["bias"],
            scale=scale.mean,
            scale_error=scale.deviation,
            consistency=mean["consistency"],
            listening=mean["listening"],
            level=float(mean["level"]),
            generation_mean=mean["generation_mean"],
            appeal_variance=float(mean["appeal_spread"]),
            child_variance=float(mean["child_spread"]),
            prior_variance=mean["prior_variance"],
            bias_variance=float(mean["bias_spread"]),
            inheritance=float(mean["inheritance"]),
            sweeps=draws,
            draws=np.array(kept),
        )

    def _draw_listening(self) -> None:
        """Who listens, from the ratings as they were given."""
        heard, self.observed = self.observed, self.given
        sum_appeal = self.observed.to_listeners(self.appeal)
        sum_square = self.observed.to_listeners(self.appeal**2)
        sum_cross = self.observed.values_to_listeners(self.appeal) - self.level * sum_appeal
        odds = listening_odds(self, sum_appeal, sum_square, sum_cross) + np.log(1 / self.clickers - 1)
        self.listening = (self.rng.random(len(odds)) < expit(odds)).astype(np.float64)
        clicking = float(np.sum(1 - self.listening))
        drawn = self.rng.beta(CLICKERS_SHAPE + clicking, LISTENERS_SHAPE + len(odds) - clicking)
        self.clickers = max(float(drawn), SMALLEST_SHARE)
        self.observed = heard

    def _draw_heard(self) -> None:
        seen = self.given
        if 0 < len(seen.value) <= LATENT_RATINGS:
            mean = self.level + self.bias[seen.listener] + self.scale[seen.listener] * self.appeal[seen.individual]
            deviation = (1 / np.sqrt(self.consistency))[seen.listener]
            self.observed = seen.with_values(draw_between(self.low, self.high, mean, deviation, self.rng))
        if len(self.duels):
            self.duels.draw(self.appeal, self.scale, self.consistency, self.rng)

    def _draw_appeal(self) -> None:
        seen, duels = self.observed, self.duels
        voice = self.listening * self.consistency
        weight, prior_precision = voice * self.scale, 1 / self.prior_variance
        precision = prior_precision + seen.to_individuals(weight * self.scale)
        pulled = seen.values_to_individuals(weight) - seen.to_individuals(weight * (self.level + self.bias))
        if len(duels):
            precision = precision + duels.to_individuals(weight * self.scale)
            pulled = pulled + duels.values_to_individuals(weight)
        self.appeal = self._normal((self.expected_appeal * prior_precision + pulled) / precision, precision)

    def _draw_listeners(self) -> None:
        seen, duels = self.observed, self.duels
        voice = self.listening * self.consistency
        sum_appeal, sum_square = seen.to_listeners(self.appeal), seen.to_listeners(self.appeal**2)
        sum_cross = seen.values_to_listeners(self.appeal) - self.level * sum_appeal
        sum_rest = seen.value_sums - self.level * seen.listener_counts

        precision = 1 / self.bias_spread + voice * seen.listener_counts
        self.bias = self._normal(voice * (sum_rest - self.scale * sum_appeal) / precision, precision)

        precision, pulled = voice * sum_square, voice * (sum_cross - self.bias * sum_appeal)
        if len(duels):
            precision = precision + voice * duels.to_listeners(self.appeal**2)
            pulled = pulled + voice * duels.values_to_listeners(self.appeal)
        precision, pulled = precision + 1 / SCALE_VARIANCE, pulled + SCALE_MEAN / SCALE_VARIANCE
        self.scale = positive_draw(pulled / precision, 1 / np.sqrt(precision), self.rng)

        squares, count = self.squares(sum_appeal, sum_square, sum_cross), seen.listener_counts
        if len(duels):
            squares = squares + duels.squares(self.appeal, self.scale)
            count = count + duels.listener_counts
        squares, count = squares + seen.repeat_squares, count + seen.repeat_counts
        rate = CONSISTENCY_RATE + self.listening * np.maximum(squares, 0.0) / 2
        self.consistency = self.rng.gamma(CONSISTENCY_SHAPE + self.listening * count / 2) / rate
        self.sum_appeal = sum_appeal

    def _draw_level(self) -> None:
        seen = self.observed
        voice = self.listening * self.consistency
        rest = seen.value_sums - self.scale * self.sum_appeal - seen.listener_counts * self.bias
        precision = 1 / LEVEL_VARIANCE + float(voice @ seen.listener_counts)
        self.level = self._one((LEVEL_MEAN / LEVEL_VARIANCE + float(voice @ rest)) / precision, precision)

    def _draw_pedigree(self) -> None:
        seen = self.observed
        weights = 1 / self.prior_variance
        off = seen.to_generations((self.appeal - self.inheritance * seen.prior) * weights)
        precisions = 1 / GENERATION_VARIANCE + seen.to_generations(weights)
        self.generation_mean = self._normal(off / precisions, precisions)
        self.generation_mean[:1] = 0.0  # the first generation is where the level is measured

        rest = self.appeal - self.generation_mean[seen.generation]
        precision = 1 / INHERITANCE_VARIANCE + float(weights @ seen.prior**2)
        pulled = INHERITANCE_MEAN / INHERITANCE_VARIANCE + float((weights * seen.prior) @ rest)
        self.inheritance = self._one(pulled / precision, precision)

    def _draw_spreads(self) -> None:
        seen = self.observed
        # The part of the distance from what was expected that is the spread's, not the prior's own variance.
        part = 1 - seen.extra_variance / self.prior_variance
        off = part * (self.appeal - self.expected_appeal)
        off = off + self.rng.normal(size=len(off)) * np.sqrt(part * seen.extra_variance)
        of_first, of_children = off[~seen.is_child], off[seen.is_child]
        spread = self._spread(float(of_first @ of_first), len(of_first), APPEAL_VARIANCE)
        child = self.child_spread
        if len(of_children):
            child = self._spread(float(of_children @ of_children), len(of_children), CHILD_VARIANCE)
        self.take_spreads(spread, child)
        self.bias_spread = self._spread(float(self.bias @ self.bias), len(self.bias), BIAS_VARIANCE)

    def _slide(self) -> None:
        """Draw along the two directions in which every prediction stays the same; without it the chain mixes slowly."""
        mean, precision = self.bias_shift()
        self.shift_bias(self._one(mean, precision))
        mean, precision = self.appeal_shift()
        self.shift_appeal(self._one(mean, precision))

    def _normal(self, mean: Floats, precision: Floats) -> Floats:
        return mean + self.rng.normal(size=len(mean)) / np.sqrt(precision)

    def _one(self, mean: float, precision: float) -> float:
        return mean + float(self.rng.normal()) / float(np.sqrt(precision))

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
