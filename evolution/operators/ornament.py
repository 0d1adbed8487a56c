"""Ornaments on the grid: mordent, turn, passing note, appoggiatura, grace note, and taking one away again.

Quick notes are as many slots as last about a twelfth of a second at the frame's tempo, and take their time from the
note they adorn, or, before the beat, from the one before it. Neighbours are steps of the frame's scale.
"""

from dataclasses import dataclass

import numpy as np

from evolution.frame import SIXTEENTH_SLOTS, Frame
from evolution.genes import UNALTERED, Genes, Genome, set_steps, slots_of, steps_of
from evolution.operators.phrase import Ints, classes_of, melody_of, neighbour, open_bars, place, with_notes
from generation.score.grid import DURATION_SLOTS, SLOTS_PER_QUARTER

QUICK_SECONDS = 0.085
QUICK_SLOTS = (1, 3)
SOFTER, LEANING = 1, 1  # velocity classes
UPPER_SHARE = 0.6  # how often an ornament goes to the note above first


@dataclass(frozen=True, eq=False)
class Tune:
    """The notes heard as the tune: indices in the genome, slots, lengths and steps, each (m,); and where notes fit."""

    indices: Ints
    slots: Ints
    lasts: Ints
    steps: Ints
    is_open: np.ndarray

    @classmethod
    def of(cls, notes: Genes, frame: Frame) -> "Tune":
        """The tune of a phrase."""
        tune = melody_of(notes, frame)
        is_open = open_bars(notes, tune, frame)[notes["bar"][tune]]
        picked = notes[tune]
        return cls(tune, slots_of(picked, frame), DURATION_SLOTS[picked["duration"]], steps_of(picked, frame), is_open)


def quick_slots(frame: Frame) -> int:
    """Slots of a quick note, 1-3."""
    slots = round(QUICK_SECONDS * frame.tempo_bpm / 60 * SLOTS_PER_QUARTER)
    return min(max(slots, QUICK_SLOTS[0]), QUICK_SLOTS[1])


