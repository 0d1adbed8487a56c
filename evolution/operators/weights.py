"""Operator weights that follow the gain operators brought, so that ratings are spent on changes that please.

Probability matching (Thierens 2005, "An adaptive pursuit strategy for allocating operator probabilities"), with two
changes for the few and noisy gains that a crowd can give: the gain of a child is shared out among its operators by a
regression that shrinks each effect to none, and the default shares are the ground that the effects bend.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

EFFECT_DEVIATION = 0.25  # ratings; how far one operator's effect lies from the usual one, before any was heard
TEMPERATURE = 0.15  # ratings; an effect this much better than usual is chosen e times as often
FLOOR = 0.25  # of its default share: what no operator falls under
VARIANCE_FLOOR = 1e-3


@dataclass(frozen=True)
class Gain:
    """A child's fitness less the mean of its parents', in ratings, and that difference's variance; `operator` is one
    name or several joined by "+".
    """

    operator: str
    gain: float
    variance: float


def adapted(shares: Mapping[str, float], gains: Sequence[Gain]) -> dict[str, float]:
    """Shares bent towards the operators that brought more than the others, summing to 1, in the order given.

    `shares` are the defaults, the same each time, and `gains` all that is to count. None falls under FLOOR of its
    default share, so that each goes on being heard now and then.
    """
    names = list(shares)
    defaults = np.array([shares[name] for name in names], dtype=np.float64)
    defaults /= defaults.sum()
    known = effects(gains)
    effect = np.array([known.get(name, 0.0) for name in names])
    bent = defaults * np.exp((effect - float(defaults @ effect)) / TEMPERATURE)
    mixed = FLOOR * defaults + (1 - FLOOR) * bent / bent.sum()
    return dict(zip(names, mixed.tolist(), strict=True))


def effects(gains: Sequence[Gain]) -> dict[str, float]:
    """What each operator named in the gains brings beside the usual, in ratings, shrunk towards 0.

    The best linear prediction of effects u ~ N(0, EFFECT_DEVIATION^2) in gain = usual + sum of effects + error, the
    errors of the given variances (Henderson 1975).
    """
    names = sorted({name for gain in gains for name in gain.operator.split("+") if name})
    if not names:
        return {}
    has = np.array([[name in gain.operator.split("+") for name in names] for gain in gains], dtype=np.float64)
    precision = 1 / np.maximum([gain.variance for gain in gains], VARIANCE_FLOOR)
    design = np.column_stack([np.ones(len(gains)), has])
    normal = design.T @ (design * precision[:, None])
    normal[1:, 1:] += np.eye(len(names)) / EFFECT_DEVIATION**2
    solved = np.linalg.solve(normal, design.T @ (precision * np.array([gain.gain for gain in gains])))
    return dict(zip(names, solved[1:].tolist(), strict=True))
