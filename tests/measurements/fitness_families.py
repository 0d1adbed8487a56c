"""What parents tell of their children, and what a duel tells against a rating: figures of one seed each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.fitness import Duels, Ratings, draw, estimate, parents_prior, parents_variance
from tests.measurements.fitness_worlds import N_PARENTS, N_PHRASES, SETTINGS, SIZES, Floats, evenly, spearman, world

EACH = (0, 1, 2, 4)
KEPT = (1.0, 0.5, 0.0)  # how much of their parents' lead the children keep
N_ANSWERS = (96, 192, 384)


def pedigree(seed: int) -> dict[str, dict[str, float]]:
    """Rank correlation within a second generation after 4 ratings each of the first, with and without the pedigree."""
    cells: dict[str, dict[str, float]] = {}
    for kept in KEPT:
        for each in EACH:
            with_it, without = _second_generation(seed, kept, each)
            cells.setdefault(f"children keep {kept:g}: with pedigree", {})[f"{each} each"] = with_it
            cells.setdefault(f"children keep {kept:g}: without", {})[f"{each} each"] = without
    return cells


def _second_generation(seed: int, kept: float, each: int) -> tuple[float, float]:
    of = world(seed)
    first = evenly(of, 4)
    before = estimate(first, n_listeners=SETTINGS.n_listeners, n_individuals=N_PHRASES)
    best = np.argsort(-before.mean)[:N_PARENTS]
    parents = [tuple(of.rng.choice(best, 2, replace=False)) for _ in range(N_PHRASES)]
    lead = np.array([of.appeal[list(pair)].mean() for pair in parents])
    children = kept * lead + of.rng.normal(0, 0.5, N_PHRASES)
    listener, child = np.nonzero(_heard(each, of.rng))
    said = of.crowd.rate(np.concatenate([of.appeal, children]), listener, child + N_PHRASES, of.rng)
    both = Ratings(
        np.concatenate([first.listener, said.listener]),
        np.concatenate([first.individual, said.individual]),
        np.concatenate([first.value, said.value]),
    )
    frame: dict[str, Any] = {
        "n_listeners": SETTINGS.n_listeners,
        "n_individuals": 2 * N_PHRASES,
        "generation_of": np.repeat([0, 1], N_PHRASES),
    }
    none: list[tuple[int, ...]] = [()] * N_PHRASES
    known: dict[str, Any] = {
        "prior": parents_prior(none + parents, before.mean),
        "prior_variance": parents_variance(none + parents, before.appeal_error),
    }
    with_it, without = (
        spearman(estimate(both, **frame, **pedigree_known).mean[N_PHRASES:], children) for pedigree_known in (known, {})
    )
    return with_it, without


def _heard(each: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Who hears what, (I, J): each phrase by `each` listeners drawn by lot."""
    order = rng.random((SETTINGS.n_listeners, N_PHRASES)).argsort(axis=0)
    return np.asarray(order < each)


def duels(seed: int) -> dict[str, dict[str, float]]:
    """Rank correlation with the true appeal from as many ratings, duels, or half of each; and coverage."""
    cells: dict[str, dict[str, float]] = {}
    for total in N_ANSWERS:
        for name, n_ratings in (("ratings", total), ("duels", 0), ("half of each", total // 2)):
            of = world(seed)
            ratings = _some_ratings(seed, n_ratings)
            fought = _some_duels(seed, total - n_ratings)
            live = estimate(ratings, **SIZES, duels=fought)
            drawn = draw(ratings, **SIZES, duels=fought, start=live, rng=np.random.default_rng(seed), draws=200)
            cells.setdefault(name, {})[f"{total}"] = spearman(live.mean, of.appeal)
            off = drawn.appeal - drawn.appeal.mean() - of.appeal + of.appeal.mean()
            covered = float(np.mean(np.abs(off) < 1.96 * drawn.appeal_error))
            cells.setdefault(f"{name}: coverage, drawn", {})[f"{total}"] = covered
    return cells


def _some_ratings(seed: int, total: int) -> Ratings:
    of = world(seed)
    pairs = of.rng.permutation(SETTINGS.n_listeners * N_PHRASES)[:total]
    return of.crowd.rate(of.appeal, pairs // N_PHRASES, pairs % N_PHRASES, of.rng)


def _some_duels(seed: int, total: int) -> Duels:
    """Duels of random pairs; clickers toss a coin."""
    of = world(seed)
    listener = of.rng.integers(0, SETTINGS.n_listeners, total)
    one = of.rng.integers(0, N_PHRASES, total)
    other = (one + of.rng.integers(1, N_PHRASES, total)) % N_PHRASES
    lead: Floats = of.crowd.scale[listener] * (of.appeal[one] - of.appeal[other])
    lead = np.where(of.crowd.clicker[listener] < 0, lead, 0.0)
    is_first = lead + of.rng.normal(size=total) * np.sqrt(2) * of.crowd.noise[listener] > 0
    return Duels(listener, np.where(is_first, one, other), np.where(is_first, other, one))
