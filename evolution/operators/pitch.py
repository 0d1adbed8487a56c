"""Pitch: a step along the scale, an octave, transposition in the scale, inversion, retrograde.

Two lean against the wear of the others: an ending comes to rest, a note far out of the line comes back to it.
"""

import numpy as np

from evolution.frame import Frame
from evolution.genes import LIMITS, UNALTERED, Genes, Genome, set_steps, steps_of
from evolution.invention import STABLE_DEGREES
from evolution.operators.phrase import (
    Ints,
    classes_of,
    grid_of,
    groups_of,
    headroom,
    melody_of,
    pick_bar,
    pick_note,
    pick_region,
    place,
    put_steps,
    step_range,
    with_notes,
)
from generation.score.grid import DURATION_SLOTS

STEP_CHANGES = (-2, -1, -1, 1, 1, 2)
TRANSPOSITIONS = (-3, -2, -1, 1, 2, 3)
FAR_STEPS = 2.5  # from the middle of its neighbours: what the ear takes for a leap out of the line
PHRASE_SHARE = 0.35  # how often an operator of a region takes the whole phrase and not one bar
# Mirrored about the third of the scale, root and fifth change places and the third stays: what rested still rests.
AXIS_SHARES = (0.2, 0.6, 0.2)


def change_pitch(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note moves a step or two along the scale, and loses its alteration."""
    if len(genome.notes) == 0:
        return genome
    notes, one = pick_note(genome, frame, rng)
    set_steps(one, steps_of(one, frame) + STEP_CHANGES[int(rng.integers(len(STEP_CHANGES)))], frame)
    one["alteration"] = UNALTERED
    return with_notes(genome, notes, frame)


def move_octave(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One bar, or the phrase, sounds an octave higher or lower, where that stays in range."""
    if len(genome.notes) == 0:
        return genome
    notes, bars = genome.notes.copy(), np.unique(genome.notes["bar"])
    regions = [pick_region(notes, PHRASE_SHARE, rng), *(notes["bar"] == bar for bar in rng.permutation(bars))]
    for region in regions:
        down, up = headroom(steps_of(notes[region], frame), frame)
        fitting = [octaves for octaves in (-1, 1) if down <= octaves * frame.degrees <= up]
        if fitting:
            octaves = notes["octave"][region] + fitting[int(rng.integers(len(fitting)))]
            notes["octave"][region] = np.clip(octaves, *LIMITS["octave"])
            return with_notes(genome, notes, frame)
    return genome


def come_to_rest(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The last note of the tune moves to the nearest stable degree; where it rests already, the last of another bar."""
    tune = melody_of(genome.notes, frame)
    if len(tune) == 0:
        return genome
    notes, bars = genome.notes.copy(), genome.notes["bar"][tune]
    lasts = tune[np.append(bars[1:] != bars[:-1], True)]
    is_restless = ~np.isin(notes["degree"][lasts], STABLE_DEGREES) | (notes["alteration"][lasts] != UNALTERED)
    restless = lasts[is_restless]
    if len(restless) == 0:
        return genome
    index = restless[-1] if is_restless[-1] else restless[int(rng.integers(len(restless)))]
    one = notes[[index]]
    step = int(steps_of(one, frame)[0])
    set_steps(one, np.array([min(_stable_steps(frame), key=lambda stable: abs(stable - step))]), frame)
    one["alteration"] = UNALTERED
    notes[index] = one[0]
    return with_notes(genome, notes, frame)


def smooth_leap(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A note of the tune that lies far from those about it moves to between them; the last, which may rest, stays."""
    tune = melody_of(genome.notes, frame)
    if len(tune) < 2:
        return genome
    steps = steps_of(genome.notes[tune], frame)
    before, after = np.append(steps[1], steps[:-1]), np.append(steps[1:], steps[-2])
    off = np.abs(2 * steps - before - after)
    far = np.flatnonzero(off[:-1] >= 2 * FAR_STEPS)
    if len(far) == 0:
        return genome
    one = int(far[int(rng.integers(len(far)))])
    notes = genome.notes.copy()
    moved = notes[tune[[one]]]
    between = (int(before[one]) + int(after[one])) // 2 + int(rng.integers(-1, 2))
    set_steps(moved, np.array([between]), frame)
    moved["alteration"] = UNALTERED
    notes[tune[[one]]] = moved
    return with_notes(genome, notes, frame)


def transpose_bar(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """All notes of one bar move along the scale together."""
    return _transpose(genome, 0.0, frame, rng)


def transpose_phrase(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """All notes of the phrase move along the scale together; its contour stays."""
    return _transpose(genome, 1.0, frame, rng)


def invert(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One bar, or the phrase, turned upside down about a stable degree near its middle."""
    if len(genome.notes) == 0:
        return genome
    notes = genome.notes.copy()
    region = pick_region(notes, PHRASE_SHARE, rng)
    _, place_of = groups_of(notes[region], frame)
    steps = _tops(steps_of(notes[region], frame), place_of)
    degree = STABLE_DEGREES[int(np.searchsorted(np.cumsum(AXIS_SHARES), rng.random(), side="right"))]
    middle = (int(steps.min()) + int(steps.max())) / 2
    axis = degree + frame.degrees * round((middle - degree) / frame.degrees)
    notes[region] = inverted(notes[region], axis, frame)
    return with_notes(genome, notes, frame)


def inverted(notes: Genes, axis: int, frame: Frame) -> Genes:
    """Notes mirrored about a scale step, raised ones lowered; moved by whole octaves where that leaves the range.

    Of notes struck together the highest is mirrored and takes those under it along, so that the tune stays on top.
    """
    mirrored = notes.copy()
    _, place_of = groups_of(notes, frame)
    steps = steps_of(notes, frame)
    tops = _tops(steps, place_of)[place_of]
    is_top = steps == tops
    steps = steps + 2 * (axis - tops)
    low, high = step_range(frame)
    over, under = max(int(steps.max()) - high, 0), max(low - int(steps.min()), 0)
    octaves = -(-under // frame.degrees) if under > over else over // -frame.degrees
    set_steps(mirrored, steps + frame.degrees * octaves, frame)
    mirrored["alteration"] = np.where(is_top, 2 * UNALTERED - notes["alteration"], notes["alteration"])
    return mirrored


def retrograde(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One bar, or the phrase, from its end to its start; bar lines stay, each bar being turned in itself."""
    if len(genome.notes) == 0:
        return genome
    notes = genome.notes.copy()
    is_whole = rng.random() < PHRASE_SHARE
    for bar in np.unique(notes["bar"]) if is_whole else [pick_bar(notes, rng)]:
        here = genome.notes["bar"] == bar
        notes[here] = reversed_bar(genome.notes[here], frame)
    if is_whole:
        notes["bar"] = frame.bars - 1 - notes["bar"]
    return with_notes(genome, notes, frame)


def reversed_bar(notes: Genes, frame: Frame) -> Genes:
    """The notes of one bar with time running backward: what ended some slots before its end begins as far after its
    start. A note counts as lasting until the next begins, so that onsets stay on their grid.
    """
    backward = notes.copy()
    onsets, place_of = groups_of(notes, frame)
    start = int(onsets[0]) // frame.slots_per_bar * frame.slots_per_bar
    lasts, grid = DURATION_SLOTS[notes["duration"]], grid_of(onsets - start)
    last = int(onsets[-1]) - start + int(lasts[place_of == len(onsets) - 1].max())
    ends = np.append(onsets[1:] - start, min(-(-last // grid) * grid, frame.slots_per_bar))
    place(backward, (start + frame.slots_per_bar - ends)[place_of], frame)
    # A note held under the next ones would now begin late and run over those that came before it.
    backward["duration"] = classes_of(np.minimum(lasts, (ends + start - onsets)[place_of]))
    return backward


def _stable_steps(frame: Frame) -> list[int]:
    low, high = step_range(frame)
    return [step for step in range(low, high + 1) if step % frame.degrees in STABLE_DEGREES]


def _tops(steps: Ints, place_of: Ints) -> Ints:
    """The highest step of each group of notes struck together, (groups,)."""
    tops = np.full(int(place_of[-1]) + 1, np.iinfo(np.int64).min)
    np.maximum.at(tops, place_of, steps)
    return tops


def _transpose(genome: Genome, phrase_share: float, frame: Frame, rng: np.random.Generator) -> Genome:
    if len(genome.notes) == 0:
        return genome
    notes = genome.notes.copy()
    region = pick_region(notes, phrase_share, rng)
    moved = notes[region]
    down, up = headroom(steps_of(moved, frame), frame)
    fitting = [by for by in TRANSPOSITIONS if down <= by <= up]
    if not fitting:
        return genome
    put_steps(moved, steps_of(moved, frame) + fitting[int(rng.integers(len(fitting)))], frame)
    notes[region] = moved
    return with_notes(genome, notes, frame)
