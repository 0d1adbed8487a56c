"""Keys, scales, and the way between a MIDI pitch and its scale degree."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

SEMITONES_PER_OCTAVE = 12

KEYS: dict[str, int] = {
    "C": 0,
    "C#": 1,
    "Db": 1,
    "D": 2,
    "D#": 3,
    "Eb": 3,
    "E": 4,
    "F": 5,
    "F#": 6,
    "Gb": 6,
    "G": 7,
    "G#": 8,
    "Ab": 8,
    "A": 9,
    "A#": 10,
    "Bb": 10,
    "B": 11,
}
"""Name of each key's tonic -> its semitones above C."""

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minorM": (0, 2, 3, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "majorBlues": (0, 2, 3, 4, 7, 9),
    "minorBlues": (0, 3, 5, 6, 7, 10),
}
"""Name of each scale -> the semitones of its degrees above the tonic; minorM is the rising melodic minor."""

LOWEST_OCTAVE = -1  # holds the few MIDI pitches under the tonic of octave 0
HIGHEST_OCTAVE = 10


class UnknownScaleError(ValueError):
    """A key or scale that is not among KEYS and SCALES."""

    code = "unknown_scale"


def tonic_of(key: str) -> int:
    """Semitones of a key's tonic above C. Raises UnknownScaleError."""
    if key not in KEYS:
        raise UnknownScaleError(f"expected a key among {', '.join(KEYS)}; got {key!r}: choose one of these")
    return KEYS[key]


def semitones_of(scale: str) -> NDArray[np.int64]:
    """Semitones of a scale's degrees above its tonic, shape (degrees,). Raises UnknownScaleError."""
    if scale not in SCALES:
        raise UnknownScaleError(f"expected a scale among {', '.join(SCALES)}; got {scale!r}: choose one of these")
    return np.array(SCALES[scale], dtype=np.int64)


def degree_to_pitch(
    degree: ArrayLike, octave: ArrayLike, alteration: ArrayLike, *, key: str, scale: str
) -> NDArray[np.int64]:
    """Scale degrees as MIDI pitches, broadcast over arrays; octave 5 of key C begins at 60.

    Degrees count from 0; one past the scale's last is the tonic an octave higher. `alteration` is in semitones. The
    result is not clipped: a degree can lie outside 0-127, which only the caller can fold back sensibly.
    """
    semitones = semitones_of(scale)
    octaves_up, step = np.divmod(np.asarray(degree, dtype=np.int64), len(semitones))
    octaves = np.asarray(octave, dtype=np.int64) + octaves_up
    alterations = np.asarray(alteration, dtype=np.int64)
    pitch: NDArray[np.int64] = SEMITONES_PER_OCTAVE * octaves + tonic_of(key) + semitones[step] + alterations
    return pitch


def pitch_to_degree(
    pitch: ArrayLike, *, key: str, scale: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(degree, octave, alteration) of MIDI pitches, the exact inverse of `degree_to_pitch`; octaves run from -1 to 10.

    A pitch of the scale is unaltered; another is the degree below it raised, or, where that is further than a
    semitone, the degree above it lowered.
    """
    from_tonic = np.asarray(pitch, dtype=np.int64) - tonic_of(key)
    octave, chroma = np.divmod(from_tonic, SEMITONES_PER_OCTAVE)
    table = _spelling(scale)[chroma]
    return table[..., 0], octave + table[..., 1], table[..., 2]


def _spelling(scale: str) -> NDArray[np.int64]:
    """Rows (degree, octave carried, alteration) of each of the 12 chromas above the tonic, shape (12, 3)."""
    semitones = semitones_of(scale).tolist()
    rows = []
    for chroma in range(SEMITONES_PER_OCTAVE):
        above = (chroma + 1) % SEMITONES_PER_OCTAVE
        if chroma in semitones:
            rows.append((semitones.index(chroma), 0, 0))
        elif chroma - 1 in semitones:
            rows.append((semitones.index(chroma - 1), 0, 1))
        else:
            rows.append((semitones.index(above), (chroma + 1) // SEMITONES_PER_OCTAVE, -1))
    return np.array(rows, dtype=np.int64)


def fold_pitch(pitch: ArrayLike) -> NDArray[np.int64]:
    """Pitches moved by whole octaves into 0-127, so that what lies outside MIDI keeps its chroma."""
    pitches = np.asarray(pitch, dtype=np.int64)
    low = np.where(pitches < 0, pitches % SEMITONES_PER_OCTAVE, pitches)
    over = np.maximum(0, -(-(low - 127) // SEMITONES_PER_OCTAVE))
    folded: NDArray[np.int64] = low - SEMITONES_PER_OCTAVE * over
    return folded
