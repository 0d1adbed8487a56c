"""What operators see of a phrase and how they set it: one bar, the melody, the room of a note, steps of the scale."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evolution.frame import SIXTEENTH_SLOTS, Frame
from evolution.genes import STEP_OCTAVES, Genes, Genome, arrange, slots_of, steps_of
from generation.score.grid import DURATION_SLOTS

Mutation = Callable[[Genome, Frame, np.random.Generator], Genome]
Crossover = Callable[[Genome, Genome, Frame, np.random.Generator], Genome]
Ints = NDArray[np.int64]

TRIPLET_SLOTS = 4
TUNE_SHARE = 0.7
FULL_FACTOR, FULL_AT_LEAST = 2, 4  # a bar with this many times the frame's notes takes no more


def with_notes(genome: Genome, notes: Genes, frame: Frame) -> Genome:
    """The genome with other notes, arranged into a phrase of the frame; the genome itself when nothing differs."""
    arranged = arrange(notes, frame)
    if arranged.tobytes() == genome.notes.tobytes():
        return genome
    return Genome(arranged, genome.expression)


def pick_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> tuple[Genes, Genes]:
    """A copy of the notes, and a view of one of them in it, shape (1,); mostly of the tune, which is heard first."""
    notes = genome.notes.copy()
    among = melody_of(notes, frame) if rng.random() < TUNE_SHARE else np.arange(len(notes))
    index = int(among[int(rng.integers(len(among)))])
    return notes, notes[index : index + 1]


def pick_bar(notes: Genes, rng: np.random.Generator) -> int:
    """A bar that has notes, fuller ones likelier; `notes` must not be empty."""
    return int(notes["bar"][int(rng.integers(len(notes)))])


def pick_region(notes: Genes, phrase_share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which notes one change takes in, shape (n,): the whole phrase with this probability, else one bar."""
    if rng.random() < phrase_share:
        return np.ones(len(notes), dtype=bool)
    chosen: NDArray[np.bool_] = notes["bar"] == pick_bar(notes, rng)
    return chosen


def melody_of(notes: Genes, frame: Frame) -> Ints:
    """Indices of the notes heard as the tune, one an onset and in order: those with no higher note sounding."""
    if len(notes) == 0:
        return np.zeros(0, dtype=np.int64)
    slots, steps = slots_of(notes, frame), steps_of(notes, frame)
    ends = slots + DURATION_SLOTS[notes["duration"]]
    is_under = (slots <= slots[:, None]) & (ends > slots[:, None]) & (steps > steps[:, None])
    tops = np.flatnonzero(~is_under.any(axis=1))
    is_last: NDArray[np.bool_] = np.append(slots[tops][1:] != slots[tops][:-1], True)
    tune: Ints = tops[is_last]
    return tune


def groups_of(notes: Genes, frame: Frame) -> tuple[Ints, Ints]:
    """Onset slots (g,) in order, and each note's place among them (n,): notes struck together are one group."""
    slots = slots_of(notes, frame)
    is_new = np.append(True, slots[1:] != slots[:-1])[: len(slots)]
    return slots[is_new], np.cumsum(is_new) - 1


def classes_of(length_slots: Ints) -> Ints:
    """Duration class of each length in slots: the longest that fits; lengths are at least 1."""
    classes: Ints = np.searchsorted(DURATION_SLOTS, length_slots, side="right") - 1
    return classes


def grid_of(slots: Ints) -> int:
    """The coarsest of sixteenths, triplets and slots that all of these lie on."""
    for grid in (SIXTEENTH_SLOTS, TRIPLET_SLOTS):
        if not (slots % grid).any():
            return grid
    return 1


def place(notes: Genes, slots: Ints, frame: Frame) -> None:
    """Put the notes on these slots of the phrase, in place."""
    notes["bar"], notes["position"] = np.divmod(slots, frame.slots_per_bar)


def put_steps(notes: Genes, steps: Ints, frame: Frame) -> None:
    """Give the notes these scale steps as they are, without folding, in place; see `headroom` for what fits."""
    notes["octave"], notes["degree"] = np.divmod(steps, frame.degrees)


def step_range(frame: Frame) -> tuple[int, int]:
    """The lowest and highest scale step of a phrase about its root, both included."""
    return STEP_OCTAVES[0] * frame.degrees, STEP_OCTAVES[1] * frame.degrees - 1


def headroom(steps: Ints, frame: Frame) -> tuple[int, int]:
    """How far steps can move down (<= 0) and up (>= 0) together and stay in range; those outside go no further."""
    low, high = step_range(frame)
    return min(low - int(steps.min()), 0), max(high - int(steps.max()), 0)


def neighbour(step: int, direction: int, frame: Frame) -> int:
    """The scale step above (1) or under (-1), or the other one where the range ends."""
    low, high = step_range(frame)
    return step + direction if low <= step + direction <= high else step - direction


def open_bars(notes: Genes, tune: Ints, frame: Frame) -> NDArray[np.bool_]:
    """Which bars of the frame can take more notes and stay playable, shape (bars,); `tune` is `melody_of` them."""
    counts = np.bincount(notes["bar"][tune], minlength=frame.bars)[: frame.bars]
    is_open: NDArray[np.bool_] = counts < max(FULL_FACTOR * frame.notes_per_bar, FULL_AT_LEAST)
    return is_open
