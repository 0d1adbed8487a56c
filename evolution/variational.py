"""Mean-field variational updates of the rating model: fast, for live use; every sweep is linear in the answers."""

import numpy as np
from scipy.special import expit

from evolution.duels import HeardDuels
from evolution.listening import CLICKERS_SHAPE, LISTENERS_SHAPE, evidence_of_clicking, listening_odds
from evolution.observed import Observed
from evolution.position import Position, spread_mean
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
    SCALE_MEAN,
    SCALE_VARIANCE,
    Estimate,
    Floats,
    RatingsError,
)
from evolution.truncated import truncated_moments

SWEEPS_BEFORE_DOUBT = 3  # until the appeals have taken shape, nobody is thought a clicker


class Variational(Position):
    """Means and variances of every factor, improved in place by `sweep`."""

    def __init__(self, observed: Observed, duels: HeardDuels, start: Estimate | None) -> None:
        self.observed, self.duels = observed, duels
        self.bias = np.zeros(observed.n_listeners)
        self.scale = np.full(observed.n_listeners, SCALE_MEAN)
        self.scale_var = np.full(observed.n_listeners, SCALE_VARIANCE)
        self.consistency = np.ones(observed.n_listeners)
        self.listening = np.ones(observed.n_listeners)
        self.clicking = evidence_of_clicking(observed)
        self.appeal = observed.prior.copy()
        self.appeal_var = np.full(observed.n_individuals, APPEAL_VARIANCE)
        self.generation_mean = np.zeros(len(observed.generation_counts))
        self.level, self.level_var = float(np.mean(observed.value)) if len(observed.value) else LEVEL_MEAN, 0.0
        self.take_spreads(APPEAL_VARIANCE, CHILD_VARIANCE)
        self.bias_spread = BIAS_VARIANCE
        self.inheritance = INHERITANCE_MEAN
        self.clickers = CLICKERS_SHAPE / (CLICKERS_SHAPE + LISTENERS_SHAPE)
        self.before_doubt = SWEEPS_BEFORE_DOUBT
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
        self.listening[:known_listeners] = start.listening
        self.appeal[:known_individuals] = start.appeal
        known_generations = min(len(start.generation_mean), len(self.generation_mean))
        self.generation_mean[:known_generations] = start.generation_mean[:known_generations]
        self.level = start.level
        self.take_spreads(start.appeal_variance, start.child_variance)
        self.bias_spread = start.bias_variance
        self.inheritance = start.inheritance
        self.before_doubt = 0

    def sweep(self) -> float:
        """Update every factor once; return the largest change of an individual's fitness."""
        before = self.level + self.appeal
        if len(self.duels):
            self.duels.expect(self.appeal, self.scale, self.consistency)
        self._update_appeal()
        self._update_listeners()
        self._update_level()
        self._update_spreads()
        self._recentre()
        return float(np.max(np.abs(self.level + self.appeal - before), initial=0.0))

    def _update_appeal(self) -> None:
        seen, duels = self.observed, self.duels
        voice = self.listening * self.consistency
        prior_precision = 1 / self.prior_variance
        informed = voice * (self.scale**2 + self.scale_var)
        precision = prior_precision + seen.to_individuals(informed)
        pulled = seen.values_to_individuals(voice * self.scale)
        pulled = pulled - seen.to_individuals(voice * self.scale * (self.level + self.bias))
        sure = precision
        if len(duels):
            # What was heard moves with the appeal, so a duel is worth less than the two ratings it is counted as.
            sure = precision + duels.information(self.appeal, self.scale, self.consistency, self.listening)
            precision = precision + duels.to_individuals(voice * self.scale**2)
            pulled = pulled + duels.values_to_individuals(voice * self.scale)
        self.appeal_var = 1 / sure
        self.appeal = (self.expected_appeal * prior_precision + pulled) / precision

    def _update_listeners(self) -> None:
        seen, duels = self.observed, self.duels
        second = self.appeal**2 + self.appeal_var
        sum_appeal = seen.to_listeners(self.appeal)
        sum_square = seen.to_listeners(second)
        sum_cross = seen.values_to_listeners(self.appeal) - self.level * sum_appeal
        self._update_listening(sum_appeal, sum_square, sum_cross)
        voice = self.listening * self.consistency

        sum_rest = seen.value_sums - self.level * seen.listener_counts
        self.bias_var = 1 / (1 / self.bias_spread + voice * seen.listener_counts)
        self.bias = self.bias_var * voice * (sum_rest - self.scale * sum_appeal)

        precision, pulled = voice * sum_square, voice * (sum_cross - self.bias * sum_appeal)
        if len(duels):
            precision = precision + voice * duels.to_listeners(self.appeal**2)
            pulled = pulled + voice * duels.values_to_listeners(self.appeal)
        precision, pulled = precision + 1 / SCALE_VARIANCE, pulled + SCALE_MEAN / SCALE_VARIANCE
        self.scale, self.scale_var = truncated_moments(pulled / precision, 1 / np.sqrt(precision))

        squares = self.squares(sum_appeal, sum_square, sum_cross)
        squares = squares + seen.listener_counts * (self.bias_var + self.level_var) + self.scale_var * sum_square
        count = seen.listener_counts
        if len(duels):
            squares = squares + duels.squares(self.appeal, self.scale)
            count = count + duels.listener_counts
        squares, count = squares + seen.repeat_squares, count + seen.repeat_counts
        self.consistency = (CONSISTENCY_SHAPE + self.listening * count / 2) / (
            CONSISTENCY_RATE + self.listening * squares / 2
        )
        self.sum_appeal = sum_appeal

    def _update_listening(self, sum_appeal: Floats, sum_square: Floats, sum_cross: Floats) -> None:
        if self.before_doubt:
            self.before_doubt -= 1
            return
        odds = listening_odds(self, sum_appeal, sum_square, sum_cross)
        self.listening = expit(odds + np.log(1 / self.clickers - 1))
        clicking = float(np.sum(1 - self.listening))
        self.clickers = (CLICKERS_SHAPE + clicking) / (CLICKERS_SHAPE + LISTENERS_SHAPE + len(odds))

    def _update_level(self) -> None:
        seen = self.observed
        voice = self.listening * self.consistency
        rest = seen.value_sums - self.scale * self.sum_appeal - seen.listener_counts * self.bias
        precision = 1 / LEVEL_VARIANCE + float(voice @ seen.listener_counts)
        self.level = (LEVEL_MEAN / LEVEL_VARIANCE + float(voice @ rest)) / precision
        self.level_var = 1 / precision

        weights = 1 / self.prior_variance
        off = seen.to_generations((self.appeal - self.inheritance * seen.prior) * weights)
        self.generation_mean = off / (1 / GENERATION_VARIANCE + seen.to_generations(weights))
        self.generation_mean[:1] = 0.0  # the first generation is where the level is measured

        off = self.appeal - self.generation_mean[seen.generation]
        precision = 1 / INHERITANCE_VARIANCE + float(weights @ seen.prior**2)
        self.inheritance = (INHERITANCE_MEAN / INHERITANCE_VARIANCE + float((weights * seen.prior) @ off)) / precision

    def _update_spreads(self) -> None:
        seen = self.observed
        squares = (self.appeal - self.expected_appeal) ** 2 + self.appeal_var
        n_children, of_children = seen.n_children, 0.0
        if n_children:
            # Of a child's distance only a part is the spread's, where what is expected has a variance of its own.
            part = 1 - seen.extra_variance / self.prior_variance
            squares = part**2 * squares + part * seen.extra_variance
            of_children = float(squares[seen.is_child].sum())
        self.take_spreads(
            spread_mean(float(squares.sum()) - of_children, seen.n_individuals - n_children, APPEAL_VARIANCE),
            spread_mean(of_children, n_children, CHILD_VARIANCE),
        )
        total = float(np.sum(self.bias**2 + self.bias_var))
        self.bias_spread = spread_mean(total, seen.n_listeners, BIAS_VARIANCE)

    def _recentre(self) -> None:
        """Move what the likelihood cannot tell apart to where the priors want it; plain sweeps would creep there."""
        self.shift_bias(self.bias_shift()[0])
        self.shift_appeal(self.appeal_shift()[0])
