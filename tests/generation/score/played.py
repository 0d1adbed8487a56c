"""Scores to play, and measures of what was played, for the tests of expression."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.expression import Performance, humanise, timing_deviations_of
from generation.score.notes import Score, sort_notes
from generation.score.playback import to_seconds


def walk(n_notes: int, *, seed: int = 0, quarters: float = 0.5, velocity: int = 70, **context: Any) -> Score:
    """A melody of equal notes, one after another, that wanders over two octaves."""
    steps = np.random.default_rng(seed).integers(-3, 4, n_notes)
    pitches = 60 + np.abs(np.cumsum(steps) % 48 - 24)
    rows = [(i * quarters, quarters, int(pitch), velocity, 0) for i, pitch in enumerate(pitches)]
    return Score(sort_notes(rows), **context)


def chords(n_chords: int, *, quarters: float = 1.0) -> Score:
    """Triads, one after another, under a melody."""
    rows = [(i * quarters, quarters, pitch, 80, 0) for i in range(n_chords) for pitch in (48, 52, 55, 72 + i % 5)]
    return Score(sort_notes(rows))


def play(score: Score, *, seed: int = 1, **parameters: Any) -> Score:
    """The score played with some parameters of a performance, the others neutral."""
    return humanise(score, Performance(**parameters), np.random.default_rng(seed))


def late_ms(played: Score, written: Score) -> NDArray[np.float64]:
    """How late each stroke comes, in ms, shape (strokes,)."""
    return timing_deviations_of(played, written=written)


def bend_curve(score: Score, step_seconds: float = 0.005) -> NDArray[np.float64]:
    """The bend in cents that holds at each step of time until the last note's end, shape (steps,)."""
    moments = np.arange(0.0, float(to_seconds(score, score.end_quarters)) + 0.2, step_seconds)
    times = to_seconds(score, [bend.onset_quarters for bend in score.bends])
    cents = np.array([0.0, *(bend.cents for bend in score.bends)])
    held: NDArray[np.float64] = cents[np.searchsorted(times, moments, side="right")]
    return held
