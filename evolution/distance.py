"""How far apart phrases are, 0 (alike) to 1, by rhythm, contour and pitch classes.

Each part is a metric of its own that does not exceed 1, and the distance their weighted mean: symmetric, and no way
round is shorter. Contour hardly minds a transposition and pitch classes do not mind the octave. How a phrase is played,
and what sounds under its tune beside its pitch classes and onsets, is not looked at.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evolution.frame import SIXTEENTH_SLOTS, Frame
from evolution.genes import Genome, pitches_of, slots_of, steps_of
from generation.score.grid import DURATION_SLOTS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RHYTHM_WEIGHT, CONTOUR_WEIGHT, PITCH_CLASS_WEIGHT = 0.4, 0.35, 0.25
HEIGHT_SHARE = 0.25  # how much of a transposition the contour hears
CONTOUR_STEPS = 3.0  # contours that lie this many scale steps apart are two thirds of the way to unlike
BAR_SHARE = 0.5  # of the pitch classes' distance, that of each bar's; the rest is that of the whole phrase
CHROMAS = 12
ROUNDING = 1e-6  # a distance under this is none


def distances(genomes: Sequence[Genome], frame: Frame) -> Floats:
    """Distances between all genomes of a frame, shape (n, n), each 0-1; 0 on the diagonal."""
    if len(genomes) == 0:
        return np.zeros((0, 0))
    parts = _parts(genomes, frame)
    return _weighted(parts, parts)


def distances_to(genomes: Sequence[Genome], others: Sequence[Genome], frame: Frame) -> Floats:
    """Distances from each genome to each of others, shape (n, m), each 0-1."""
    if len(genomes) == 0 or len(others) == 0:
        return np.zeros((len(genomes), len(others)))
    return _weighted(_parts(genomes, frame), _parts(others, frame))


def distance(first: Genome, second: Genome, frame: Frame) -> float:
    """Distance between two genomes of a frame, 0-1."""
    return float(distances_to([first], [second], frame)[0, 0])


def _weighted(one: tuple[Floats, ...], two: tuple[Floats, ...]) -> Floats:
    rhythm, contour, by_bar, overall = (
        measure(a, b) for measure, a, b in zip((_unlike, _apart, _unlike, _unlike), one, two, strict=True)
    )
    chroma = BAR_SHARE * by_bar + (1 - BAR_SHARE) * overall
    summed = RHYTHM_WEIGHT * rhythm + CONTOUR_WEIGHT * contour + PITCH_CLASS_WEIGHT * chroma
    return np.where(summed < ROUNDING, 0.0, np.minimum(summed, 1.0))


def _unlike(a: Floats, b: Floats) -> Floats:
    """Tanimoto distance of rows of shares, (n, k) and (m, k) -> (n, m); a metric (Lipkus 1999), 1 without overlap."""
    shared = a @ b.T
    joint = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1) - shared
    return np.clip(1 - np.where(joint > 0, shared, 1.0) / np.where(joint > 0, joint, 1.0), 0.0, 1.0)


def _apart(a: Floats, b: Floats) -> Floats:
    """Root mean square difference of contours in steps, (n, k) and (m, k) -> (n, m), bent to stay under 1."""
    squared = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1) - 2 * (a @ b.T)
    steps = np.sqrt(np.maximum(squared, 0.0) / a.shape[1])
    return np.where(steps < ROUNDING * 10, 0.0, 1 - np.exp(-steps / CONTOUR_STEPS))


def _parts(genomes: Sequence[Genome], frame: Frame) -> tuple[Floats, ...]:
    """Onsets (n, cells), contour (n, cells), pitch classes of each bar (n, bars * 12) and of the phrase (n, 12)."""
    notes = np.concatenate([genome.notes for genome in genomes])
    owner = np.repeat(np.arange(len(genomes)), [len(genome.notes) for genome in genomes])
    slots, lasts = slots_of(notes, frame), DURATION_SLOTS[notes["duration"]]
    cells = -(-frame.slots // SIXTEENTH_SLOTS)
    cell = np.minimum((slots + SIXTEENTH_SLOTS // 2) // SIXTEENTH_SLOTS, cells - 1)
    rhythm = np.zeros((len(genomes), cells))
    rhythm[owner, cell] = 1.0
    # A long note counts for more, but not by its length: an ear takes in that a pitch was there.
    weights = np.sqrt(lasts / SIXTEENTH_SLOTS)
    place = (owner * frame.bars + notes["bar"]) * CHROMAS + pitches_of(notes, frame) % CHROMAS
    chroma: Floats = np.bincount(place, weights, minlength=len(genomes) * frame.bars * CHROMAS).astype(np.float64)
    by_bar = chroma.reshape(len(genomes), frame.bars, CHROMAS)
    overall = by_bar.sum(axis=1)
    contour = _contour(owner, cell, steps_of(notes, frame), (len(genomes), cells))
    return rhythm, contour, _unit(by_bar.reshape(len(genomes), -1)), _unit(overall)


def _contour(owner: Ints, cell: Ints, steps: Ints, shape: tuple[int, int]) -> Floats:
    """Scale step of the tune at each sixteenth, (n, cells), held until the next onset, mostly without its height."""
    silent = np.iinfo(np.int64).min
    tops = np.full(shape, silent, dtype=np.int64)
    np.maximum.at(tops, (owner, cell), steps)
    sounds = np.asarray(tops > silent)
    held_from: Ints = np.where(sounds, np.arange(shape[1]), -1)
    latest: Ints = np.maximum.accumulate(held_from, axis=1)
    # What lies before the first note sounds as it, so that a late start costs rhythm and not contour.
    latest = np.where(latest < 0, np.argmax(sounds, axis=1)[:, None], latest)
    line = np.take_along_axis(tops, latest, axis=1)
    held = np.where(sounds.any(axis=1, keepdims=True), line, 0).astype(np.float64)
    flattened: Floats = held - (1 - HEIGHT_SHARE) * held.mean(axis=1, keepdims=True)
    return flattened


def _unit(rows: Floats) -> Floats:
    """Rows scaled to length 1; a row of zeros stays."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = rows / np.where(norms > 0, norms, 1.0)
    return scaled
