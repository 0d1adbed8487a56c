"""Mutation: one small musical change to a genome.

Every operator takes (genome, frame, rng) and returns a genome of the frame; bars, ranges and the frame stay as they
are. An operator that finds nothing to change returns the genome as it came.
"""

from collections.abc import Callable

import numpy as np

from evolution.frame import SIXTEENTH_SLOTS, Frame
from evolution.genes import (
    EXPRESSION_LIMITS,
    GENE,
    LIMITS,
    UNALTERED,
    Expression,
    Genes,
    Genome,
    arrange,
    set_steps,
    slots_of,
    steps_of,
)
from evolution.invention import EIGHTH_SLOTS, PLAIN, beat_strengths
from generation.score.grid import DURATION_SLOTS, TIMING_CENTRE

Mutation = Callable[[Genome, Frame, np.random.Generator], Genome]

STEP_CHANGES = (-2, -1, -1, 1, 1, 2)
NUDGES = {  # the deviation of one change to each expression gene
    "deviation_ms": 4.0,
    "exponent": 0.15,
    "swing": 0.2,
    "velocity_curve": 0.2,
    "bend_cents": 3.0,
    "valence": 0.3,
    "arousal": 0.3,
    "contour": 0.2,
    "velocity_deviation": 2.0,
    "rubato": 0.15,
    "final_ritard": 0.2,
    "articulation": 0.25,
    "glide_cents": 12.0,
    "vibrato_cents": 8.0,
    "vibrato_hz": 0.4,
    "melody_lead_ms": 5.0,
    "chord_spread_ms": 2.5,
}


