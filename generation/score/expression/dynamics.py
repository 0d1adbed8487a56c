"""Loudness as players shape it: phrases that swell, strong beats, melodies whose height is heard."""

import numpy as np
from numpy.typing import NDArray

from generation.score.expression.performance import Performance
from generation.score.expression.phrasing import metrical_accents, phrase_arch
from generation.score.expression.timing import is_pitched, onset_groups, timing_deviations
from generation.score.notes import Score

ARCH_VELOCITY = 14.0  # what the arch's unit adds at full depth
ACCENT_VELOCITY = 8.0  # how much louder a downbeat is at full depth
CONTOUR_VELOCITY_PER_OCTAVE = 12.0  # at full depth
CONTOUR_REACH_SEMITONES = 12.0
CONTOUR_WINDOW = 17  # notes about each, of whose mean height it stands out
ATTACK_DEPTH = 0.5  # of an accent, that a full attack adds


def velocity_changes(score: Score, performance: Performance, rng: np.random.Generator) -> NDArray[np.float64]:
    """MIDI velocity to add to each note, shape (n,): arch, accents, contour, a correlated unevenness, and the shift."""
    onsets = score.notes["onset_quarters"]
    changes = np.full(len(onsets), performance.velocity_shift)
    if performance.velocity_curve:
        arch = phrase_arch(score, onsets, phrase_bars=performance.phrase_bars)
        changes += performance.velocity_curve * ARCH_VELOCITY * arch
    accent_depth = max(0.0, performance.velocity_curve + ATTACK_DEPTH * performance.attack)
    if accent_depth:
        changes += accent_depth * ACCENT_VELOCITY * metrical_accents(score, onsets)
    if performance.contour:
        changes += performance.contour * contour_velocity(score)
    if performance.velocity_deviation:
        groups = onset_groups(onsets)
        uneven = timing_deviations(
            int(groups.max()) + 1,
            deviation_ms=performance.velocity_deviation,
            exponent=performance.exponent,
            rng=rng,
        )
        changes += uneven[groups]
    return changes


def contour_velocity(score: Score) -> NDArray[np.float64]:
    """MIDI velocity that each note's height among its neighbours is worth, shape (n,); 0 for drums.

    The higher, the louder: a rule of the KTH system (Friberg, Bresin and Sundberg, Advances in Cognitive Psychology
    2(2-3), 2006), taken against a moving mean of the part, so that a high part is not loud as a whole.
    """
    notes = score.notes
    velocity = np.zeros(len(notes))
    pitched = is_pitched(score)
    for part in np.unique(notes["part"][pitched]):
        here = np.flatnonzero(notes["part"] == part)
        heights = notes["pitch"][here].astype(np.float64)
        window = np.ones(min(CONTOUR_WINDOW, 2 * len(here) - 1))
        around = np.convolve(heights, window, "same")[: len(here)] if len(here) >= len(window) else heights.sum()
        counts = np.convolve(np.ones(len(here)), window, "same") if len(here) >= len(window) else len(here)
        above = np.clip(heights - around / counts, -CONTOUR_REACH_SEMITONES, CONTOUR_REACH_SEMITONES)
        velocity[here] = above * CONTOUR_VELOCITY_PER_OCTAVE / 12
    return velocity
