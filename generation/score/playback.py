"""A score in seconds: its tempo map, and the note events that a player needs."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generation.score.notes import DEFAULT_TEMPO_BPM, Score

SECONDS_PER_MINUTE = 60.0


def to_seconds(score: Score, quarters: ArrayLike) -> NDArray[np.float64]:
    """Times in quarters as seconds by the score's tempo map, same shape; the first tempo holds before its mark."""
    times = np.asarray(quarters, dtype=np.float64)
    if len(score.tempos) == 1:
        return np.asarray(times * (SECONDS_PER_MINUTE / score.tempos[0].tempo_bpm))
    starts, seconds_per_quarter, elapsed = _tempo_map(score)
    index = np.maximum(np.searchsorted(starts, times, side="right") - 1, 0)
    seconds: NDArray[np.float64] = elapsed[index] + (times - starts[index]) * seconds_per_quarter[index]
    return seconds


def to_quarters(score: Score, seconds: ArrayLike) -> NDArray[np.float64]:
    """Times in seconds as quarters, the inverse of `to_seconds`, same shape."""
    starts, seconds_per_quarter, elapsed = _tempo_map(score)
    times = np.asarray(seconds, dtype=np.float64)
    index = np.maximum(np.searchsorted(elapsed, times, side="right") - 1, 0)
    quarters: NDArray[np.float64] = starts[index] + (times - elapsed[index]) / seconds_per_quarter[index]
    return quarters


def tempo_at(score: Score, quarters: ArrayLike) -> NDArray[np.float64]:
    """The tempo in quarters a minute that holds at each time, same shape."""
    starts, seconds_per_quarter, _ = _tempo_map(score)
    index = np.maximum(np.searchsorted(starts, np.asarray(quarters, dtype=np.float64), side="right") - 1, 0)
    tempo: NDArray[np.float64] = SECONDS_PER_MINUTE / seconds_per_quarter[index]
    return tempo


def _tempo_map(score: Score) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Each tempo's start in quarters, its seconds a quarter, and the seconds elapsed at its start, shape (n,) each."""
    starts = np.array([mark.onset_quarters for mark in score.tempos] or [0.0], dtype=np.float64)
    tempos = np.array([mark.tempo_bpm for mark in score.tempos] or [DEFAULT_TEMPO_BPM], dtype=np.float64)
    if np.any(starts[1:] < starts[:-1]):
        order = np.argsort(starts, kind="stable")
        starts, tempos = starts[order], tempos[order]
    seconds_per_quarter = SECONDS_PER_MINUTE / tempos
    if starts[0] > 0.0:
        starts[0] = 0.0
    elapsed = np.zeros(len(starts))
    np.cumsum((starts[1:] - starts[:-1]) * seconds_per_quarter[:-1], out=elapsed[1:])
    return starts, seconds_per_quarter, elapsed


def events(score: Score) -> list[list[float | int]]:
    """Rows [onset_seconds, duration_seconds, pitch, velocity, part] of all notes, by onset; seconds to 0.1 ms."""
    notes = score.notes
    onsets = to_seconds(score, notes["onset_quarters"])
    ends = to_seconds(score, notes["onset_quarters"] + notes["duration_quarters"])
    order = np.argsort(onsets, kind="stable")
    rows: list[list[float | int]] = [
        [round(onset, 4), round(end - onset, 4), pitch, velocity, part]
        for onset, end, pitch, velocity, part in zip(
            onsets[order].tolist(),
            ends[order].tolist(),
            notes["pitch"][order].tolist(),
            notes["velocity"][order].tolist(),
            notes["part"][order].tolist(),
            strict=True,
        )
    ]
    return rows
