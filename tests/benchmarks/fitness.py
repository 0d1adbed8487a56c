"""`fitness`: a refit of all ratings, against the ITU-T P.910 solver (sureal) on the same ratings.

The refit is what a room does after each batch of ratings: warm, from the estimate without the newest 50. The peer has
no warm start and is given its array ready made, so that only its solver is timed. The cold fit is in the detail, and so
is how well each finds the true appeal.
"""

import contextlib
import io
import statistics
import time
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.crowd import CrowdSettings, assign, gather
from evolution.fitness import Estimate, Ratings, draw, estimate
from tests.benchmarks.result import Result

TARGET = 5.0
NEWEST = 50
SEED = 20


def run(*, small: bool) -> Result:
    """Seconds for a refit; ours is the median of several, so is the peer's."""
    n_listeners, n_individuals, each, repeats = (12, 30, 5, 2) if small else (40, 100, 20, 7)
    ratings, appeal = _simulate(n_listeners, n_individuals, each)
    before = Ratings(ratings.listener[:-NEWEST], ratings.individual[:-NEWEST], ratings.value[:-NEWEST])
    start = _refit(before, n_listeners, n_individuals, None)
    warm_seconds, fitted = _time(lambda: _refit(ratings, n_listeners, n_individuals, start), repeats)
    cold_seconds, _ = _time(lambda: _refit(ratings, n_listeners, n_individuals, None), repeats)
    draw_seconds, _ = _time(lambda: _draw(ratings, n_listeners, n_individuals), 1)
    peer_seconds, peer_scores = _time(_peer(ratings, n_listeners, n_individuals), repeats)
    large = (200, 1_000, 10) if small else (5_000, 10_000, 40)
    large_ratings, _ = _simulate(*large)
    large_seconds, _ = _time(lambda: _refit(large_ratings, large[0], large[1], None), 1)
    return Result(
        name="fitness",
        ratio=peer_seconds / warm_seconds,
        target=TARGET,
        ours=warm_seconds,
        peer=peer_seconds,
        unit=f"s ({len(ratings):,} ratings)",
        detail={
            "cold_seconds": cold_seconds,
            "cold_ratio": peer_seconds / cold_seconds,
            "draw_seconds": draw_seconds,
            "large_ratings": len(large_ratings),
            "large_cold_seconds": large_seconds,
            "spearman_ours": spearman(fitted.mean, appeal),
            "spearman_peer": spearman(np.asarray(peer_scores), appeal),
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


def _time(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Median seconds of `repeats` calls, and what the last returned."""
    seconds, answer = [], None
    for _ in range(repeats):
        begun = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), answer


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
