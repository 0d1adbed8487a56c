"""Figures of a score's quality, after the definitions of MusPy (Dong et al., ISMIR 2020) unless said otherwise."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generation.score.notes import Meter, Notes, Score, pitched_notes
from generation.score.scales import semitones_of, tonic_of

PITCH_CLASSES = 12
BEAT_QUARTERS = 1.0
STEPS_PER_QUARTER = 24  # grid on which polyphony is counted
SAME_STROKE_QUARTERS = 1 / 24  # half a slot


def pitch_class_entropy(score: Score) -> float:
    """Shannon entropy of the pitch classes, drums apart, in bits: 0 to log2(12); nan for no notes."""
    pitches = pitched_notes(score)["pitch"]
    if len(pitches) == 0:
        return float("nan")
    shares = np.bincount(pitches % PITCH_CLASSES, minlength=PITCH_CLASSES) / len(pitches)
    shares = shares[shares > 0]
    return float(abs(np.sum(shares * np.log2(shares))))


def pitch_in_scale(score: Score, *, key: str, scale: str) -> float:
    """Share of the notes, drums apart, whose pitch is of the scale: 0 to 1; nan for no notes."""
    pitches = pitched_notes(score)["pitch"]
    if len(pitches) == 0:
        return float("nan")
    return float(np.mean(np.isin((pitches - tonic_of(key)) % PITCH_CLASSES, semitones_of(scale))))


def empty_beats(score: Score) -> float:
    """Share of the beats (quarters), from the start to the last note's end, in which nothing sounds; nan for no notes.

    No beat is counted after the end: a score of exactly four quarters has four beats, not five.
    """
    if len(score.notes) == 0:
        return float("nan")
    n_beats = max(1, int(np.ceil(score.end_quarters / BEAT_QUARTERS - 1e-9)))
    first = np.floor(score.notes["onset_quarters"] / BEAT_QUARTERS).astype(np.int64)
    ends = score.notes["onset_quarters"] + score.notes["duration_quarters"]
    last = np.maximum(np.ceil(ends / BEAT_QUARTERS - 1e-9).astype(np.int64), first + 1)
    return float(np.mean(_sounding(first, last, n_beats) == 0))


def polyphony(score: Score) -> float:
    """Mean number of pitches that sound together, drums apart, over the time in which any does; nan for no notes."""
    notes = pitched_notes(score)
    if len(notes) == 0:
        return float("nan")
    first = np.rint(notes["onset_quarters"] * STEPS_PER_QUARTER).astype(np.int64)
    ends = notes["onset_quarters"] + notes["duration_quarters"]
    last = np.maximum(np.rint(ends * STEPS_PER_QUARTER).astype(np.int64), first + 1)
    length = int(last.max())
    pitches = notes["pitch"]
    n_pitches = np.sum([_sounding(first[pitches == p], last[pitches == p], length) > 0 for p in np.unique(pitches)], 0)
    return float(np.mean(n_pitches[n_pitches > 0]))


def groove_consistency(score: Score) -> float:
    """How alike the rhythms of neighbouring bars are: 1 less the mean Hamming distance of their onsets, 0 to 1.

    Onsets of all parts on 24 steps a quarter, as MusPy counts them, in the first meter's bars. The bars are those up to
    the last note's end, and the mean is over the pairs of neighbours: MusPy counts an empty bar more when the end is on
    a bar line, and divides by it. nan for fewer than two bars.
    """
    meter = score.meters[0] if score.meters else Meter(0.0, 4, 4)
    bar_steps = round(STEPS_PER_QUARTER * 4 * meter.numerator / meter.denominator)
    n_bars = int(np.ceil(score.end_quarters * STEPS_PER_QUARTER / bar_steps - 1e-9))
    if n_bars < 2:
        return float("nan")
    steps = np.rint(score.notes["onset_quarters"] * STEPS_PER_QUARTER).astype(np.int64)
    bars = np.zeros(n_bars * bar_steps, dtype=np.bool_)
    bars[np.minimum(steps, len(bars) - 1)] = True
    rhythms = bars.reshape(n_bars, bar_steps)
    return float(1.0 - np.mean(rhythms[1:] != rhythms[:-1]))


def longest_run(tokens: ArrayLike) -> int:
    """Length of the longest run of one token in (n,) or (n, fields); 0 for none."""
    rows = np.asarray(tokens)
    if len(rows) == 0:
        return 0
    rows = rows.reshape(len(rows), -1)
    changes = np.flatnonzero(np.any(rows[1:] != rows[:-1], axis=1)) + 1
    return int(np.max(np.diff(np.concatenate([[0], changes, [len(rows)]]))))


def melody(score: Score) -> Notes:
    """The highest note of each stroke, drums apart, in order of time."""
    notes = pitched_notes(score)
    numbers = _stroke_numbers(notes["onset_quarters"])
    order = np.lexsort((notes["pitch"], numbers))
    is_last = np.append(numbers[1:] != numbers[:-1], True)[: len(notes)]
    highest: Notes = notes[order][is_last]
    return highest


def strokes(score: Score) -> NDArray[np.float64]:
    """When notes are struck, in quarters, drums apart; those less than half a slot apart are one stroke, (strokes,)."""
    onsets = pitched_notes(score)["onset_quarters"]
    _, first = np.unique(_stroke_numbers(onsets), return_index=True)
    times: NDArray[np.float64] = onsets[first]
    return times


def _stroke_numbers(onsets: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of each ascending onset's stroke, (n,)."""
    numbers: NDArray[np.int64] = np.cumsum(np.diff(onsets, prepend=onsets[:1]) > SAME_STROKE_QUARTERS)
    return numbers


def _sounding(first: NDArray[np.int64], last: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """How many of the spans [first, last) cover each of `length` steps."""
    edges = np.bincount(first, minlength=length + 1) - np.bincount(last, minlength=length + 1)
    counts: NDArray[np.int64] = np.cumsum(edges)[:length]
    return counts
