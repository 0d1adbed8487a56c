"""How human a performance's time is: its deviations from the grid, and how they hang together."""

import numpy as np
from numpy.typing import NDArray

from generation.score.expression.division import nearest_division
from generation.score.notes import Notes, Score
from generation.score.playback import tempo_at

SHORTEST_SERIES = 32
SMALLEST_WINDOW = 8  # in smaller windows a line follows the noise itself
MAX_WINDOW_SIZES = 20
MS_PER_MINUTE = 60_000.0


def dfa_exponent(series: NDArray[np.float64]) -> float:
    """Exponent of the fluctuations of a series, shape (n,): white noise 0.5, 1/f noise 1, a random walk 1.5.

    Detrended fluctuation analysis of the first order (Peng et al., Physical Review E 49(2), 1994), with windows of 8
    notes (an eighth of a short series) to a quarter of the series, laid from both ends and corrected for what small
    windows lose (Kantelhardt et al., Physica A 295, 2001; exact for white noise). The gaps of a series must be closed
    before. nan for fewer than 32 values, for values that are not finite, and for a constant series.
    """
    n = len(series)
    if n < SHORTEST_SERIES or not np.all(np.isfinite(series)) or np.ptp(series) == 0:
        return float("nan")
    profile = np.cumsum(series - np.mean(series))
    smallest = min(SMALLEST_WINDOW, n // 8)
    sizes = np.unique(np.rint(np.geomspace(smallest, n // 4, MAX_WINDOW_SIZES)).astype(np.int64))
    fluctuations = np.array([_fluctuation(profile, int(size)) for size in sizes])
    if np.any(fluctuations <= 0):
        return float("nan")
    return float(np.polyfit(np.log(sizes), np.log(fluctuations), 1)[0])


def _fluctuation(profile: NDArray[np.float64], size: int) -> float:
    """Root mean square of what is left of a profile, shape (n,), when each window has lost its line."""
    n_windows = len(profile) // size
    used = n_windows * size
    windows = np.concatenate([profile[:used].reshape(-1, size), profile[-used:].reshape(-1, size)])
    time = np.arange(size) - (size - 1) / 2
    level = windows - windows.mean(axis=1, keepdims=True)
    slopes = level @ time / np.sum(time**2)
    left = level - slopes[:, None] * time
    return float(np.sqrt(np.mean(left**2) / (1 - 4 / size**2)))


def timing_deviations_of(score: Score, *, written: Score | None = None) -> NDArray[np.float64]:
    """How late each stroke of a score comes, in ms at the tempo of the moment, in order of time, shape (strokes,).

    Against `written`, the same notes before they were played, stroke by stroke: all notes written at one time count as
    one, by their mean. Without it, against the division of each quarter that explains its strokes best, from the beat
    on which the score itself lies. Swing and written-out rubato count as deviations.
    """
    if len(score.notes) == 0:
        return np.zeros(0)
    if written is None:
        onsets = score.notes["onset_quarters"]
        targets = nearest_division(onsets)
    else:
        onsets = score.notes["onset_quarters"][_by_pitch(score.notes)]
        targets = written.notes["onset_quarters"][_by_pitch(written.notes)]
    late_ms = (onsets - targets) * MS_PER_MINUTE / tempo_at(score, targets)
    _, stroke = np.unique(np.round(targets, 6), return_inverse=True)
    deviations: NDArray[np.float64] = np.bincount(stroke, weights=late_ms) / np.bincount(stroke)
    return deviations


def _by_pitch(notes: Notes) -> NDArray[np.intp]:
    """An order that playing does not change: by part, then pitch, then time."""
    return np.lexsort((notes["onset_quarters"], notes["pitch"], notes["part"]))
