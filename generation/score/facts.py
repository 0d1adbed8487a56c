"""Facts about a score that a listing shows: how long, how fast, in which key and meter, how dense, how high."""

from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.bars import bar_quarters
from generation.score.notes import Meter, Score
from generation.score.playback import to_seconds
from generation.score.tonality import find_tonality

Quarters = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a score is, in plain numbers and words; `to_json` is stored beside the file."""

    n_notes: int
    n_parts: int
    n_bars: int
    duration_seconds: float  # from the start of the piece to its last note's end
    tempo_bpm: float  # the mean over the piece
    meter: str  # the first: "4/4"
    key: str  # the one found from the notes: "A minor"; empty where nothing is pitched
    polyphony: float  # mean number of notes sounding while any sounds
    lowest_pitch: int
    highest_pitch: int

    def to_json(self) -> dict[str, Any]:
        """The facts as a flat dict."""
        return asdict(self)


def describe(score: Score) -> Facts:
    """The facts of a score; an empty one has zeros."""
    notes = score.notes
    onsets, durations = notes["onset_quarters"].copy(), notes["duration_quarters"].copy()  # each in one piece: faster
    ends = onsets + durations
    end_quarters = float(ends.max()) if len(notes) else 0.0
    seconds = float(to_seconds(score, end_quarters))
    tonality = find_tonality(score)
    meter = score.meters[0] if score.meters else Meter(0.0, 4, 4)
    pitches = notes["pitch"].copy()
    return Facts(
        n_notes=len(notes),
        n_parts=len(score.parts),
        n_bars=_count_bars(score, end_quarters),
        duration_seconds=round(seconds, 3),
        tempo_bpm=round(end_quarters * 60 / seconds, 2) if seconds > 0 else round(score.tempos[0].tempo_bpm, 2),
        meter=f"{meter.numerator}/{meter.denominator}",
        key=tonality.name if tonality else "",
        polyphony=round(_polyphony(onsets, durations, ends), 2),
        lowest_pitch=int(pitches.min()) if len(notes) else 0,
        highest_pitch=int(pitches.max()) if len(notes) else 0,
    )


def count_bars(score: Score) -> int:
    """Bars from the start to the last note's end, a begun bar counted, by the score's meters."""
    return _count_bars(score, score.end_quarters)


def _count_bars(score: Score, end_quarters: float) -> int:
    meters = score.meters or (Meter(0.0, 4, 4),)
    later = [meter.onset_quarters for meter in meters[1:] if meter.onset_quarters < end_quarters]
    starts = [0.0, *later, end_quarters]
    bars = 0
    for index, meter in enumerate(meters[: len(starts) - 1]):
        bars += ceil((starts[index + 1] - starts[index]) / bar_quarters(meter) - 1e-6)
    return bars


def _polyphony(onsets: Quarters, durations: Quarters, ends: Quarters) -> float:
    """Sounding time summed over notes, divided by the time in which anything sounds."""
    if len(onsets) == 0:
        return 0.0
    ends_so_far = np.maximum.accumulate(ends)
    gaps = np.maximum(0.0, onsets[1:] - ends_so_far[:-1])
    sounding = float(ends_so_far[-1] - onsets[0] - gaps.sum())
    return float(durations.sum()) / sounding
