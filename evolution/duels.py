"""Duels: which of two phrases a listener likes better, told by the same unknowns as the ratings.

Listener i hears a_i q + e, e ~ N(0, 1/lambda_i), in each of the two phrases and prefers the one heard as better, so
that the difference is a_i (q_j - q_k) + e', e' ~ N(0, 2/lambda_i): Thurstone's law of comparative judgement
(Psychological Review 34, 1927) with a probit link. The two things heard are unknowns beside the others (data
augmentation: Albert and Chib, JASA 88, 1993); given them a duel is a pair of ratings that know neither level nor bias,
and all else stays linear.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from evolution.rating_model import Floats, RatingsError, checked_indices, sums
from evolution.truncated import hazard, positive_draw


@dataclass(frozen=True)
class Duels:
    """Who preferred what to what: three arrays of shape (n,), indices from 0."""

    listener: NDArray[np.integer[Any]]
    winner: NDArray[np.integer[Any]]
    loser: NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.listener)


class HeardDuels:
    """Checked duels and what was heard in them, as means and variances or as draws; n duels, 2 n things heard."""

    def __init__(self, duels: Duels | None, *, n_listeners: int, n_individuals: int) -> None:
        given = Duels(*[np.zeros(0, dtype=np.int64)] * 3) if duels is None else duels
        self.n_listeners, self.n_individuals = n_listeners, n_individuals
        self.by = checked_indices(given.listener, n_listeners, "duels.listener")
        self.winner = checked_indices(given.winner, n_individuals, "duels.winner")
        self.loser = checked_indices(given.loser, n_individuals, "duels.loser")
        if not len(self.by) == len(self.winner) == len(self.loser):
            raise RatingsError(
                f"duels: expected three arrays of one length, got {len(self.by)}, {len(self.winner)} and "
                f"{len(self.loser)}; pass who, the winner and the loser of each"
            )
        if np.any(self.winner == self.loser):
            raise RatingsError("duels: expected two different individuals in each, got one against itself; drop it")
        self.listener = np.concatenate([self.by, self.by])
        self.individual = np.concatenate([self.winner, self.loser])
        self.listener_counts = np.bincount(self.listener, minlength=n_listeners).astype(np.float64)
        self.value = np.zeros(2 * len(self.by))
        self.variance = np.zeros(2 * len(self.by))

    def __len__(self) -> int:
        return len(self.by)

    def expect(self, appeal: Floats, scale: Floats, consistency: Floats) -> None:
        """Set what was heard to its mean and variance given the appeals (J,), scales and consistencies (I,)."""
        one = 1 / consistency[self.by]
        x = self._standardised(appeal, scale, consistency)
        ratio = hazard(x)
        moved = np.sqrt(2 * one) * ratio / 2
        self.value = scale[self.listener] * appeal[self.individual] + np.concatenate([moved, -moved])
        left = one * (1 - ratio * (ratio + x) / 2)
        self.variance = np.concatenate([left, left])

    def draw(self, appeal: Floats, scale: Floats, consistency: Floats, rng: np.random.Generator) -> None:
        """Set what was heard to a draw given the appeals (J,), scales and consistencies (I,)."""
        deviation = np.sqrt(2 / consistency[self.by])
        liked, other = (scale[self.by] * appeal[side] for side in (self.winner, self.loser))
        difference = positive_draw(liked - other, deviation, rng)
        total = liked + other + deviation * rng.normal(size=len(self))
        self.value = np.concatenate([total + difference, total - difference]) / 2

    def to_individuals(self, weights: Floats) -> Floats:
        """For each individual (J,) the sum over its duels of the listener's weight (I,)."""
        return sums(self.individual, weights[self.listener], self.n_individuals)

    def values_to_individuals(self, weights: Floats) -> Floats:
        """For each individual (J,) the sum over its duels of what was heard times the listener's weight (I,)."""
        return sums(self.individual, self.value * weights[self.listener], self.n_individuals)

    def to_listeners(self, weights: Floats) -> Floats:
        """For each listener (I,) the sum over what they heard in duels of the individual's weight (J,)."""
        return sums(self.listener, weights[self.individual], self.n_listeners)

    def values_to_listeners(self, weights: Floats) -> Floats:
        """For each listener (I,) the sum over their duels of what was heard times the individual's weight (J,)."""
        return sums(self.listener, self.value * weights[self.individual], self.n_listeners)

    def squares(self, appeal: Floats, scale: Floats) -> Floats:
        """For each listener (I,) the sum of (what was heard - a q)^2, what was heard being as unsure as it was set."""
        off = self.value - scale[self.listener] * appeal[self.individual]
        return sums(self.listener, off**2 + self.variance, self.n_listeners)

    def information(self, appeal: Floats, scale: Floats, consistency: Floats, listening: Floats) -> Floats:
        """How much the duels add to each appeal's precision, (J,): the curvature of the probit's log likelihood."""
        x = self._standardised(appeal, scale, consistency)
        ratio = hazard(x)
        curved = (listening * scale**2 * consistency)[self.by] * ratio * (ratio + x) / 2
        return sums(self.individual, np.concatenate([curved, curved]), self.n_individuals)

    def evidence(self, appeal: Floats, scale: Floats, consistency: Floats) -> Floats:
        """For each listener (I,) the log odds of their duels under the model against tossing a coin."""
        log_likelihood = log_ndtr(self._standardised(appeal, scale, consistency)) + np.log(2)
        return sums(self.by, log_likelihood, self.n_listeners)

    def _standardised(self, appeal: Floats, scale: Floats, consistency: Floats) -> Floats:
        lead = scale[self.by] * (appeal[self.winner] - appeal[self.loser])
        return np.asarray(lead * np.sqrt(consistency[self.by] / 2), dtype=np.float64)
