"""What is told of a generation in figures: what its taste was worth, what its operators brought."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
