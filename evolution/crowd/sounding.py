"""Scores as they reach the ear: many phrases at once, padded to the longest, in seconds, pitches and velocities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.score.notes import Score, pitched_notes
from generation.score.playback import tempo_at, to_seconds

Floats = NDArray[np.float64]
SAME_STROKE_SECONDS = 0.035  # nearer than this, notes are heard as struck together
MS_PER_MINUTE = 60_000.0
# Where a stroke may be meant to fall within a quarter: sixteenths, and the thirds of swing and triplets.
PLACES = np.array([0.0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0])


@dataclass(frozen=True)
class Sounding:
    """Phrases as heard, n of them. Notes (n, L) by onset; strokes (n, S) are what sounds together, by its top note.

    Masks say which entries are real; times are seconds from the start, `place` the quarter's share that a stroke is
    meant for, counted from the start of the phrase, `late_ms` how far behind that it comes, `gap` the seconds to the
    next stroke (the last one's: its own length).
    """

    note: NDArray[np.bool_]
    onset: Floats
    length: Floats
    pitch: Floats
    velocity: Floats
    stroke: NDArray[np.bool_]
    stroke_onset: Floats
    stroke_length: Floats
    top: Floats
    place: Floats
    late_ms: Floats
    gap: Floats
    quarters_per_bar: Floats  # (n,)

    @property
    def n_strokes(self) -> Floats:
        """How many strokes each phrase has, shape (n,)."""
        counts: Floats = self.stroke.sum(axis=1).astype(np.float64)
        return counts


def sound(scores: Sequence[Score]) -> Sounding:
    """Lay the phrases beside each other; drums are left out, and an empty score is a phrase of silence."""
    rows = [_rows(score) for score in scores]
    columns = [_pad([row[index] for row in rows]) for index in range(6)]
    n_notes = np.array([len(row[0]) for row in rows])
    note = np.arange(columns[0].shape[1])[None, :] < n_notes[:, None]
    onset, length, pitch, velocity, place, late_ms = columns
    top, stroke = _strokes(onset, pitch, note)
    picked = [np.take_along_axis(column, top, axis=1) for column in (onset, length, pitch, place, late_ms)]
    return Sounding(
        note=note,
        onset=onset,
        length=length,
        pitch=pitch,
        velocity=velocity,
        stroke=stroke,
        stroke_onset=picked[0],
        stroke_length=picked[1],
        top=picked[2],
        place=picked[3],
        late_ms=picked[4],
        gap=_gaps(picked[0], picked[1], stroke),
        quarters_per_bar=np.array([_quarters_per_bar(score) for score in scores]),
    )


def mean_of(values: Floats, mask: NDArray[np.bool_], weights: Floats | None = None) -> Floats:
    """Mean over the masked entries of each row, shape (n,), 0 where there are none."""
    weighed = mask.astype(np.float64) if weights is None else np.where(mask, weights, 0.0)
    total = weighed.sum(axis=1)
    means: Floats = np.where(mask, values * weighed, 0.0).sum(axis=1) / np.maximum(total, 1e-12)
    return means


def deviation_of(values: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Standard deviation over the masked entries of each row, shape (n,), 0 where there are none."""
    centred = values - mean_of(values, mask)[:, None]
    deviations: Floats = np.sqrt(mean_of(centred**2, mask))
    return deviations


def _rows(score: Score) -> tuple[Floats, ...]:
    """Onset, length, pitch, velocity, intended place and lateness of each note, by onset, shape (L,) each."""
    notes = pitched_notes(score)
    quarters = notes["onset_quarters"]
    onset = to_seconds(score, quarters)
    ends = to_seconds(score, quarters + notes["duration_quarters"])
    whole = np.floor(quarters + 1 / 16)  # a little before the beat belongs to it
    nearest = np.argmin(np.abs((quarters - whole)[:, None] - PLACES[None, :]), axis=1)
    place = whole + PLACES[nearest]
    late_ms = (quarters - place) * MS_PER_MINUTE / tempo_at(score, quarters)
    order = np.argsort(onset, kind="stable")
    columns = (onset, ends - onset, notes["pitch"], notes["velocity"], place, late_ms)
    return tuple(np.asarray(column, dtype=np.float64)[order] for column in columns)


def _pad(rows: Sequence[Floats]) -> Floats:
    padded = np.zeros((len(rows), max((len(row) for row in rows), default=0) + 1))
    for target, row in zip(padded, rows, strict=True):
        target[: len(row)] = row
    return padded


def _strokes(onset: Floats, pitch: Floats, note: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Index of each stroke's top note (n, S), and which strokes are real (n, S)."""
    starts = np.ones_like(note)
    starts[:, 1:] = np.diff(onset, axis=1) >= SAME_STROKE_SECONDS
    starts &= note
    of_stroke = np.maximum(np.cumsum(starts, axis=1) - 1, 0)
    n, size = note.shape
    highest = np.full((n, size), -1.0)
    row = np.broadcast_to(np.arange(n)[:, None], note.shape)
    np.maximum.at(highest, (row[note], of_stroke[note]), pitch[note])
    is_top = note & (pitch == highest[row, of_stroke])
    top = np.zeros((n, size), dtype=np.int64)
    column = np.broadcast_to(np.arange(size)[None, :], note.shape)
    top[row[is_top], of_stroke[is_top]] = column[is_top]
    return top, np.arange(size)[None, :] < starts.sum(axis=1)[:, None]


def _gaps(onset: Floats, length: Floats, stroke: NDArray[np.bool_]) -> Floats:
    following = np.zeros_like(onset)
    following[:, :-1] = onset[:, 1:]
    has_next = np.zeros_like(stroke)
    has_next[:, :-1] = stroke[:, 1:]
    return np.where(has_next, np.maximum(following - onset, 1e-3), np.maximum(length, 1e-3))


def _quarters_per_bar(score: Score) -> float:
    if not score.meters:
        return 4.0
    return score.meters[0].numerator * 4 / score.meters[0].denominator