def mordent(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A note, its neighbour touched quickly, and the note again for the rest of its time."""
    tune, quick = Tune.of(genome.notes, frame), quick_slots(frame)
    one = _pick(tune.is_open & (tune.lasts >= 4 * quick), rng)
    if one is None:
        return genome
    step = int(tune.steps[one])
    side = neighbour(step, _direction(rng), frame)
    lengths = [quick, quick, int(tune.lasts[one]) - 2 * quick]
    return _adorned(genome, tune, one, [step, side, step], lengths, frame)


def turn(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A note held, then circled quickly from one neighbour to the other, and back to it where its time ends."""
    tune, quick = Tune.of(genome.notes, frame), quick_slots(frame)
    one = _pick(tune.is_open & (tune.lasts >= 8 * quick), rng)
    if one is None:
        return genome
    step, direction = int(tune.steps[one]), _direction(rng)
    first, second = neighbour(step, direction, frame), neighbour(step, -direction, frame)
    lengths = [int(tune.lasts[one]) - 4 * quick, quick, quick, quick, quick]
    return _adorned(genome, tune, one, [step, first, step, second, step], lengths, frame)


def passing_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The gap between two notes of the tune filled by a step: the degree between, or on the way, or a neighbour of both
    when they are the same.
    """
    tune = Tune.of(genome.notes, frame)
    if len(tune.indices) < 2:
        return genome
    gaps = np.diff(tune.steps)
    rooms = np.diff(tune.slots)
    fits = tune.is_open[:-1] & (rooms >= 2 * SIXTEENTH_SLOTS) & (rooms <= 2 * SLOTS_PER_QUARTER)
    one = _pick(fits & (np.abs(gaps) != 1) & (np.abs(gaps) <= frame.degrees), rng)
    if one is None:
        return genome
    step, gap, room = int(tune.steps[one]), int(gaps[one]), int(rooms[one])
    # A leap is filled next to the note it goes to, so that it ends in a step.
    between = step + gap - (1 if gap > 0 else -1) if gap else neighbour(step, _direction(rng), frame)
    late = _late_half(room)
    return _adorned(genome, tune, one, [step, between], [room - late, late], frame)


def appoggiatura(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """On a beat the neighbour leans on the note, a little louder, for half of its time, and steps to it."""
    tune = Tune.of(genome.notes, frame)
    on_beat = tune.slots % frame.slots_per_beat == 0
    one = _pick(tune.is_open & on_beat & (tune.lasts >= 2 * SIXTEENTH_SLOTS), rng)
    if one is None:
        return genome
    step, length = int(tune.steps[one]), int(tune.lasts[one])
    late = _late_half(length)
    leaning = neighbour(step, _direction(rng), frame)
    return _adorned(genome, tune, one, [leaning, step], [length - late, late], frame, louder=LEANING)


def grace_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A quick neighbour just before a note, which keeps its place; what was held into it ends a little earlier."""
    notes, quick = genome.notes, quick_slots(frame)
    tune = Tune.of(notes, frame)
    before = np.append(0, tune.slots[:-1])[: len(tune.slots)]
    has_room = tune.slots - np.where(np.arange(len(before)) == 0, 0, before + SIXTEENTH_SLOTS) >= quick
    one = _pick(tune.is_open & has_room, rng)
    if one is None:
        return genome
    start = int(tune.slots[one]) - quick
    grace = notes[tune.indices[[one]]]
    _write(grace, [start], [neighbour(int(tune.steps[one]), _direction(rng), frame)], [quick], frame)
    grace["velocity"] = np.maximum(grace["velocity"] - SOFTER, 0)
    kept = notes.copy()
    if one > 0:
        last = tune.indices[one - 1]
        kept["duration"][last] = min(int(notes["duration"][last]), int(classes_of(np.array([start - before[one]]))[0]))
    return with_notes(genome, np.concatenate([kept, grace]), frame)


def simplify(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A short note of the tune goes, and the one before it in its bar is held in its place."""
    notes = genome.notes
    tune = Tune.of(notes, frame)
    if len(tune.indices) < 2:
        return genome
    bars = notes["bar"][tune.indices]
    one = _pick((tune.lasts[1:] <= SLOTS_PER_QUARTER // 2) & (bars[1:] == bars[:-1]), rng)
    if one is None:
        return genome
    kept = notes.copy()
    end = int(tune.slots[one + 1] + tune.lasts[one + 1])
    kept["duration"][tune.indices[one]] = classes_of(np.array([end - int(tune.slots[one])]))[0]
    return with_notes(genome, np.delete(kept, tune.indices[one + 1]), frame)


def _adorned(
    genome: Genome, tune: Tune, one: int, steps: list[int], lengths: list[int], frame: Frame, *, louder: int = 0
) -> Genome:
    """The genome with one note of the tune replaced by these, one after the other; notes of its own pitch stay as
    they were altered, the others are plain, softer or, when leaning, louder.
    """
    main = tune.indices[one]
    figure = genome.notes[[main] * len(steps)]
    starts = [int(tune.slots[one]) + sum(lengths[:place_]) for place_ in range(len(lengths))]
    is_side = np.array(steps) != int(tune.steps[one])
    _write(figure, starts, steps, lengths, frame)
    figure["alteration"] = np.where(is_side, UNALTERED, genome.notes["alteration"][main])
    change = louder if louder else -SOFTER
    figure["velocity"] = np.clip(figure["velocity"] + np.where(is_side, change, 0), 0, 15)
    return with_notes(genome, np.concatenate([np.delete(genome.notes, main), figure]), frame)


def _write(notes: Genes, starts: list[int], steps: list[int], lengths: list[int], frame: Frame) -> None:
    place(notes, np.array(starts), frame)
    set_steps(notes, np.array(steps), frame)
    notes["alteration"] = UNALTERED
    notes["duration"] = classes_of(np.array(lengths))


def _pick(fits: np.ndarray, rng: np.random.Generator) -> int | None:
    chosen = np.flatnonzero(fits)
    return int(chosen[int(rng.integers(len(chosen)))]) if len(chosen) else None


def _direction(rng: np.random.Generator) -> int:
    return 1 if rng.random() < UPPER_SHARE else -1


def _late_half(length: int) -> int:
    """Slots of the second of two notes that share a length: half, a third of a dotted one, on the sixteenths."""
    late = length // 3 if length % 9 == 0 else length // 2
    return max(late - late % SIXTEENTH_SLOTS, SIXTEENTH_SLOTS)
