"""How far apart the playing of two phrases is: loudness and articulation of their notes, and the genes of expression.

One unit is a change that can just be heard: one step of the operators for an expression gene, two classes of loudness
over half a bar, one class of articulation over a bar.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from evolution.genes import Expression, Genome
from evolution.operators.playing import NUDGES

Floats = NDArray[np.float64]

VELOCITY_UNIT, ARTICULATION_UNIT = 2.0, 1.0  # classes
CELLS_PER_BAR = 2  # in which loudness is followed
FAR = 10.0  # units that are half way to unlike
ROUNDING = 1e-4  # units under which playing is equal
HEARD = 0.5  # units under which two performances of the same notes are one


def playing_distances(genomes: Sequence[Genome], frame: Frame) -> Floats:
    """Distances between the playing of all genomes of a frame, shape (n, n), each 0-1.

    Euclidean in audible units, d, and bent to d / (d + FAR).
    """
    if len(genomes) == 0:
        return np.zeros((0, 0))
    rows = np.array([_played(genome, frame) for genome in genomes])
    squares = (rows**2).sum(axis=1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares - 2 * rows @ rows.T, 0.0))
    return np.where(apart < ROUNDING, 0.0, apart / (apart + FAR))


def sounds_alike(one: Expression, other: Expression) -> bool:
    """Whether nobody would tell two performances of the same notes apart; the chance in them does not count."""
    return float(np.linalg.norm(_genes(one) - _genes(other))) < HEARD


def _played(genome: Genome, frame: Frame) -> Floats:
    """A genome's playing in audible units, (k,): loudness by half bars, articulation by bars, expression genes."""
    notes = genome.notes
    half = notes["position"].astype(np.int64) * CELLS_PER_BAR // frame.slots_per_bar
    bar = notes["bar"].astype(np.int64)
    loudness = _by_cell(bar * CELLS_PER_BAR + half, notes["velocity"], frame.bars * CELLS_PER_BAR)
    articulation = _by_cell(bar, notes["articulation"], frame.bars)
    return np.concatenate([loudness / VELOCITY_UNIT, articulation / ARTICULATION_UNIT, _genes(genome.expression)])


def _by_cell(cell: NDArray[np.int64], value: NDArray[np.int16], size: int) -> Floats:
    """Mean value of each cell (size,), of an empty one that of all."""
    count = np.bincount(cell, minlength=size)
    sums = np.bincount(cell, value, minlength=size)
    overall = float(value.mean()) if len(value) else 0.0
    return np.where(count > 0, sums / np.maximum(count, 1), overall)


def _genes(expression: Expression) -> Floats:
    return np.array([getattr(expression, name) / step for name, step in NUDGES.items()], dtype=np.float64)
