"""A score as a page plays and draws it: note events in seconds, in a stretch of whole bars."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generation.score.bars import COMMON_METER, bar_starts
from generation.score.notes import Bend, Notes, Score
from generation.score.playback import SECONDS_PER_MINUTE, to_seconds


class PhraseNote(TypedDict):
    onset_seconds: float
    duration_seconds: float
    pitch: int
    velocity: int
    part: int


class PhrasePart(TypedDict):
    program: int
    is_drum: bool


class PhraseBend(TypedDict):
    onset_seconds: float
    part: int
    cents: float


class Phrase(TypedDict):
    """What `PhraseSerializer` describes and `listening.protocol.told.Phrase` carries."""

    notes: list[PhraseNote]
    parts: list[PhrasePart]
    bends: list[PhraseBend]
    tempo_bpm: float
    beats_per_bar: int
    bars: int
    duration_seconds: float


def phrase(score: Score, *, bars: int | None = None) -> Phrase:
    """The score from its beginning: exactly `bars` bars, or as many as its notes fill."""
    starts = bar_starts(score, n_bars=bars)
    return _stretch(score, starts)


def excerpt(score: Score, *, bars_max: int) -> Phrase:
    """At most `bars_max` bars from the bar of the first note on: what a long piece sounds like."""
    if len(score.notes) == 0:
        return phrase(score)
    starts = bar_starts(score)
    first = max(0, int(np.searchsorted(starts, float(score.notes["onset_quarters"].min()), side="right")) - 1)
    return _stretch(score, starts[first : first + bars_max + 1])


def _stretch(score: Score, starts: list[float]) -> Phrase:
    """The bars that begin at `starts`, of which the last is only an end; notes are cut where it ends."""
    begin, end = starts[0], starts[-1]
    onsets = score.notes["onset_quarters"]
    notes = score.notes[(onsets >= begin - 1e-9) & (onsets < end)]
    bends = [bend for bend in score.bends if begin <= bend.onset_quarters < end]
    zero, last, note_onsets, note_ends, bend_onsets = _in_seconds(
        score,
        [begin],
        [end],
        notes["onset_quarters"],
        np.minimum(notes["onset_quarters"] + notes["duration_quarters"], end),
        [bend.onset_quarters for bend in bends],
    )
    seconds = float(last[0] - zero[0])
    meter = score.meters[0] if score.meters else COMMON_METER
    holding = {bend.part: bend for bend in score.bends if bend.onset_quarters < begin}
    return Phrase(
        notes=_notes(notes, note_onsets - zero, note_ends - note_onsets),
        parts=[PhrasePart(program=part.program, is_drum=part.is_drum) for part in score.parts],
        bends=_bends([*holding.values(), *bends], [0.0] * len(holding) + (bend_onsets - zero).tolist()),
        # The mean: a played phrase has a tempo curve, and seconds times tempo should be its quarters.
        tempo_bpm=round(SECONDS_PER_MINUTE * (end - begin) / seconds, 3),
        beats_per_bar=meter.numerator,
        bars=len(starts) - 1,
        duration_seconds=round(seconds, 4),
    )


def _in_seconds(score: Score, *quarters: ArrayLike) -> list[NDArray[np.float64]]:
    """Several arrays of times in quarters as seconds, by one look at the tempo map."""
    arrays = [np.asarray(times, dtype=np.float64) for times in quarters]
    ends = np.cumsum([len(times) for times in arrays])
    return np.split(to_seconds(score, np.concatenate(arrays)), ends[:-1])


def _notes(
    notes: Notes, onsets_seconds: NDArray[np.float64], durations_seconds: NDArray[np.float64]
) -> list[PhraseNote]:
    return [
        PhraseNote(
            onset_seconds=round(onset, 4),
            duration_seconds=round(duration, 4),
            pitch=pitch,
            velocity=velocity,
            part=part,
        )
        for onset, duration, pitch, velocity, part in zip(
            onsets_seconds.tolist(),
            durations_seconds.tolist(),
            notes["pitch"].tolist(),
            notes["velocity"].tolist(),
            notes["part"].tolist(),
            strict=True,
        )
    ]


def _bends(bends: Sequence[Bend], onsets_seconds: Sequence[float]) -> list[PhraseBend]:
    return [
        PhraseBend(onset_seconds=round(onset, 4), part=bend.part, cents=bend.cents)
        for bend, onset in zip(bends, onsets_seconds, strict=True)
    ]
