"""Played notes <-> the classes of the bar grid: slot and micro-timing, written length and articulation, velocity.

Every pair of functions is inverse on the grid; off it, a note moves by half a class at most.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generation.score.grid import (
    ARTICULATION_RATIOS,
    DURATION_SLOTS,
    SLOTS_PER_QUARTER,
    TIMING_BIN_SLOTS,
    TIMING_CENTRE,
    TIMING_CLASSES,
    VELOCITY_BIN,
    VELOCITY_CLASSES,
)

_LENGTHS = np.outer(DURATION_SLOTS, ARTICULATION_RATIOS)  # sounding slots, shape (durations, articulations)
_ORDER = np.argsort(_LENGTHS, axis=None)
_SORTED = _LENGTHS.ravel()[_ORDER]
_BETWEEN = np.sqrt(_SORTED[1:] * _SORTED[:-1])  # lengths are heard by ratio: the border is the geometric mean


def onset_classes(onset_quarters: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(slot from the start of the piece, micro-timing class) of onsets, same shape."""
    slots = np.asarray(onset_quarters, dtype=np.float64) * SLOTS_PER_QUARTER
    nearest = np.floor(slots + 0.5)
    timing = np.rint((slots - nearest) / TIMING_BIN_SLOTS).astype(np.int64) + TIMING_CENTRE
    return nearest.astype(np.int64), np.clip(timing, 0, TIMING_CLASSES - 1)


def onset_quarters(slot: ArrayLike, timing: ArrayLike) -> NDArray[np.float64]:
    """Onsets in quarters, same shape; below 0 for an early note on slot 0."""
    late_slots = (np.asarray(timing, dtype=np.float64) - TIMING_CENTRE) * TIMING_BIN_SLOTS
    quarters: NDArray[np.float64] = (np.asarray(slot, dtype=np.float64) + late_slots) / SLOTS_PER_QUARTER
    return quarters


def length_classes(duration_quarters: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(duration class, articulation class) that sound most nearly as long, same shape; whole ones are legato."""
    slots = np.asarray(duration_quarters, dtype=np.float64) * SLOTS_PER_QUARTER
    duration, articulation = np.divmod(_ORDER[np.searchsorted(_BETWEEN, slots)], len(ARTICULATION_RATIOS))
    return duration, articulation


def length_quarters(duration: ArrayLike, articulation: ArrayLike) -> NDArray[np.float64]:
    """Sounding lengths in quarters, same shape."""
    quarters: NDArray[np.float64] = _LENGTHS[np.asarray(duration), np.asarray(articulation)] / SLOTS_PER_QUARTER
    return quarters


def velocity_classes(velocity: ArrayLike) -> NDArray[np.int64]:
    """Velocity classes of MIDI velocities, same shape."""
    return np.clip(np.asarray(velocity, dtype=np.int64) // VELOCITY_BIN, 0, VELOCITY_CLASSES - 1)


def velocities(velocity_class: ArrayLike) -> NDArray[np.int64]:
    """The MIDI velocity in the middle of each class, same shape."""
    middle: NDArray[np.int64] = np.asarray(velocity_class, dtype=np.int64) * VELOCITY_BIN + VELOCITY_BIN // 2
    return middle
