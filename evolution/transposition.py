"""Notes of any key brought into a frame's key and scale, near its root."""

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from evolution.genes import SCIENTIFIC_TO_GRID
from generation.score.notes import Notes
from generation.score.scales import SCALES, degree_to_pitch, pitch_to_degree, tonic_of
from generation.score.tonality import Tonality

MAJOR_MODES = ("major", "mixolydian", "lydian")
MINOR_MODES = ("dorian", "phrygian", "minorM")
LONGEST_WEIGHT_QUARTERS = 2.0  # a held note counts for no more
SEMITONES = np.arange(12)


def into_frame(phrase: Notes, tonality: Tonality | None, frame: Frame) -> NDArray[np.int64]:
    """Pitches (n,) of a phrase in the frame's key and scale, its weight near the middle of the root's octave.

    Degrees are kept where both scales have seven: the tonic stays the tonic, and a major tune set in a dorian frame
    becomes a dorian tune. Into a scale of six degrees the phrase is moved as it is, to where it fits best.
    """
    if tonality is None or len(SCALES[frame.scale]) != len(SCALES["major"]):
        moved = phrase["pitch"] + _best_fit(phrase, frame)
    else:
        mode = _closest_mode(phrase, tonality)
        degree, octave, alteration = pitch_to_degree(phrase["pitch"], key=tonality.tonic, scale=mode)
        moved = degree_to_pitch(degree, octave, alteration, key=frame.key, scale=frame.scale)
    middle = 12 * (frame.root_octave + SCIENTIFIC_TO_GRID) + tonic_of(frame.key) + 6
    centred: NDArray[np.int64] = moved + 12 * round((middle - float(np.median(moved))) / 12)
    return np.clip(centred, 0, 127)


def _chroma(phrase: Notes) -> NDArray[np.float64]:
    """How long each pitch class sounds, as shares, (12,)."""
    weights = np.minimum(phrase["duration_quarters"], LONGEST_WEIGHT_QUARTERS)
    shares: NDArray[np.float64] = np.bincount(phrase["pitch"] % 12, weights, minlength=12) / weights.sum()
    return shares


def _closest_mode(phrase: Notes, tonality: Tonality) -> str:
    """The scale on the key's tonic that leaves the least of the phrase outside."""
    above_tonic = np.roll(_chroma(phrase), -tonic_of(tonality.tonic))
    modes = MINOR_MODES if tonality.is_minor else MAJOR_MODES
    return max(modes, key=lambda mode: float(above_tonic[list(SCALES[mode])].sum()))


def _best_fit(phrase: Notes, frame: Frame) -> int:
    """Semitones up, 0-11, that bring most of the phrase into the frame's scale, with weight on tonic and fifth."""
    chroma, tonic = _chroma(phrase), tonic_of(frame.key)
    scale = np.zeros(12)
    scale[(np.array(SCALES[frame.scale]) + tonic) % 12] = 1.0
    scale[tonic] += 0.3
    scale[(tonic + 7) % 12] += 0.1
    last = int(phrase["pitch"][-1])
    fits = np.array([chroma @ scale[(SEMITONES + up) % 12] + 0.1 * ((last + up) % 12 == tonic) for up in range(12)])
    return int(np.argmax(fits))
