"""Listeners whose answers say little of the phrases: how much less they count, and why, in words for the host.

Nobody is dropped. The model weighs every answer by how steadily its listener tells phrases apart and by how probable
it is that they listen at all; a flag says who ended up with little weight, and what in their answers made it so.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evolution.rating_model import Estimate, Floats, Ratings, sums

DOUBTFUL = 0.5  # probability of listening below which somebody is flagged
LITTLE_WEIGHT = 0.25  # of the median listener's, below which somebody is flagged too
FEWEST_RATINGS = 6  # before that nobody is flagged: a few answers look like anything
CONSTANT_SHARE = 0.9

Kind = Literal["random", "constant"]


@dataclass(frozen=True)
class Flag:
    """Somebody whose answers count little: `weight` is what one of theirs counts, the median listener's being 1."""

    listener: int
    kind: Kind
    reason: str
    weight: float
    listening: float  # probability


def weights(estimate: Estimate) -> Floats:
    """What one answer of each listener counts, (I,), where the median listener's counts 1."""
    weight = estimate.weight
    typical = float(np.median(weight)) if len(weight) else 1.0
    return np.asarray(weight / max(typical, 1e-12), dtype=np.float64)


def flags(ratings: Ratings, estimate: Estimate) -> list[Flag]:
    """Those who seem to click and not to listen, least weight first; `estimate` is of these ratings."""
    weight = weights(estimate)
    counts = np.bincount(ratings.listener, minlength=len(weight))
    agreement = agreement_with_others(ratings, estimate)
    found = []
    for listener in np.flatnonzero(counts >= FEWEST_RATINGS):
        if estimate.listening[listener] >= DOUBTFUL and weight[listener] >= LITTLE_WEIGHT:
            continue
        given = ratings.value[ratings.listener == listener]
        kind, why = _reason(given, float(agreement[listener]))
        reason = f"{why}; a rating of theirs counts {weight[listener]:.2f} of a typical one"
        found.append(Flag(int(listener), kind, reason, float(weight[listener]), float(estimate.listening[listener])))
    return sorted(found, key=lambda flag: flag.weight)


def agreement_with_others(ratings: Ratings, estimate: Estimate) -> Floats:
    """Correlation of each listener's ratings with what all others together make of the same phrases, (I,).

    Each phrase's appeal is first freed of what the listener's own rating did to it, or even a coin would agree with
    itself. NaN with fewer than three ratings, or where either side never varies.
    """
    n = len(estimate.bias)
    who, what = (np.asarray(indices, dtype=np.int64) for indices in (ratings.listener, ratings.individual))
    value = np.asarray(ratings.value, dtype=np.float64)
    heard = value - estimate.level - estimate.bias[who]
    voice = (estimate.listening * estimate.consistency)[who]
    total = 1 / estimate.prior_variance + sums(what, voice * estimate.scale[who] ** 2, len(estimate.appeal))
    own = voice * estimate.scale[who] ** 2
    left = np.maximum(total[what] - own, 1e-9)
    others = (estimate.appeal[what] * total[what] - voice * estimate.scale[who] * heard) / left
    count = np.maximum(np.bincount(who, minlength=n), 1)
    own_off = value - (sums(who, value, n) / count)[who]
    others_off = others - (sums(who, others, n) / count)[who]
    cross = sums(who, own_off * others_off, n)
    spread = np.sqrt(sums(who, own_off**2, n) * sums(who, others_off**2, n))
    known = (spread > 1e-9) & (np.bincount(who, minlength=n) >= 3)
    return np.where(known, cross / np.where(known, spread, 1.0), np.nan)


def _reason(given: Floats, agreement: float) -> tuple[Kind, str]:
    answers, often = np.unique(given, return_counts=True)
    top = int(np.argmax(often))
    if often[top] >= CONSTANT_SHARE * len(given):
        return "constant", f"gave {answers[top]:g} to {often[top]} of {len(given)} phrases"
    if np.isfinite(agreement):
        return (
            "random",
            f"their ratings of {len(given)} phrases follow the others' with a correlation of {agreement:.2f}",
        )
    return "random", f"their ratings of {len(given)} phrases don't follow the others'"
