"""The influence of one listener: what the fitness would be without them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from evolution.fitness import Duels, Estimate, Ratings, Repeats, estimate
from evolution.rating_model import Floats


@dataclass(frozen=True)
class Influence:
    """What changes when one listener's answers are left out."""

    listener: int
    n_answers: int
    change: Floats  # (J,) fitness with them less fitness without
    rank_correlation: float  # Spearman's, of the fitness with and without, over the candidates
    parents_lost: tuple[int, ...]  # chosen with them and not without
    parents_gained: tuple[int, ...]  # chosen without them and not with

    @property
    def largest_change(self) -> float:
        """The largest change of any individual's fitness, on the rating scale."""
        return float(np.max(np.abs(self.change), initial=0.0))


def leave_one_out(
    ratings: Ratings,
    *,
    n_listeners: int,
    n_individuals: int,
    count: int,
    candidates: NDArray[np.integer[Any]] | None = None,
    generation_of: NDArray[np.integer[Any]] | None = None,
    prior: NDArray[np.floating[Any]] | None = None,
    prior_variance: NDArray[np.floating[Any]] | None = None,
    duels: Duels | None = None,
    repeats: Repeats | None = None,
    start: Estimate | None = None,
) -> list[Influence]:
    """Influence of every listener with answers; `count` of the `candidates` (all, if not given) become parents.

    Each time the model is fitted anew without one listener, warm from the fit with all of them, so that it costs a few
    sweeps a listener. Arguments as for `estimate`. Raises RatingsError.
    """
    frame: dict[str, Any] = {
        "n_listeners": n_listeners,
        "n_individuals": n_individuals,
        "generation_of": generation_of,
        "prior": prior,
        "prior_variance": prior_variance,
        "repeats": repeats,
    }
    whole = estimate(ratings, **frame, duels=duels, start=start)
    among = np.arange(n_individuals) if candidates is None else np.asarray(candidates, dtype=np.int64)
    answers = np.bincount(ratings.listener, minlength=n_listeners)
    if duels is not None:
        answers = answers + np.bincount(duels.listener, minlength=n_listeners)
    found = []
    for listener in np.flatnonzero(answers).tolist():
        without = estimate(
            _ratings_without(ratings, listener), **frame, duels=_duels_without(duels, listener), start=whole
        )
        found.append(_compared(listener, int(answers[listener]), whole, without, among, count))
    return found


def _compared(
    listener: int, n_answers: int, whole: Estimate, without: Estimate, among: NDArray[np.int64], count: int
) -> Influence:
    chosen, otherwise = (_best(one.mean, among, count) for one in (whole, without))
    return Influence(
        listener=listener,
        n_answers=n_answers,
        change=whole.mean - without.mean,
        rank_correlation=_rank_correlation(whole.mean[among], without.mean[among]),
        parents_lost=tuple(sorted(chosen - otherwise)),
        parents_gained=tuple(sorted(otherwise - chosen)),
    )


def _ratings_without(ratings: Ratings, listener: int) -> Ratings:
    kept = ratings.listener != listener
    return Ratings(ratings.listener[kept], ratings.individual[kept], ratings.value[kept])


def _duels_without(duels: Duels | None, listener: int) -> Duels | None:
    if duels is None:
        return None
    kept = duels.listener != listener
    return Duels(duels.listener[kept], duels.winner[kept], duels.loser[kept])


def _best(mean: Floats, among: NDArray[np.int64], count: int) -> set[int]:
    order = np.argsort(-mean[among], kind="stable")[:count]
    return {int(index) for index in among[order]}


def _rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's, 1 where neither side varies."""
    ranks = [rankdata(np.round(values, 9)) for values in (first, second)]
    if np.ptp(ranks[0]) == 0 or np.ptp(ranks[1]) == 0:
        return 1.0 if np.array_equal(*ranks) else 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
