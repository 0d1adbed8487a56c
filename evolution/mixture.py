"""The mixture of tastes behind `evolution.islands`: its data, its variational updates, and its evidence bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import digamma, gammaln

from evolution.observed import observe
from evolution.position import spread_mean
from evolution.rating_model import (
    CONSISTENCY_RATE,
    CONSISTENCY_SHAPE,
    SPREAD_SHAPE,
    Estimate,
    Floats,
    Integers,
    Ratings,
    sums,
)

TOLERANCE = 1e-3  # nats that a sweep must bring
LEAST_SCALE = 0.5  # whoever is of the rarer taste seems to go nowhere, by the mean of all
LEAST_VARIANCE = 0.1  # on the rating scale, of what phrases are to all
OWN_VARIANCES = (0.45, 0.2)  # of what first phrases and children are to one taste beside all; learned from there


@dataclass(frozen=True)
class Said:
    """Ratings of I listeners and the J phrases that have any, as sums over each pair (I, J).

    They are less the general level and what is expected of the phrase: of its generation, and by its parents.
    """

    count: Floats
    total: Floats
    squares: Floats  # (I,) of all a listener's ratings
    scale: Floats  # (I,) how far a listener goes for what they like: who gives everything a 3 is of no other taste
    listening: Floats  # (I,) probability to listen, and not to click: what a listener's word weighs
    variance: Floats  # (J,) of what a phrase is to everybody, about what is expected of it
    kind: Integers  # (J,) 0 for first phrases, 1 for children
    bias_variance: float

    @property
    def n_listeners(self) -> int:
        return len(self.count)

    @classmethod
    def of(cls, ratings: Ratings, fitted: Estimate, model: Mapping[str, Any] | None = None) -> "Said":
        """Ratings beside what the rating model made of them; `model` is what it was given with them."""
        shape = len(fitted.bias), len(fitted.mean)
        known = {name: (model or {}).get(name) for name in ("generation_of", "prior")}
        seen = observe(ratings, n_listeners=shape[0], n_individuals=shape[1], **known)
        expected = fitted.generation_mean[seen.generation] + fitted.inheritance * seen.prior
        flat = seen.listener * shape[1] + seen.individual
        scale = np.maximum(fitted.scale, LEAST_SCALE)
        rest = seen.value - fitted.level - scale[seen.listener] * expected[seen.individual]
        count = sums(flat, np.ones(len(flat)), shape[0] * shape[1]).reshape(shape)
        total = sums(flat, rest, shape[0] * shape[1]).reshape(shape)
        heard = count.sum(axis=0) > 0
        return cls(
            count=count[:, heard],
            total=total[:, heard],
            squares=sums(seen.listener, rest**2, shape[0]),
            scale=scale,
            listening=fitted.listening,
            variance=np.maximum(fitted.prior_variance[heard], LEAST_VARIANCE),
            kind=seen.is_child[heard].astype(np.int64),
            bias_variance=fitted.bias_variance,
        )


class Mixture:
    """K tastes: memberships (I, K), what each phrase is to each taste, biases, consistencies; better by `sweep`.

    What a phrase is to the tastes has, in the mean over them, the variance of what it is to everybody, and across them
    an own one, which first phrases and children have each of their own.
    """

    def __init__(self, said: Said, membership: Floats) -> None:
        self.said, self.membership = said, membership
        self.own_variances = np.array(OWN_VARIANCES)
        count = membership.shape[1]
        self.together = np.full((count, count), 1 / count)  # projects on what is alike to all
        self.across = np.eye(count) - self.together
        self.bias, self.bias_var = np.zeros(said.n_listeners), np.zeros(said.n_listeners)
        self.shape = CONSISTENCY_SHAPE + said.count.sum(axis=1) / 2
        self.rate = self.shape * CONSISTENCY_RATE / CONSISTENCY_SHAPE
        self.bound = -np.inf

    def settled(self, sweeps: int) -> "Mixture":
        """After so many sweeps, or as soon as they bring nothing."""
        for _ in range(sweeps):
            before = self.bound
            self.sweep()
            if self.bound - before < TOLERANCE and np.isfinite(before):
                break
        return self

    def sweep(self) -> None:
        """Each factor set to its best while the others stand, and the bound with all of them."""
        said = self.said
        weight = said.listening * self.shape / self.rate
        self._update_phrases(weight)
        expected = said.scale[:, None] * (self.membership @ self.mean.T)  # (I, J)
        n = said.count.sum(axis=1)
        self.bias_var = 1 / (weight * n + 1 / said.bias_variance)
        self.bias = self.bias_var * weight * (said.total.sum(axis=1) - (said.count * expected).sum(axis=1))
        errors = self._errors()  # (I, K)
        log = -0.5 * weight[:, None] * errors
        log -= log.max(axis=1, keepdims=True)
        self.membership = np.exp(log) / np.exp(log).sum(axis=1, keepdims=True)
        errors_own = (self.membership * errors).sum(axis=1)
        self.shape = CONSISTENCY_SHAPE + said.listening * n / 2
        self.rate = CONSISTENCY_RATE + said.listening * errors_own / 2
        self._update_own_variances()
        self.bound = self._bound(n, errors_own)

    def _update_phrases(self, weight: Floats) -> None:
        """What each phrase is to each taste: means (J, K) and covariances (J, K, K)."""
        said, held = self.said, (weight * self.said.scale)[:, None] * self.membership
        precision = (said.scale[:, None] * said.count).T @ held  # (J, K)
        pull = (said.total - said.count * self.bias[:, None]).T @ held
        eye = np.eye(self.membership.shape[1])
        self.covariance = np.linalg.inv(self._inverse_prior() + precision[:, :, None] * eye)
        self.mean = np.einsum("jkl,jl->jk", self.covariance, pull)

    def _inverse_prior(self) -> Floats:
        """Of each phrase, (J, K, K)."""
        alike = len(self.together) * self.said.variance[:, None, None]
        own = self.own_variances[self.said.kind, None, None]
        inverse: Floats = self.together / alike + self.across / own
        return inverse

    def _update_own_variances(self) -> None:
        """How far tastes differ about first phrases and about children, shrunk towards the usual."""
        count = len(self.together) - 1
        if not count:
            return
        squares = np.einsum("kl,jlk->j", self.across, self.covariance) + np.sum((self.mean @ self.across) ** 2, axis=1)
        for kind, usual in enumerate(OWN_VARIANCES):
            of_kind = self.said.kind == kind
            total = float(squares[of_kind].sum())
            self.own_variances[kind] = spread_mean(total, count * int(of_kind.sum()), usual)

    def _errors(self) -> Floats:
        """Expected squared errors of each listener's ratings under each taste, summed, (I, K)."""
        said = self.said
        n, total = said.count.sum(axis=1), said.total.sum(axis=1)
        rest = said.scale[:, None] * (said.total - said.count * self.bias[:, None])
        variances = np.diagonal(self.covariance, axis1=1, axis2=2)  # (J, K)
        squares = said.squares - 2 * self.bias * total + n * (self.bias**2 + self.bias_var)
        errors: Floats = squares[:, None] - 2 * rest @ self.mean
        errors += (said.scale[:, None] ** 2 * said.count) @ (self.mean**2 + variances)
        return np.maximum(errors, 0.0)

    def _bound(self, n: Floats, errors: Floats) -> float:
        """The evidence lower bound in nats."""
        said, heard = self.said, self.said.listening
        log_precision = digamma(self.shape) - np.log(self.rate)
        precision = self.shape / self.rate
        fit = np.sum(heard * n / 2 * (log_precision - np.log(2 * np.pi)) - heard * precision * errors / 2)
        spent = self._spent_on_phrases()
        share = self.bias_var / said.bias_variance
        spent += np.sum(share + self.bias**2 / said.bias_variance - 1 - np.log(share)) / 2
        a, b = CONSISTENCY_SHAPE, CONSISTENCY_RATE
        spent += np.sum(
            (self.shape - a) * digamma(self.shape)
            - gammaln(self.shape)
            + gammaln(a)
            + a * (np.log(self.rate) - np.log(b))
            + self.shape * (b - self.rate) / self.rate
        )
        count = self.membership.shape[1]
        spent += np.sum(self.membership * np.log(np.maximum(self.membership * count, 1e-300)))
        return float(fit - spent)

    def _spent_on_phrases(self) -> float:
        """Nats by which what is known of the phrases lies away from what was expected of them."""
        inverse, count = self._inverse_prior(), self.mean.shape[1]
        log_prior = np.log(count * self.said.variance) + (count - 1) * np.log(self.own_variances[self.said.kind])
        away = np.einsum("jkl,jlk->j", inverse, self.covariance)
        away += np.einsum("jk,jkl,jl->j", self.mean, inverse, self.mean)
        spent = np.sum(away - count + log_prior - np.linalg.slogdet(self.covariance)[1]) / 2
        if count > 1:
            ratio = np.array(OWN_VARIANCES) / self.own_variances
            spent += SPREAD_SHAPE * np.sum(ratio - 1 - np.log(ratio))
        return float(spent)
