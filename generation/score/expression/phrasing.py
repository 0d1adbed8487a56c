"""Where bars and phrases begin, and the arch over a phrase that tempo and loudness follow."""

import numpy as np
from numpy.typing import NDArray

from generation.score.bars import COMMON_METER, bar_starts
from generation.score.notes import Meter, Score

SUBPHRASE_WEIGHT = 1 / 3  # of the half phrase's arch beside the whole one's
NEAR_QUARTERS = 1 / 24  # an onset this early still belongs to the bar and beat it leads to


def bar_lines(score: Score) -> NDArray[np.float64]:
    """Where each bar begins, in quarters, and where the last one ends, shape (bars + 1,); at least one bar.

    The last bar is that of the last onset: a note held over the line opens no bar.
    """
    lines = np.array(bar_starts(score))
    last = float(score.notes["onset_quarters"].max()) if len(score.notes) else 0.0
    return lines[: max(2, int(np.searchsorted(lines, last + NEAR_QUARTERS, side="right")) + 1)]


def beat_quarters(score: Score, quarters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of the beat at each time, in quarters, same shape; compound meters (6/8) beat in threes."""
    meters = sorted(score.meters, key=lambda meter: meter.onset_quarters) or [COMMON_METER]
    starts = np.array([meter.onset_quarters for meter in meters])
    beats = np.array([4.0 / meter.denominator * (3 if is_compound(meter) else 1) for meter in meters])
    found: NDArray[np.float64] = beats[np.maximum(np.searchsorted(starts, quarters + 1e-6, side="right") - 1, 0)]
    return found


def is_compound(meter: Meter) -> bool:
    """Whether three of the meter's units make a beat, as in 6/8 and 12/8."""
    return meter.denominator >= 8 and meter.numerator % 3 == 0 and meter.numerator > 3


def phrase_lines(lines: NDArray[np.float64], phrase_bars: int) -> NDArray[np.float64]:
    """Where phrases of about `phrase_bars` bars begin and the last ends, from bar lines (bars + 1,), in quarters."""
    n_bars = len(lines) - 1
    n_phrases = max(1, round(n_bars / max(1, phrase_bars)))
    bounds: NDArray[np.float64] = lines[np.rint(np.linspace(0, n_bars, n_phrases + 1)).astype(np.int64)]
    return bounds


def phrase_arch(score: Score, quarters: NDArray[np.float64], *, phrase_bars: int) -> NDArray[np.float64]:
    """An arch over each phrase at times in quarters, same shape: -1 at its ends, at most 0.5 within, its mean 0.

    A parabola for the phrase and one for each half of it, added: Todd's account of tempo (Journal of the Acoustical
    Society of America 85(6), 1989) and of dynamics that go along with it (the same, 91(6), 1992).
    """
    bounds = phrase_lines(bar_lines(score), phrase_bars)
    halves = np.sort(np.concatenate([bounds, (bounds[1:] + bounds[:-1]) / 2]))
    return (1 - SUBPHRASE_WEIGHT) * _parabola(quarters, bounds) + SUBPHRASE_WEIGHT * _parabola(quarters, halves)


def _parabola(quarters: NDArray[np.float64], bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of mean 0 between neighbouring bounds, 0.5 halfway and -1 at them, shape of `quarters`."""
    index = np.clip(np.searchsorted(bounds, quarters + NEAR_QUARTERS, side="right") - 1, 0, len(bounds) - 2)
    place = np.clip((quarters - bounds[index]) / (bounds[index + 1] - bounds[index]), 0.0, 1.0)
    arch: NDArray[np.float64] = 0.5 - 1.5 * (2 * place - 1) ** 2
    return arch


def metrical_accents(score: Score, quarters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each onset in its bar, same shape: 1 on the downbeat, 0.3 on other beats, -0.2 between."""
    lines = bar_lines(score)
    bar = np.clip(np.searchsorted(lines, quarters + NEAR_QUARTERS, side="right") - 1, 0, len(lines) - 2)
    in_bar = np.abs(quarters - lines[bar])
    beat = beat_quarters(score, quarters)
    off_beat = np.abs(in_bar - np.rint(in_bar / beat) * beat)
    accents: NDArray[np.float64] = np.where(
        in_bar <= NEAR_QUARTERS, 1.0, np.where(off_beat <= NEAR_QUARTERS, 0.3, -0.2)
    )
    return accents
