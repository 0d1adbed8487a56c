"""`fitness`: a refit of all ratings, against the ITU-T P.910 solver (sureal) on the same ratings.

The refit is what a room does after each batch of ratings: warm, from the estimate without the newest 50. The peer has
no warm start and is given its array ready made, so that only its solver is timed. The cold fit is in the detail, and so
is how well each finds the true appeal.
"""

import contextlib
import io
import time
import warnings
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from evolution.crowd import CrowdSettings, assign, gather
from evolution.fitness import Estimate, Ratings, draw, estimate
from tests.benchmarks.result import Result

TARGET = 5.0
NEWEST = 50
SEED = 20


def run(*, small: bool) -> Result:
    """Seconds for a refit; the least of several rounds, ours and the peer's by turns."""
    n_listeners, n_individuals, each, repeats = (12, 30, 5, 2) if small else (40, 100, 20, 7)
    ratings, appeal = _simulate(n_listeners, n_individuals, each)
    before = Ratings(ratings.listener[:-NEWEST], ratings.individual[:-NEWEST], ratings.value[:-NEWEST])
    start = _refit(before, n_listeners, n_individuals, None)
    peer = _peer(ratings, n_listeners, n_individuals)
    warm, cold, theirs = _time(
        repeats,
        lambda: _refit(ratings, n_listeners, n_individuals, start),
        lambda: _refit(ratings, n_listeners, n_individuals, None),
        peer,
    )
    (drawn,) = _time(1, lambda: _draw(ratings, n_listeners, n_individuals))
    large = (200, 1_000, 10) if small else (5_000, 10_000, 40)
    large_ratings, _ = _simulate(*large)
    (large_fit,) = _time(1, lambda: _refit(large_ratings, large[0], large[1], None))
    return Result(
        name="fitness",
        ratio=theirs / warm,
        target=TARGET,
        ours=warm,
        peer=theirs,
        unit=f"s ({len(ratings):,} ratings)",
        detail={
            "cold_seconds": cold,
            "cold_ratio": theirs / cold,
            "draw_seconds": drawn,
            "large_ratings": len(large_ratings),
            "large_cold_seconds": large_fit,
            "spearman_ours": spearman(_refit(ratings, n_listeners, n_individuals, start).mean, appeal),
            "spearman_peer": spearman(np.asarray(peer()), appeal),
        },
    )


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Rank correlation of two arrays without ties to speak of, shape (n,)."""
    ranks = [np.argsort(np.argsort(values)).astype(np.float64) for values in (first, second)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _simulate(n_listeners: int, n_individuals: int, each: int) -> tuple[Ratings, NDArray[np.float64]]:
    rng = np.random.default_rng(SEED)
    settings = CrowdSettings(n_listeners=n_listeners)
    appeal = rng.normal(0, settings.appeal_deviation, size=n_individuals)
    listener, individual = assign(n_listeners=n_listeners, n_individuals=n_individuals, ratings_each=each, rng=rng)
    return gather(settings, rng).rate(appeal, listener, individual, rng), appeal


def _refit(ratings: Ratings, n_listeners: int, n_individuals: int, start: Estimate | None) -> Estimate:
    return estimate(ratings, n_listeners=n_listeners, n_individuals=n_individuals, start=start)


def _draw(ratings: Ratings, n_listeners: int, n_individuals: int) -> Estimate:
    return draw(ratings, n_listeners=n_listeners, n_individuals=n_individuals, rng=np.random.default_rng(SEED))


def _time(repeats: int, *works: Callable[[], object]) -> list[float]:
    """Least seconds of each work over `repeats` rounds; they take turns, so that a busy moment hits all alike."""
    seconds = [[0.0] * repeats for _ in works]
    for turn in range(repeats):
        for place, work in enumerate(works):
            begun = time.perf_counter()
            work()
            seconds[place][turn] = time.perf_counter() - begun
    return [min(turns) for turns in seconds]


def _peer(ratings: Ratings, n_listeners: int, n_individuals: int) -> Callable[[], list[float]]:
    """The P.910 solver, ready to be called on these ratings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its sources and imports warn under a new Python
        from sureal import P910AnnexEModel
        from sureal.dataset_reader import RawDatasetReader

    scores = np.full((n_individuals, n_listeners, 1), np.nan)
    scores[ratings.individual, ratings.listener, 0] = ratings.value

    class Reader(RawDatasetReader):  # type: ignore[misc]
        opinion_score_3darray = scores

    names = [{"content_id": index, "asset_id": index, "path": str(index), "os": {}} for index in range(n_individuals)]
    model = P910AnnexEModel(Reader(SimpleNamespace(ref_videos=names, dis_videos=names)))

    def solve() -> list[float]:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            scores_found: list[float] = model.run_modeling()["quality_scores"]
        return scores_found

    return solve
