"""One population heard by a room: ratings gathered until a generation closes, and what they say of the living."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from evolution.crowd import Liked, Room
from evolution.disagreement import most_telling
from evolution.fitness import Estimate, Ratings, estimate, parents_prior, parents_variance
from evolution.informative import worth_hearing, worth_of
from evolution.parents import cut_between, expected_selection_error, probability_of_parents
from evolution.rating_model import LEVEL_MEAN
from evolution.simulation.breeders import Floats, Newborn, Verdict
from evolution.simulation.offering import (
    Integers,
    even_choice,
    informative_choice,
    selection_error,
)
from evolution.simulation.parting import Parting
from evolution.simulation.strategies import FULL, INFORMATIVE, MEAN, Strategy
from evolution.taste import Belief, prior_of

NOWHERE = -1  # the home of who lives on no island
REFIT_EVERY, REFIT_SHARE = 6, 0.25  # ratings between two looks at the fitness: so many, or of this share of the seats
RATING_DEVIATION = 1.2  # of one rating about its mean, as one who uses means would have to guess


class Listening:
    """Everything said in a run so far, by individual number; and the rules by which more is asked."""

    def __init__(self, strategy: Strategy, room: Room, parents: int, rng: np.random.Generator) -> None:
        self.strategy, self.room, self.parents = strategy, room, parents
        self.rng = rng
        most = 1 if strategy.breeding is None else strategy.breeding.islands
        self.parting = Parting(most, rng.spawn(1)[0])
        self.liked = Liked(np.zeros((room.crowd.settings.n_tastes, 0)), np.zeros((0, 0)))
        self._listener: list[int] = []
        self._individual: list[int] = []
        self._value: list[float] = []
        self._pairs: set[tuple[int, int]] = set()
        self._generation: list[int] = []
        self._prior: Floats = np.zeros(0)
        self._prior_variance: Floats = np.zeros(0)
        self._fitted: Estimate | None = None
        self._home: Integers = np.zeros(0, dtype=np.int64)
        self._anchors: list[int] = []
        self._plays: dict[int, int] = {}

    @property
    def spent(self) -> int:
        """Ratings so far."""
        return len(self._value)

    @property
    def voices(self) -> list[tuple[int, int]]:
        """Who has rated which individual, in that order."""
        return list(zip(self._listener, self._individual, strict=True))

    def welcome(self, newborn: list[Newborn], home: Mapping[int, int], generation: int) -> None:
        """Take in those who are new, each on the island that is its home, with a prior of their fitness."""
        arrived = self.room.hear([one.score for one in newborn])
        if len(self.liked) == 0:
            self.liked = arrived
        else:
            self.liked = Liked(
                np.concatenate([self.liked.liking, arrived.liking], axis=1),
                np.concatenate([self.liked.traits, arrived.traits]),
            )
        first = len(self._generation)
        self._generation += [generation] * len(newborn)
        for place, one in enumerate(newborn):
            mean, variance = self._expected(one, home.get(first + place, 0))
            self._prior, self._prior_variance = np.append(self._prior, mean), np.append(self._prior_variance, variance)

    def _expected(self, newborn: Newborn, island: int) -> tuple[float, float]:
        """Prior and its variance of one newborn: from its parents, as its island has them, and from the taste."""
        fitted = self.parting.fitted[island] if self.parting.is_parted else self._fitted
        nobody = np.zeros(len(self._generation))
        fitness, error = (nobody, nobody) if fitted is None else (fitted.mean, fitted.standard_error)
        parents, variance = parents_prior([newborn.parents], fitness), parents_variance([newborn.parents], error)
        if newborn.expected is not None:
            belief = Belief(*(np.array([value]) for value in newborn.expected))
            parents, variance = prior_of(belief, parents, variance)
        return float(parents[0]), float(variance[0])

    def rate(self, living: list[int], home: Mapping[int, int], budget: int) -> Verdict | None:
        """Have the room rate the living until the generation closes; None when the budget ends before.

        `home` are the islands of those who live on one.
        """
        living_ = np.array(living)
        self._home = np.array([home.get(one, NOWHERE) for one in living])
        quorum = len(self.room.seats) if self.strategy.quorum == FULL else self.strategy.quorum
        counts = np.bincount(self._individual, minlength=len(self._generation))[living_].astype(np.int64)
        verdict: Verdict | None = None
        looked_at = -self._refit_every
        while self.spent < budget:
            n_given = self._round(living_, counts, verdict, quorum)
            # Until all are covered nothing hangs on the fitness; afterwards it is looked at every few ratings.
            is_covered = counts.min() >= self.strategy.floor
            is_due = is_covered and self._looks and self.spent - looked_at >= self._refit_every
            if n_given and not is_due:
                continue
            verdict, looked_at = self._verdict(living_), self.spent
            if n_given == 0 or (is_due and self._is_decided(living_, verdict)):
                return self._closed(verdict)
        return None

    @property
    def _refit_every(self) -> int:
        return max(REFIT_EVERY, round(REFIT_SHARE * len(self.room.seats)))

    @property
    def _looks(self) -> bool:
        """Whether ratings are looked at before the quorum is full."""
        return self.strategy.assignment == INFORMATIVE or self.strategy.closing_error > 0

    def _round(self, living: Integers, counts: Integers, verdict: Verdict | None, quorum: int) -> int:
        """Some listeners rate one individual each; how many did."""
        worth = np.ones(len(living))
        if verdict is not None and self.parting.is_parted:
            worth = self.parting.worth(living, self._home, self._parents_by_island)
        elif self._fitted is not None and verdict is not None:
            worth = worth_of(self._fitted, living, self.parents)
        elif verdict is not None:
            cut = cut_between(verdict.mean[living], self.parents)
            worth = worth_hearing(verdict.mean[living], verdict.standard_error[living] ** 2, cut)
        who: list[int] = []
        what: list[int] = []
        for listener in self.rng.permutation(self.room.seats).tolist():
            open_ = (counts < quorum) & np.array([(listener, one) not in self._pairs for one in living.tolist()])
            if self.parting.is_parted:
                open_ &= self.parting.open_to(listener, self._home)
            place = self._choose(worth, counts, open_)
            if place is None:
                continue
            anchor = self._anchor(listener)
            if anchor is None:
                counts[place] += 1
                worth[place] /= 2
            who.append(listener)
            what.append(int(living[place]) if anchor is None else anchor)
            if len(who) == self._refit_every:
                break
        if who:
            self._take(np.array(who), np.array(what))
        return len(who)

    def _anchor(self, listener: int) -> int | None:
        """The anchor that it is time for, if there is one that the listener has not heard."""
        if self._plays.get(listener, 0) % self.strategy.anchor_every != self.strategy.anchor_every - 1:
            return None
        open_ = [one for one in self._anchors if (listener, one) not in self._pairs]
        return int(self.rng.choice(open_)) if open_ else None

    def _choose(self, worth: Floats, counts: Integers, open_: np.ndarray) -> int | None:
        if self.strategy.assignment == INFORMATIVE:
            return informative_choice(worth, counts, open_, self.strategy.floor, self.rng)
        return even_choice(counts, open_, self.rng)

    def _take(self, listener: Integers, individual: Integers) -> None:
        values = self.room.rate(listener, self.liked.take(individual))
        self._listener += listener.tolist()
        self._individual += individual.tolist()
        for one in listener.tolist():
            self._plays[one] = self._plays.get(one, 0) + 1
        self._value += values.tolist()
        self._pairs.update(zip(listener.tolist(), individual.tolist(), strict=True))

    def _is_decided(self, living: Integers, verdict: Verdict) -> bool:
        if self.strategy.closing_error == 0:
            return False
        if self.parting.is_parted:
            error = self.parting.selection_error(living, self._home, self._parents_by_island)
        elif self._fitted is not None:
            error = expected_selection_error(self._fitted, living, self.parents)
        else:
            error = selection_error(verdict.mean[living], verdict.standard_error[living], self.parents, self.rng)
        return error <= self.strategy.closing_error

    def _verdict(self, living: Integers) -> Verdict:
        counts = np.bincount(np.array(self._individual, dtype=np.int64), minlength=len(self._generation))
        if self.strategy.fitness == MEAN:
            return self._plain_mean(counts)
        self._fitted = estimate(self._ratings(), start=self._fitted, **self._model())
        self.parting.refit(self._ratings(), self._model())
        p_parent = probability_of_parents(self._fitted, living, self.parents)
        return Verdict(self._fitted.mean, self._fitted.standard_error, counts > 0, p_parent)

    def _closed(self, verdict: Verdict) -> Verdict:
        """The verdict with what each island thinks, the islands being found anew."""
        if self.strategy.anchors and not self._anchors and self._fitted is not None:
            first = np.flatnonzero(np.array(self._generation) == 0)
            self._anchors = most_telling(self._ratings(), self._fitted, first, self.strategy.anchors).tolist()
        if not self.parting.is_possible or self._fitted is None:
            return verdict
        ratings = self._ratings()
        tastes = self.room.crowd.taste if self.strategy.told else None
        self.parting.review(ratings, self._fitted, self._model(), tastes)
        if not self.parting.has_parted:
            return verdict
        several = []
        for island, one in enumerate(self.parting.fitted or [self._fitted]):
            own = ratings.individual[self.parting.islands.heard_on(island)[ratings.listener]]
            is_heard = np.bincount(own, minlength=len(one.mean)) > 0
            several.append(Verdict(one.mean, one.standard_error, is_heard))
        return replace(verdict, islands=tuple(several))

    @property
    def _parents_by_island(self) -> list[int]:
        count = self.parting.islands.count
        if self.strategy.breeding is None:
            return [self.parents] * count
        return [self.strategy.breeding.on_island(island, count).parents for island in range(count)]

    def _model(self) -> dict[str, Any]:
        return {
            "n_listeners": self.room.n_listeners,
            "n_individuals": len(self._generation),
            "generation_of": np.array(self._generation),
            "prior": self._prior,
            "prior_variance": self._prior_variance,
        }

    def _plain_mean(self, counts: Integers) -> Verdict:
        """The mean rating of each; the middle of the scale and wide where there is none."""
        individual = np.array(self._individual, dtype=np.int64)
        sums = np.bincount(individual, self._value, minlength=len(counts))
        mean = np.where(counts > 0, sums / np.maximum(counts, 1), LEVEL_MEAN)
        return Verdict(mean, RATING_DEVIATION / np.sqrt(np.maximum(counts, 0.5)), counts > 0)

    def _ratings(self) -> Ratings:
        return Ratings(np.array(self._listener, dtype=np.int64), np.array(self._individual, dtype=np.int64),
                       np.array(self._value, dtype=np.float64))  # fmt: skip
