"""What a player adds to the written notes: timing, dynamics, articulation, bend, tempo, and a mood that colours them.

`humanise` plays a written score and `perform` any score, one that has timing of its own included. Everything is drawn
from the generator or seed that the caller hands in: same seed, same performance.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from generation.score.expression.articulation import articulated, without_overlaps
from generation.score.expression.division import nearest_division
from generation.score.expression.dynamics import velocity_changes
from generation.score.expression.fluctuation import dfa_exponent, timing_deviations_of
from generation.score.expression.intonation import bends_of
from generation.score.expression.mood import Mood
from generation.score.expression.performance import HUMAN, Performance
from generation.score.expression.tempo_curve import tempo_curve
from generation.score.expression.timing import (
    MS_PER_MINUTE,
    chord_offsets_ms,
    displaced,
    onset_groups,
    reshuffled,
    swing,
    swing_amounts,
    timing_deviations,
)
from generation.score.grid import SLOTS_PER_QUARTER, TIMING_BIN_SLOTS
from generation.score.notes import Score, sort_notes
from generation.score.playback import tempo_at

QUANTISED_MS = 1.0  # a score whose onsets stray less has no timing of its own
HUMAN_MS = (5.0, 25.0)  # standard deviation of people's timing
HUMAN_EXPONENTS = (0.7, 1.0)  # of detrended fluctuation analysis


def humanise(score: Score, performance: Performance, rng: np.random.Generator) -> Score:
    """The score as played; what its notes already have of micro-timing stays, and the performance's comes on top.

    Notes struck together stay together but for a chord's spread, a part's onsets keep their order, no onset falls
    before 0, and no note sounds on when its pitch is struck again. Neutral parameters change nothing.
    """
    if performance == Performance() or len(score.notes) == 0:
        return score
    coloured = Mood(performance.valence, performance.arousal).colour(performance)
    groups = onset_groups(score.notes["onset_quarters"])
    n_strokes = int(groups.max()) + 1
    late_ms = timing_deviations(n_strokes, deviation_ms=coloured.deviation_ms, exponent=coloured.exponent, rng=rng)
    return _played(score, coloured, late_ms, groups, rng)


def perform(score: Score, performance: Performance = HUMAN, *, seed: int) -> Score:
    """The score played by a person: as `humanise`, and its own timing, where it has any, made human.

    A quantised score is played as written. One that strays from the grid already, as samples of the expressive codec
    do, strays note by note without memory: its notes go to the grid, and its own deviations come back in a correlated
    order, their spread kept between 5 and 25 ms. Timing whose DFA exponent and spread are people's (a recording's) is
    left alone, and so is all timing when `performance.deviation_ms` is 0.
    """
    rng = np.random.default_rng(seed)
    if performance.deviation_ms == 0 or len(score.notes) == 0:
        return humanise(score, performance, rng)
    own_ms = timing_deviations_of(score)
    if own_ms.std() < QUANTISED_MS:
        return humanise(score, performance, rng)
    if HUMAN_MS[0] <= own_ms.std() <= HUMAN_MS[1] and HUMAN_EXPONENTS[0] <= dfa_exponent(own_ms) <= HUMAN_EXPONENTS[1]:
        return humanise(score, replace(performance, deviation_ms=0.0), rng)
    written, groups = _on_the_grid(score)
    late_ms = _remembered(own_ms, written, performance, rng)
    coloured = Mood(performance.valence, performance.arousal).colour(performance)
    return _played(written, coloured, late_ms, groups, rng)


def _played(
    score: Score,
    performance: Performance,
    late_ms: NDArray[np.float64],
    groups: NDArray[np.intp],
    rng: np.random.Generator,
) -> Score:
    """The score played with these deviations, shape (strokes,), each stroke's notes named by `groups`, (n,)."""
    # A stream for each, so that a change of one parameter leaves the rest of the performance as it was.
    rng_dynamics, rng_chords, rng_tuning = rng.spawn(3)
    played = replace(score, tempos=tempo_curve(score, performance))
    written = score.notes["onset_quarters"]
    notes = score.notes.copy()
    notes["velocity"] = np.clip(np.rint(notes["velocity"] + velocity_changes(score, performance, rng_dynamics)), 1, 127)

    offsets_ms = late_ms[groups] + chord_offsets_ms(
        score,
        groups,
        melody_lead_ms=performance.melody_lead_ms,
        chord_spread_ms=performance.chord_spread_ms,
        rng=rng_chords,
    )
    amounts = swing_amounts(score, written, amount=performance.swing, follows_tempo=performance.swing_follows_tempo)
    swung = swing(written, amount=amounts)
    ends = swing(written + notes["duration_quarters"], amount=amounts)
    late_quarters = offsets_ms * tempo_at(played, written) / MS_PER_MINUTE
    notes["onset_quarters"] = displaced(swung, groups, late_quarters)
    notes["duration_quarters"] = articulated(
        replace(score, notes=notes),
        ends - swung,
        articulation=performance.articulation,
        factor=performance.length_factor,
    )
    played = replace(played, notes=sort_notes(without_overlaps(notes)))
    return replace(played, bends=score.bends + bends_of(played, performance, rng_tuning))


def _on_the_grid(score: Score) -> tuple[Score, NDArray[np.intp]]:
    """The score with the notes of each stroke about the time they stand for, as far from one another as they were, and
    each note's stroke, shape (n,).
    """
    exact = score.notes["onset_quarters"]
    targets, groups = np.unique(np.round(nearest_division(exact), 6), return_inverse=True)
    late = exact - targets[groups]
    mean_late = np.bincount(groups, weights=late) / np.bincount(groups)
    notes = score.notes.copy()
    notes["onset_quarters"] = np.maximum(0.0, exact - mean_late[groups])
    return replace(score, notes=notes), groups


def _remembered(
    own_ms: NDArray[np.float64], written: Score, performance: Performance, rng: np.random.Generator
) -> NDArray[np.float64]:
    """The deviations to play instead of a score's own, in ms, shape (strokes,)."""
    least, most = HUMAN_MS
    if own_ms.std() < least:
        return timing_deviations(
            len(own_ms), deviation_ms=performance.deviation_ms, exponent=performance.exponent, rng=rng
        )
    tempo_bpm = float(np.median(tempo_at(written, written.notes["onset_quarters"])))
    bin_ms = TIMING_BIN_SLOTS / SLOTS_PER_QUARTER * MS_PER_MINUTE / tempo_bpm
    laid = reshuffled(own_ms, bin_ms=bin_ms, exponent=performance.exponent, rng=rng)
    scaled: NDArray[np.float64] = laid * (np.clip(laid.std(), least, most) / laid.std())
    return scaled
