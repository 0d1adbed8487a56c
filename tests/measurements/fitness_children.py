"""What is thought of children beside first phrases that have been heard more often: figures of one seed each."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evolution.crowd import CrowdSettings, assign, gather
from evolution.fitness import Estimate, Ratings, draw, estimate, parents_prior, parents_variance
from tests.measurements.fitness_worlds import Floats, spearman

N_LISTENERS = 48
N_FIRST, N_CHILDREN, N_BREEDING = 20, 18, 3
EACH_FIRST = (4, 12, 48)
EACH_CHILD = 4
KEPT = 0.8  # of their parents' lead
CHILD_VARIANCES = (0.12, 0.16, 0.35)  # about that; in simulated rooms of 10 phrases it is 0.16


@dataclass(frozen=True)
class Family:
    """First phrases and their children: true appeals (J,), all ratings, and what a fit is told beside them."""

    appeal: Floats
    ratings: Ratings
    frame: dict[str, Any]


def family(seed: int, each_first: int, variance: float = CHILD_VARIANCES[0]) -> Family:
    """18 children of the best three of 20 first phrases, which `each_first` have rated; then 4 rate each child."""
    rng = np.random.default_rng(seed)
    settings = CrowdSettings(n_listeners=N_LISTENERS)
    crowd = gather(settings, rng)
    first = rng.normal(0, settings.appeal_deviation, N_FIRST)
    pairs = assign(n_listeners=N_LISTENERS, n_individuals=N_FIRST, ratings_each=each_first, rng=rng)
    before = crowd.rate(first, *pairs, rng)
    fitted = estimate(before, n_listeners=N_LISTENERS, n_individuals=N_FIRST)
    best = np.argsort(-fitted.mean)[:N_BREEDING]
    parents = [tuple(rng.choice(best, 2, replace=False)) for _ in range(N_CHILDREN)]
    lead = np.array([first[list(pair)].mean() for pair in parents])
    appeal = np.concatenate([first, KEPT * lead + rng.normal(0, np.sqrt(variance), N_CHILDREN)])
    listener, child = assign(n_listeners=N_LISTENERS, n_individuals=N_CHILDREN, ratings_each=EACH_CHILD, rng=rng)
    said = crowd.rate(appeal, listener, child + N_FIRST, rng)
    none: list[tuple[int, ...]] = [()] * N_FIRST
    return Family(
        appeal=appeal,
        ratings=Ratings(
            np.concatenate([before.listener, said.listener]),
            np.concatenate([before.individual, said.individual]),
            np.concatenate([before.value, said.value]),
        ),
        frame={
            "n_listeners": N_LISTENERS,
            "n_individuals": len(appeal),
            "generation_of": np.repeat([0, 1], [N_FIRST, N_CHILDREN]),
            "prior": parents_prior(none + parents, fitted.mean),
            "prior_variance": parents_variance(none + parents, fitted.appeal_error),
        },
    )


def lead_overtold(fitted: Estimate, appeal: Floats) -> float:
    """How much too large the lead of the best child over the best first phrase is thought, on the rating scale.

    Each is the one held best, so that luck in its ratings counts against it.
    """
    first = int(np.argmax(fitted.mean[:N_FIRST]))
    child = N_FIRST + int(np.argmax(fitted.mean[N_FIRST:]))
    return float(fitted.mean[child] - fitted.mean[first] - (appeal[child] - appeal[first]))


def lead_of_siblings_overtold(fitted: Estimate, appeal: Floats) -> float:
    """How much too far the child held best is thought above the mean of all children, on the rating scale."""
    best = int(np.argmax(fitted.mean[N_FIRST:]))
    off = (fitted.mean - appeal)[N_FIRST:]
    return float(off[best] - off.mean())


def children(seed: int) -> dict[str, dict[str, float]]:
    """Leads over-told, what choosing among both generations brings, and coverage, by ratings of each first phrase.

    The lead over the best first phrase would be over-told with the right spread too: ratings end at 5, and the best of
    the more different first phrases lose most by it. The lead over siblings is a matter of the spread alone.
    """
    cells: dict[str, dict[str, float]] = {}
    for variance in CHILD_VARIANCES:
        for each in EACH_FIRST:
            of = family(seed, each, variance)
            live = estimate(of.ratings, **of.frame)
            drawn = draw(of.ratings, **of.frame, rng=np.random.default_rng(seed), start=live)
            for name, fitted in (("live", live), ("drawn", drawn)):
                for row, figure in _figures(fitted, of.appeal).items():
                    cells.setdefault(f"{variance:g}: {row}, {name}", {})[f"{each}"] = figure
    return cells


def _figures(fitted: Estimate, appeal: Floats) -> dict[str, float]:
    chosen, of_first = int(np.argmax(fitted.mean)), int(np.argmax(fitted.mean[:N_FIRST]))
    off = fitted.mean - CrowdSettings().level - appeal
    return {
        "lead over the first, over-told": lead_overtold(fitted, appeal),
        "lead over siblings, over-told": lead_of_siblings_overtold(fitted, appeal),
        "regret": float(appeal.max() - appeal[chosen]),
        "gain over the first": float(appeal[chosen] - appeal[of_first]),
        "order of children": spearman(fitted.mean[N_FIRST:], appeal[N_FIRST:]),
        "children's level": float(np.mean((np.abs(off) < 1.96 * fitted.standard_error)[N_FIRST:])),
        "differences of children": _covered(fitted, off, within=True),
        "child and first phrase": _covered(fitted, off, within=False),
        "children's variance": fitted.child_variance,
        "inheritance": fitted.inheritance,
    }


def _covered(fitted: Estimate, off: Floats, *, within: bool) -> float:
    """Share of 95% intervals of differences that hold the truth, of two children or of a child and a first phrase."""
    variance = np.diag(fitted.appeal_error**2) if fitted.draws is None else np.cov(fitted.draws.T)
    own = np.diag(variance)
    apart = own[:, None] + own[None, :] - 2 * variance
    is_held = np.abs(off[:, None] - off[None, :]) < 1.96 * np.sqrt(np.maximum(apart, 0.0))
    if not within:
        return float(np.mean(is_held[:N_FIRST, N_FIRST:]))
    return float(np.mean(is_held[N_FIRST:, N_FIRST:][np.triu_indices(N_CHILDREN, 1)]))
