"""Listeners told apart by taste, from their ratings alone: how many tastes there are, and whose each listener's is.

A mixture over listeners: a rating is the general level, the listener's bias, how the phrase pleases the taste that is
theirs, and noise of their own size. What a phrase is to the K tastes is a normal with a part common to all and a part
of each taste's own. It is fitted by variational updates for K = 1, 2, ... from several starts; the number of tastes is
the one of the highest evidence bound (Corduneanu and Bishop, AISTATS 2001), and more than one only where the bound
rises by more than chance would have it: a crowd of one taste stays one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lgamma
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from evolution.fitness import estimate
from evolution.mixture import Mixture, Said
from evolution.rating_model import Estimate, Floats, Integers, Ratings

# Nats by which the bound must rise for one more island, by how many listeners are known. It lies below the evidence,
# and further the more memberships are in it; how far a crowd of one taste gets was measured (docs/crowd.md).
TO_PART, LESS_A_LISTENER, LEAST_TO_PART = 1.5, 0.25, -6.0
TO_PART_AGAIN = 2.0  # for a third and more: half a crowd of one taste would pass what parts a whole one
TO_STAY = 1.5  # less, where there is the island already
ENOUGH_EACH, ENOUGH_LISTENERS = 6, 8  # ratings by which a listener is known, and how many must be, to part
STARTS = 5  # random ones, beside what was found before
SWEEPS = 40
LEAST_LISTENERS = 2  # on an island


@dataclass(frozen=True)
class Islands:
    """Where I listeners stand: `membership` (I, K), the probability of each taste, and the `evidence` in nats for K
    tastes over one.
    """

    membership: Floats
    evidence: float

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.membership.shape[1])

    @property
    def of(self) -> Integers:
        """The likeliest island of each listener, (I,)."""
        return np.asarray(self.membership.argmax(axis=1), dtype=np.int64)

    def heard_on(self, island: int) -> NDArray[np.bool_]:
        """Whose ratings count there, (I,): its own listeners', and those of whom nobody knows yet."""
        counts: NDArray[np.bool_] = self.membership[:, island] > 1 / (self.count + 1)
        return counts

    def with_listeners(self, n: int) -> "Islands":
        """The same, with listeners come since who are as likely here as there."""
        here, count = self.membership.shape
        return Islands(np.concatenate([self.membership, np.full((n - here, count), 1 / count)]), self.evidence)


def one_island(n_listeners: int) -> Islands:
    """A crowd that has not parted."""
    return Islands(np.ones((n_listeners, 1)), 0.0)


def find_islands(
    ratings: Ratings,
    fitted: Estimate,
    *,
    most: int,
    rng: np.random.Generator,
    before: Islands | None = None,
    model: Mapping[str, Any] | None = None,
) -> Islands:
    """The islands of a crowd whose ratings the rating model has been `fitted` to, at most `most`.

    `model` is what `evolution.fitness.estimate` took beside the ratings. `before` are those found last time, of as
    many listeners or fewer: they keep their numbers as far as their listeners stay together, and a crowd that has
    parted stays so while the evidence does not speak against it.
    """
    n_listeners = len(fitted.bias)
    before = None if before is None or before.count == 1 else before.with_listeners(n_listeners)
    n_known = int(np.count_nonzero(np.bincount(ratings.listener) >= ENOUGH_EACH))
    if before is None and n_known < ENOUGH_LISTENERS:
        return one_island(n_listeners)
    said = Said.of(ratings, fitted, model)
    best = _fitted(said, 1, before, rng)
    alone = best.bound
    for count in range(2, min(most, n_listeners // LEAST_LISTENERS) + 1):
        more = _fitted(said, count, before, rng)
        margin = to_part(n_known) if count == 2 else TO_PART_AGAIN
        margin -= TO_STAY if before is not None and count <= before.count else 0.0
        crowded = (more.membership.argmax(axis=1)[:, None] == np.arange(count)).sum(axis=0) >= LEAST_LISTENERS
        if more.bound <= best.bound + margin or not crowded.all():
            break
        best = more
    found = Islands(best.membership, best.bound - alone)
    return found if before is None else _numbered_as(found, before)


def bound_of(
    count: int, ratings: Ratings, fitted: Estimate, *, rng: np.random.Generator, model: Mapping[str, Any] | None = None
) -> tuple[float, Floats]:
    """The bound of so many tastes over one, in nats, and the memberships (I, count) by which it is reached."""
    said = Said.of(ratings, fitted, model)
    several = _fitted(said, count, None, rng)
    return several.bound - _fitted(said, 1, None, rng).bound, several.membership


def to_part(n_known: int) -> float:
    """Nats by which the bound must rise before a crowd parts of whom so many are known."""
    return max(TO_PART - LESS_A_LISTENER * n_known, LEAST_TO_PART)


def estimate_islands(
    ratings: Ratings, islands: Islands, model: Mapping[str, Any], *, starts: Sequence[Estimate] = ()
) -> list[Estimate]:
    """The fitness of everybody to each island: the rating model on its listeners' ratings alone.

    `model` is what `evolution.fitness.estimate` takes beside the ratings, `starts` are earlier estimates of the same
    islands.
    """
    found = []
    for island in range(islands.count):
        counts = islands.heard_on(island)[ratings.listener]
        theirs = Ratings(ratings.listener[counts], ratings.individual[counts], ratings.value[counts])
        start = starts[island] if len(starts) == islands.count else None
        found.append(estimate(theirs, start=start, **model))
    return found


def _fitted(said: Said, count: int, before: Islands | None, rng: np.random.Generator) -> Mixture:
    """The mixture of so many tastes with the highest bound; labels are interchangeable, which the bound counts in."""
    if count == 1:
        starts = [np.ones((said.n_listeners, 1))]
    else:
        starts = [rng.dirichlet(np.full(count, 0.5), size=said.n_listeners) for _ in range(STARTS)]
        if before is not None and before.count == count:
            starts.append(before.membership)
    found = [Mixture(said, start).settled(SWEEPS) for start in starts]
    best = max(found, key=lambda one: one.bound)
    best.bound += lgamma(count + 1)
    return best


def _numbered_as(found: Islands, before: Islands) -> Islands:
    """The islands in the order in which they share most listeners with those of before."""
    if found.count == 1:
        return found
    shared = before.membership.T @ found.membership  # (K before, K)
    rows, columns = linear_sum_assignment(-shared)
    order = [int(column) for _, column in sorted(zip(rows.tolist(), columns.tolist(), strict=True))]
    order += [column for column in range(found.count) if column not in order]
    return Islands(found.membership[:, order], found.evidence)
