"""One population heard by a room: ratings gathered until a generation closes, and what they say of the living."""

import numpy as np

from evolution.crowd import Liked, Room
from evolution.fitness import Estimate, Ratings, estimate, parents_prior, parents_variance
from evolution.informative import worth_hearing
from evolution.parents import cut_between, expected_selection_error, probability_of_parents
from evolution.rating_model import LEVEL_MEAN
from evolution.simulation.breeders import Floats, Newborn, Verdict
from evolution.simulation.offering import (
    Integers,
    even_choice,
    informative_choice,
    selection_error,
)
from evolution.simulation.strategies import FULL, INFORMATIVE, MEAN, Strategy

REFIT_EVERY = 6  # ratings between two looks at the fitness
RATING_DEVIATION = 1.2  # of one rating about its mean, as one who uses means would have to guess


class Listening:
    """Everything said in a run so far, by individual number; and the rules by which more is asked."""

    def __init__(self, strategy: Strategy, room: Room, parents: int, rng: np.random.Generator) -> None:
        self.strategy, self.room, self.parents = strategy, room, parents
        self.rng = rng
        self.liked = Liked(np.zeros((room.crowd.settings.n_tastes, 0)), np.zeros((0, 0)))
        self._listener: list[int] = []
        self._individual: list[int] = []
        self._value: list[float] = []
        self._pairs: set[tuple[int, int]] = set()
        self._generation: list[int] = []
        self._prior: Floats = np.zeros(0)
        self._prior_variance: Floats = np.zeros(0)
        self._fitted: Estimate | None = None

    @property
    def spent(self) -> int:
        """Ratings so far."""
        return len(self._value)

    def welcome(self, newborn: list[Newborn], generation: int) -> None:
        """Take in those who are new, with their parents' fitness as a prior."""
        arrived = self.room.hear([one.score for one in newborn])
        if len(self.liked) == 0:
            self.liked = arrived
        else:
            self.liked = Liked(
                np.concatenate([self.liked.liking, arrived.liking], axis=1),
                np.concatenate([self.liked.traits, arrived.traits]),
            )
        parents = [one.parents for one in newborn]
        nobody = np.zeros(len(self._generation))
        fitness, error = (nobody, nobody) if self._fitted is None else (self._fitted.mean, self._fitted.standard_error)
        self._prior = np.append(self._prior, parents_prior(parents, fitness))
        self._prior_variance = np.append(self._prior_variance, parents_variance(parents, error))
        self._generation += [generation] * len(newborn)

    def rate(self, living: list[int], budget: int) -> Verdict | None:
        """Have the room rate the living until the generation closes; None when the budget ends before."""
        living_ = np.array(living)
        quorum = self.strategy.quorum if self.strategy.quorum != FULL else len(self.room.seats)
        counts = np.bincount(self._individual, minlength=len(self._generation))[living_].astype(np.int64)
        verdict: Verdict | None = None
        looked_at = -REFIT_EVERY
        while self.spent < budget:
            n_given = self._round(living_, counts, verdict, quorum)
            # Until all are covered nothing hangs on the fitness; afterwards it is looked at every few ratings.
            is_covered = counts.min() >= self.strategy.floor
            is_due = is_covered and self._looks and self.spent - looked_at >= REFIT_EVERY
            if n_given and not is_due:
                continue
            verdict, looked_at = self._verdict(living_), self.spent
            if n_given == 0 or self._is_decided(living_, verdict):
                return verdict
        return None

    @property
    def _looks(self) -> bool:
        """Whether ratings are looked at before the quorum is full."""
        return self.strategy.assignment == INFORMATIVE or self.strategy.closing_error > 0

    def _round(self, living: Integers, counts: Integers, verdict: Verdict | None, quorum: int) -> int:
        """Some listeners rate one individual each; how many did."""
        worth = np.ones(len(living))
        if verdict is not None:
            cut = cut_between(verdict.mean[living], self.parents)
            worth = worth_hearing(verdict.mean[living], verdict.standard_error[living] ** 2, cut)
        listeners, places = [], []
        for listener in self.rng.permutation(self.room.seats).tolist():
            open_ = (counts < quorum) & np.array([(listener, one) not in self._pairs for one in living.tolist()])
            place = self._choose(worth, counts, open_)
            if place is None:
                continue
            counts[place] += 1
            worth[place] /= 2
            listeners.append(listener)
            places.append(place)
            if len(listeners) == REFIT_EVERY:
                break
        if listeners:
            self._take(np.array(listeners), living[places])
        return len(listeners)

    def _choose(self, worth: Floats, counts: Integers, open_: np.ndarray) -> int | None:
        if self.strategy.assignment == INFORMATIVE:
            return informative_choice(worth, counts, open_, self.strategy.floor, self.rng)
        return even_choice(counts, open_, self.rng)

    def _take(self, listener: Integers, individual: Integers) -> None:
        values = self.room.rate(listener, self.liked.take(individual))
        self._listener += listener.tolist()
        self._individual += individual.tolist()
        self._value += values.tolist()
        self._pairs.update(zip(listener.tolist(), individual.tolist(), strict=True))

    def _is_decided(self, living: Integers, verdict: Verdict) -> bool:
        if self.strategy.closing_error == 0:
            return False
        if self._fitted is not None:
            error = expected_selection_error(self._fitted, living, self.parents)
        else:
            error = selection_error(verdict.mean[living], verdict.standard_error[living], self.parents, self.rng)
        return error <= self.strategy.closing_error

    def _verdict(self, living: Integers) -> Verdict:
        counts = np.bincount(np.array(self._individual, dtype=np.int64), minlength=len(self._generation))
        if self.strategy.fitness == MEAN:
            return self._plain_mean(counts)
        self._fitted = estimate(
            self._ratings(),
            n_listeners=self.room.n_listeners,
            n_individuals=len(self._generation),
            generation_of=np.array(self._generation),
            prior=self._prior,
            prior_variance=self._prior_variance,
            start=self._fitted,
        )
        p_parent = probability_of_parents(self._fitted, living, self.parents)
        return Verdict(self._fitted.mean, self._fitted.standard_error, counts > 0, p_parent)

    def _plain_mean(self, counts: Integers) -> Verdict:
        """The mean rating of each; the middle of the scale and wide where there is none."""
        individual = np.array(self._individual, dtype=np.int64)
        sums = np.bincount(individual, self._value, minlength=len(counts))
        mean = np.where(counts > 0, sums / np.maximum(counts, 1), LEVEL_MEAN)
        return Verdict(mean, RATING_DEVIATION / np.sqrt(np.maximum(counts, 0.5)), counts > 0)

    def _ratings(self) -> Ratings:
        return Ratings(np.array(self._listener, dtype=np.int64), np.array(self._individual, dtype=np.int64),
                       np.array(self._value, dtype=np.float64))  # fmt: skip
