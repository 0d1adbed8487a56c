"""Runs in simulated rooms summed up: ratings needed against the study's loop, and what each part is worth."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.simulation import OURS, STUDY, STUDY_ON_GRID, History
from evolution.simulation.curves import Curve, curve, times_fewer, times_fewer_interval

Runs = dict[str, dict[int, History]]  # strategy -> seed -> its run
SEED = 1
RESAMPLES = 1_000
MEASURES = ("chosen", "top")
LEVELS = (0.25, 0.5, 0.75, 1.0)  # true appeal for which ratings are counted
PEERS = (STUDY.name, STUDY_ON_GRID.name)


def summarise(runs: dict[str, Runs], budgets: dict[str, int], *, study_times: int) -> dict[str, Any]:
    """Plain values by setting; only seeds that every strategy of a setting has run."""
    return {name: _setting(here, budgets[name], study_times) for name, here in runs.items()}


def shared_curves(here: Runs, budget: int, measure: str = "chosen") -> dict[str, Curve]:
    """Each strategy's curve over the seeds that all have run, up to the budget."""
    seeds = shared_seeds(here)
    return {name: curve([own[seed] for seed in seeds], budget, measure=measure) for name, own in here.items()}


def shared_seeds(here: Runs) -> list[int]:
    """Seeds that every strategy has run."""
    return sorted(set.intersection(*(set(own) for own in here.values())))


def _setting(here: Runs, budget: int, study_times: int) -> dict[str, Any]:
    found: dict[str, Any] = {"rooms": len(shared_seeds(here)), "budget": budget}
    for measure in MEASURES:
        near = shared_curves(here, budget, measure)
        far = shared_curves(here, budget * study_times, measure)
        found[measure] = {
            "against": [
                _against(far[peer], {name: near[name] for name in near if name not in PEERS}) | {"peer": peer}
                for peer in PEERS
                if peer in far
            ],
            "needed": {name: _needed(far[name] if name in PEERS else near[name]) for name in near},
            "parts": {name: _part(near[OURS.name], near[name]) for name in near if name != OURS.name},
            "reached": {name: _reached(one) for name, one in near.items()},
        }
    return found


def _against(peer: Curve, ours: dict[str, Curve]) -> dict[str, Any]:
    """The level that the peer's average reaches at best, when, and how many times fewer ratings others need for it."""
    rng = np.random.default_rng(SEED)
    level = peer.highest
    rows = {}
    for name, one in ours.items():
        low, high = times_fewer_interval(peer, one, rng) if name == OURS.name else (np.nan, np.nan)
        rows[name] = {
            "needed": _finite(one.needed(level)),
            "times_fewer": _finite(times_fewer(peer, one, level)),
            "low": _finite(low),
            "high": _finite(high),
        }
    return {
        "level": round(level, 3),
        "needed": _finite(peer.needed(level)),
        "of": rows,
        "catching_up": _catching_up(peer, ours[OURS.name]),
    }


def _catching_up(peer: Curve, ours: Curve) -> dict[str, Any]:
    """The appeal that ours has when its budget is spent, and when it and the peer have got there."""
    level = float(ours.mean[-1])
    rng = np.random.default_rng(SEED)
    times = []
    for _ in range(RESAMPLES):
        rows = rng.integers(len(ours.runs), size=len(ours.runs))
        own, theirs = Curve(ours.ratings, ours.runs[rows]), Curve(peer.ratings, peer.runs[rows])
        times.append(times_fewer(theirs, own, float(own.mean[-1])))
    low, high = np.percentile(times, (5, 95), method="nearest")
    return {
        "level": round(level, 3),
        "ours": _finite(ours.needed(level)),
        "peer": _finite(peer.needed(level)),
        "times_fewer": _finite(times_fewer(peer, ours, level)),
        "low": _finite(low),
        "high": _finite(high),
    }


def _needed(one: Curve) -> dict[str, Any]:
    """For each level the ratings after which the mean reaches it, and the rooms' quartiles of their own."""
    rows = {}
    for level in LEVELS:
        own = np.array([Curve(one.ratings, run[None]).needed(level) for run in one.runs])
        quartiles = [_finite(value) for value in np.percentile(own, (25, 50, 75), method="nearest")]
        rows[str(level)] = {"mean": _finite(one.needed(level)), "quartiles": quartiles}
    return rows


def _part(ours: Curve, without: Curve) -> dict[str, float]:
    """Rating points that the part adds on average from a quarter of the budget on, with a 90% interval over rooms."""
    from_ = len(ours.ratings) // 4
    gained = np.ma.masked_invalid(ours.runs[:, from_:] - without.runs[:, from_:]).mean(axis=1).compressed()
    low, high = interval(gained, np.random.default_rng(SEED))
    return {"gain": round(float(gained.mean()), 3), "low": round(low, 3), "high": round(high, 3)}


def _reached(one: Curve) -> dict[str, list[Any]]:
    """Mean and quartiles at a quarter, a half and all of the budget."""
    places = [len(one.ratings) // 4, len(one.ratings) // 2, len(one.ratings) - 1]
    runs = [one.runs[:, place][~np.isnan(one.runs[:, place])] for place in places]
    return {
        "ratings": [int(one.ratings[place]) for place in places],
        "mean": [round(float(here.mean()), 3) if len(here) else None for here in runs],
        "quartiles": [np.round(np.percentile(here, (25, 75)), 3).tolist() if len(here) else [] for here in runs],
    }


def interval(values: NDArray[np.float64], rng: np.random.Generator) -> tuple[float, float]:
    """The 90% interval of the mean of values (n,), by bootstrap."""
    means = values[rng.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(means, (5, 95))
    return float(low), float(high)


def _finite(value: float) -> float | None:
    return round(float(value), 2) if np.isfinite(value) else None