def change_pitch(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note moves a step or two along the scale, and loses its alteration."""
    if len(genome.notes) == 0:
        return insert_note(genome, frame, rng)
    notes, one = _pick(genome, rng)
    set_steps(one, steps_of(one, frame) + int(rng.choice(STEP_CHANGES)), frame)
    one["alteration"] = UNALTERED
    return _with(genome, notes, frame)


def shift_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note moves an eighth, sometimes a sixteenth, earlier or later within its bar."""
    if len(genome.notes) == 0:
        return insert_note(genome, frame, rng)
    notes, one = _pick(genome, rng)
    by = int(rng.choice([-EIGHTH_SLOTS, EIGHTH_SLOTS, -SIXTEENTH_SLOTS, SIXTEENTH_SLOTS], p=[0.35, 0.35, 0.15, 0.15]))
    here = int(one["position"][0])
    there = here + by if 0 <= here + by < frame.slots_per_bar else here - by
    one["position"] = min(max(there, 0), frame.slots_per_bar - 1)
    return _with(genome, notes, frame)


def change_duration(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note is held one or two classes longer or shorter."""
    return _step_class(genome, "duration", (-2, -1, 1, 2), frame, rng)


def change_velocity(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note is played louder or softer."""
    return _step_class(genome, "velocity", (-2, -1, 1, 2), frame, rng)


def change_articulation(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note is played shorter or more tied."""
    return _step_class(genome, "articulation", (-1, 1), frame, rng)


def transpose_bar(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """All notes of one bar move up or down the scale together."""
    if len(genome.notes) == 0:
        return genome
    notes = genome.notes.copy()
    in_bar = notes["bar"] == rng.choice(notes["bar"])
    moved = notes[in_bar]
    set_steps(moved, steps_of(moved, frame) + int(rng.choice([-3, -2, -1, 1, 2, 3])), frame)
    notes[in_bar] = moved
    return _with(genome, notes, frame)


def swap_bars(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """Two bars change places."""
    if frame.bars < 2:
        return genome
    first, second = rng.choice(frame.bars, size=2, replace=False)
    notes = genome.notes.copy()
    bars = genome.notes["bar"]
    notes["bar"] = np.where(bars == first, second, np.where(bars == second, first, bars))
    return _with(genome, notes, frame)


def repeat_bar(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One bar is replaced by a copy of another, as a motif that returns."""
    if frame.bars < 2 or len(genome.notes) == 0:
        return genome
    source = int(rng.choice(genome.notes["bar"]))
    target = int(rng.choice([bar for bar in range(frame.bars) if bar != source]))
    copied = genome.notes[genome.notes["bar"] == source].copy()
    copied["bar"] = target
    return _with(genome, np.concatenate([genome.notes[genome.notes["bar"] != target], copied]), frame)


def insert_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A new note on a free slot, stronger slots likelier, a step from the note before it."""
    strengths = np.tile(beat_strengths(frame), frame.bars)
    slots = slots_of(genome.notes, frame)
    strengths[slots[slots < frame.slots]] = 0.0
    if strengths.sum() == 0.0:
        return genome
    slot = int(rng.choice(frame.slots, p=strengths / strengths.sum()))
    added = np.zeros(1, dtype=GENE)
    added["bar"], added["position"] = divmod(slot, frame.slots_per_bar)
    before = np.flatnonzero(slots < slot)
    near = genome.notes[before[-1:]] if len(before) else genome.notes[:1]
    step = steps_of(near, frame) if len(near) else np.zeros(1, dtype=np.int64)
    set_steps(added, step + int(rng.choice([-1, 0, 1])), frame)
    later = slots[slots > slot]
    room = (int(later[0]) if len(later) else frame.slots) - slot
    added["duration"] = np.searchsorted(DURATION_SLOTS, room, side="right") - 1
    added["alteration"], added["timing"], added["articulation"] = UNALTERED, TIMING_CENTRE, PLAIN
    added["velocity"] = near["velocity"] if len(near) else LIMITS["velocity"][1] // 2
    return _with(genome, np.concatenate([genome.notes, added]), frame)


def remove_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note becomes a rest; the last one stays."""
    if len(genome.notes) < 2:
        return genome
    return _with(genome, np.delete(genome.notes, int(rng.integers(len(genome.notes)))), frame)


def change_expression(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One expression gene drifts within its limits."""
    name = str(rng.choice(list(NUDGES)))
    low, high = EXPRESSION_LIMITS[name]
    value = round(float(np.clip(getattr(genome.expression, name) + rng.normal(0, NUDGES[name]), low, high)), 3)
    return Genome(genome.notes, Expression.from_json(genome.expression.to_json() | {name: value}))


MUTATIONS: dict[str, tuple[Mutation, float]] = {  # name -> operator and how often it is chosen
    "change pitch": (change_pitch, 5.0),
    "shift note": (shift_note, 3.0),
    "change duration": (change_duration, 2.0),
    "change velocity": (change_velocity, 1.5),
    "change articulation": (change_articulation, 1.0),
    "transpose bar": (transpose_bar, 1.5),
    "swap bars": (swap_bars, 1.0),
    "repeat bar": (repeat_bar, 1.0),
    "insert note": (insert_note, 2.0),
    "remove note": (remove_note, 1.5),
    "change expression": (change_expression, 2.0),
}
_NAMES = tuple(MUTATIONS)
_SHARES = np.array([share for _, share in MUTATIONS.values()]) / sum(share for _, share in MUTATIONS.values())


def mutate(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One mutation drawn by its share."""
    operator, _ = MUTATIONS[_NAMES[int(rng.choice(len(_NAMES), p=_SHARES))]]
    return operator(genome, frame, rng)


def _pick(genome: Genome, rng: np.random.Generator) -> tuple[Genes, Genes]:
    """A copy of the notes, and a view of one of them in it, shape (1,)."""
    notes = genome.notes.copy()
    index = int(rng.integers(len(notes)))
    return notes, notes[index : index + 1]


def _step_class(genome: Genome, field: str, by: tuple[int, ...], frame: Frame, rng: np.random.Generator) -> Genome:
    if len(genome.notes) == 0:
        return insert_note(genome, frame, rng)
    notes, one = _pick(genome, rng)
    low, high = LIMITS[field]
    one[field] = np.clip(one[field] + int(rng.choice(by)), low, high)
    return _with(genome, notes, frame)


def _with(genome: Genome, notes: Genes, frame: Frame) -> Genome:
    return Genome(arrange(notes, frame), genome.expression)
