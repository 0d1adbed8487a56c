"""How the bars of a phrase answer one another, of many phrases at once."""

import numpy as np
from numpy.typing import NDArray

from evolution.frame import SIXTEENTH_SLOTS, Frame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BARS = (
    "rhythm of the bar before",  # 0 to 1: struck together of all that is struck in either, mean over the bars
    "rhythm two bars before",
    "rhythm taken up",  # of the earlier bar that is most alike
    "tune taken up",  # of those struck together, how many make the same way from the bar's first
    "bars filled",  # share of bars in which something is struck
    "bars uneven",  # deviation of strokes a bar
)


def bars_of(owner: Ints, slot: Ints, step: Ints, n: int, frame: Frame) -> list[Floats]:
    """What BARS say of n phrases, each (n,), from their strokes: whose, the slot, the scale step of the top note."""
    bars, cells = frame.bars, -(-frame.slots_per_bar // SIXTEENTH_SLOTS)
    bar, within = np.divmod(slot, frame.slots_per_bar)
    cell = np.minimum((within + SIXTEENTH_SLOTS // 2) // SIXTEENTH_SLOTS, cells - 1)
    struck, steps = np.zeros((n, bars, cells)), np.zeros((n, bars, cells))
    struck[owner, bar, cell], steps[owner, bar, cell] = 1.0, step
    counts = struck.sum(axis=2)
    shared = struck @ struck.transpose(0, 2, 1)  # (n, bar, bar)
    either = counts[:, :, None] + counts[:, None, :] - shared
    rhythm = shared / np.maximum(either, 1.0)
    same = _same_way(struck, steps, shared) / np.maximum(either, 1.0)
    earlier = np.tril(np.ones((bars, bars)), -1)[None]
    return [
        _behind(rhythm, 1),
        _behind(rhythm, 2),
        _later_mean((rhythm * earlier).max(axis=2)),
        _later_mean((same * earlier).max(axis=2)),
        np.asarray((counts > 0).mean(axis=1)),
        np.asarray(counts.std(axis=1)),
    ]


def _same_way(struck: Floats, steps: Floats, shared: Floats) -> Floats:
    """How many strokes of two bars fall together and lie equally far from their bars' mean, (n, bar, bar).

    Equally far is taken softly, by the mean square difference of the steps once both bars' heights are taken away.
    """
    first = struck * steps
    both = first @ struck.transpose(0, 2, 1)
    apart = (both - both.transpose(0, 2, 1)) / np.maximum(shared, 1.0)
    squares = (struck * steps**2) @ struck.transpose(0, 2, 1)
    square = squares + squares.transpose(0, 2, 1) - 2 * first @ first.transpose(0, 2, 1)
    spread = np.maximum(square / np.maximum(shared, 1.0) - apart**2, 0.0)
    same: Floats = shared * np.exp(-spread)
    return same


def _behind(likeness: Floats, bars: int) -> Floats:
    """Mean likeness of each bar to the one so many before it, (n,), 0 where there is none."""
    diagonal = np.diagonal(likeness, offset=-bars, axis1=1, axis2=2)
    return np.asarray(diagonal.mean(axis=1)) if diagonal.shape[1] else np.zeros(len(likeness))


def _later_mean(values: Floats) -> Floats:
    """Mean over the bars from the second on, (n,)."""
    return np.asarray(values[:, 1:].mean(axis=1)) if values.shape[1] > 1 else np.zeros(len(values))
