"""What is told of a generation in figures: what its taste was worth, what its operators brought."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from antiphon.populations.models import Individual
from evolution.algorithm import State
from evolution.algorithm.offspring import shares_of
from evolution.algorithm.standing import gains_of

FEWEST_PAIRS = 3  # for a correlation
Z_95 = 1.96
LEAST_VARIANCE = 1e-6


@dataclass(frozen=True)
class Pair:
    """What was predicted of a phrase and what the crowd gave it, each with its deviation, on the rating scale."""

    predicted: float
    predicted_error: float
    given: float
    given_error: float


@dataclass(frozen=True)
class Calibration:
    """What the taste predicted against what the crowd gave; None where too few phrases tell."""

    n: int
    correlation: float | None
    slope: float | None  # of given on predicted
    coverage: float | None  # share of what was given within the predicted 95 %, the crowd's own doubt allowed for


@dataclass(frozen=True)
class OperatorGain:
    """What an operator has brought in all its births: the children's fitness less their parents' mean."""

    operator: str
    births: int
    gain: float
    standard_error: float
    share: float | None  # how often it is drawn from now on, within its kind


@dataclass(frozen=True)
class IslandFigures:
    """An island as its generation closed: how many listeners and phrases are on it, and what they make of the best."""

    listeners: int
    size: int
    mean_fitness: float | None  # of the phrases that live there, to its listeners
    best_fitness: float | None
    best_index: int | None  # of that phrase in its generation


def island_figures(individuals: Sequence[Individual], chances: Iterable[Sequence[float]]) -> list[IslandFigures]:
    """Of each island, from what each makes of a generation; none where the crowd is one."""
    rows = [list(row) for row in chances]
    found = []
    for island in range(len(rows[0]) if rows and len(rows[0]) > 1 else 0):
        here = [one for one in individuals if one.island in (None, island)]
        fitness = {one.index: one.on_islands[island][0] for one in here if one.on_islands[island] is not None}
        best = max(fitness, key=lambda index: fitness[index], default=None)
        found.append(
            IslandFigures(
                listeners=sum(int(np.argmax(row)) == island for row in rows),
                size=sum(one.island == island for one in individuals),
                mean_fitness=float(np.mean(list(fitness.values()))) if fitness else None,
                best_fitness=None if best is None else fitness[best],
                best_index=best,
            )
        )
    return found


def calibration(pairs: Sequence[Pair]) -> Calibration | None:
    """How good the predictions were; None where there were none."""
    if not pairs:
        return None
    predicted, given = (np.array([getattr(one, name) for one in pairs]) for name in ("predicted", "given"))
    variance = np.array([one.predicted_error**2 + one.given_error**2 for one in pairs])
    coverage = float(np.mean(np.abs(given - predicted) <= Z_95 * np.sqrt(variance)))
    can_tell = len(pairs) >= FEWEST_PAIRS and np.ptp(predicted) > 0 and np.ptp(given) > 0
    if not can_tell:
        return Calibration(len(pairs), None, None, coverage)
    correlation = float(np.corrcoef(predicted, given)[0, 1])
    slope = correlation * float(np.std(given) / np.std(predicted))
    return Calibration(len(pairs), correlation, slope, coverage)


def operator_gains(state: State) -> list[OperatorGain]:
    """Of each operator the mean gain of its children, by the precision of each; the most used first."""
    gains = gains_of(state)
    shares = shares_of(state.settings, gains)
    known = {**shares.crossovers, **shares.mutations}
    births = defaultdict(list)
    for gain in gains:
        for name in gain.operator.split("+"):
            births[name].append(gain)
    found = []
    for name, several in births.items():
        weights = np.array([1 / max(one.variance, LEAST_VARIANCE) for one in several])
        mean = float(np.average([one.gain for one in several], weights=weights))
        found.append(OperatorGain(name, len(several), mean, float(weights.sum() ** -0.5), known.get(name)))
    return sorted(found, key=lambda one: (-one.births, one.operator))
