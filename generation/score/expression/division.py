"""What grid a played score stands on: how each quarter is divided, and how late the whole score is."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generation.score.grid import SLOTS_PER_QUARTER

SAME_STROKE_QUARTERS = 1 / 24  # half a slot: notes that follow one another so closely are one stroke
DIVISIONS = np.array([1, 2, 4, 3, 6, 12])  # parts of a quarter
FIRST_SPREADS_SLOTS = (0.03, 0.15, 0.5)  # where the fit begins; from one alone it may stay in a poor grid
LEAST_SPREAD_SLOTS = 0.03  # about a millisecond
ROUNDS = 6  # after which the fit of no score seen still changed
PHASE_DIVISIONS = (4, 3, 12)  # grids by which a score may be found to be late as a whole

Numbers = NDArray[np.float64]


class _Fit(NamedTuple):
    """A reading of strokes, and its description length in nats."""

    nats: float
    targets: Numbers


def nearest_division(onsets: Numbers) -> Numbers:
    """The time in quarters that each onset stands for, shape (n,), by its quarter's likeliest division.

    After Cemgil, Desain and Kappen (Computer Music Journal 24(2), 2000): a stroke lies on one of the d places of its
    quarter, d being 1, 2, 3, 4, 6 or 12, with a Gaussian deviation. How often each d occurs and how large deviations
    are is fitted to the score itself, so that a loose player of eighths is not taken for an exact one of triplets.
    Notes of a chord or a strum are one witness, by their mean, and a score that is late as a whole is read from its own
    beat.
    """
    if len(onsets) == 0:
        return onsets.copy()
    numbers = _chained(onsets)
    strokes = np.bincount(numbers, weights=onsets) / np.bincount(numbers)
    found = _fitted(strokes)
    for division in PHASE_DIVISIONS:
        turned = np.exp(2j * np.pi * division * strokes).mean()
        late = float(np.angle(turned)) / (2 * np.pi * division)
        fit = _fitted(strokes - late)
        price = 1 + np.log(len(strokes)) / 2  # of one number more, by Schwarz's criterion, and of which grid
        if fit.nats + price < found.nats:
            found = _Fit(fit.nats + price, fit.targets)
    targets: Numbers = found.targets[numbers]
    return targets


def _chained(onsets: Numbers) -> NDArray[np.intp]:
    """The number of each onset's stroke, shape (n,): onsets less than half a slot after another go with it."""
    order = np.argsort(onsets, kind="stable")
    is_new = np.diff(onsets[order], prepend=onsets[order[:1]]) >= SAME_STROKE_QUARTERS - 1e-9
    numbers = np.empty(len(onsets), dtype=np.intp)
    numbers[order] = np.cumsum(is_new)
    return numbers


def _fitted(strokes: Numbers) -> _Fit:
    """The shortest description of strokes in quarters, (strokes,), fitting grids and deviations in turn."""
    quarter = np.rint(strokes)  # from half a sixteenth before a beat on, its own; the rest by the beat nearest
    _, quarter = np.unique(np.where(strokes < quarter - 0.5 / 4, quarter - 1, quarter), return_inverse=True)
    targets = np.rint(strokes * DIVISIONS[:, None]) / DIVISIONS[:, None]
    off = ((strokes - targets) * SLOTS_PER_QUARTER) ** 2
    squares = np.array([np.bincount(quarter, weights=row) for row in off])  # (divisions, quarters), in slots
    places = np.bincount(quarter) * np.log(DIVISIONS)[:, None]  # nats that say where in the quarter strokes lie
    fits = [_descended(squares, places, len(strokes), spread) for spread in FIRST_SPREADS_SLOTS]
    nats, chosen = min(fits, key=lambda fit: fit[0])
    return _Fit(nats, targets[chosen[quarter], np.arange(len(strokes))])


def _descended(squares: Numbers, places: Numbers, n_strokes: int, spread: float) -> tuple[float, NDArray[np.intp]]:
    """The description length in nats, and each quarter's division by its index, (quarters,)."""
    n_divisions, n_quarters = squares.shape
    shares = np.full(n_divisions, 1 / n_divisions)
    for _ in range(ROUNDS):
        chosen = np.argmin(_nats(squares, places, shares, spread), axis=0)
        shares = (np.bincount(chosen, minlength=n_divisions) + 1) / (n_quarters + n_divisions)
        spread = max(LEAST_SPREAD_SLOTS, float(np.sqrt(squares[chosen, np.arange(n_quarters)].sum() / n_strokes)))
    nats = _nats(squares, places, shares, spread)
    return float(nats.min(axis=0).sum() + n_strokes * np.log(spread)), np.argmin(nats, axis=0)


def _nats(squares: Numbers, places: Numbers, shares: Numbers, spread: float) -> Numbers:
    cost: Numbers = squares / (2 * spread**2) + places - np.log(shares)[:, None]
    return cost
