"""Genomes and scores: the written form of a genome, its performance, and the genome of a score.

The words themselves come from here too: `Frame`, `GENE`, `Genes`, `Expression`, `Genome` and their errors.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame, FrameError
from evolution.genes import (
    GENE,
    OCTAVE_REACH,
    SCIENTIFIC_TO_GRID,
    Expression,
    Genes,
    Genome,
    GenomeError,
    arrange,
    pitches_of,
    slots_of,
)
from generation.score.expression import humanise
from generation.score.grid import (
    ALTERATIONS,
    ARTICULATION_RATIOS,
    DURATION_SLOTS,
    SLOTS_PER_QUARTER,
    TIMING_BIN_SLOTS,
    TIMING_CENTRE,
    TIMING_CLASSES,
    VELOCITY_BIN,
)
from generation.score.notes import NOTE, Meter, Notes, Part, Score, Tempo, sort_notes
from generation.score.scales import pitch_to_degree

__all__ = [
    "GENE",
    "Expression",
    "Frame",
    "FrameError",
    "Genes",
    "Genome",
    "GenomeError",
    "arrange",
    "decode",
    "encode",
    "express",
    "pitches_of",
    "slots_of",
]

PART_NAME = "Phrase"
SHORTEST_QUARTERS = 1 / 96

# Every sounding length that a (duration, articulation) pair can name, in slots, and how odd a notation the pair is.
_SOUNDING_SLOTS = DURATION_SLOTS[:, None] * ARTICULATION_RATIOS[None, :]  # (durations, articulations)
_ODDNESS = np.array([0.6, 0.3, 0.15, 0.0, 0.0])[None, :] + np.where(DURATION_SLOTS % 3 == 0, 0.0, 0.1)[:, None]
_EXACT_SLOTS = 1e-6
_TICK_SLOTS = SLOTS_PER_QUARTER / 960 + 1e-6  # what a length loses in a MIDI file of 960 ticks a quarter


def decode(genome: Genome, frame: Frame) -> Score:
    """The genome as written, with its classes of timing, velocity and articulation but without its expression."""
    genes = genome.notes
    notes = np.zeros(len(genes), dtype=NOTE)
    late_slots = (genes["timing"] - TIMING_CENTRE) * TIMING_BIN_SLOTS
    notes["onset_quarters"] = np.maximum(slots_of(genes, frame) + late_slots, 0.0) / SLOTS_PER_QUARTER
    notes["duration_quarters"] = _SOUNDING_SLOTS[genes["duration"], genes["articulation"]] / SLOTS_PER_QUARTER
    notes["pitch"] = pitches_of(genes, frame)
    notes["velocity"] = genes["velocity"] * VELOCITY_BIN + VELOCITY_BIN // 2
    return Score(
        notes=sort_notes(notes),
        parts=(Part(PART_NAME, frame.program),),
        tempos=(Tempo(0.0, float(frame.tempo_bpm)),),
        meters=(Meter(0.0, frame.beats_per_bar, frame.beat_unit),),
        keys=(frame.key_signature(),),
    )


def express(genome: Genome, frame: Frame) -> Score:
    """The genome as played: the same score every time, by the seed among its expression genes."""
    genes = genome.expression
    played = humanise(decode(genome, frame), genes.performance(), np.random.default_rng(genes.seed))
    return replace(played, notes=_separate(played.notes))


def encode(score: Score, frame: Frame, expression: Expression | None = None) -> Genome:
    """The score's notes from its start on the frame's grid, drums left out; `decode` is its inverse within half a bin.

    Exact for what `decode` wrote. Notes that begin outside the frame are dropped, those that outlast it cut.
    """
    drums = np.array([part.is_drum for part in score.parts], dtype=bool)
    notes = score.notes[~drums[score.notes["part"]]] if drums.any() else score.notes
    exact_slots = notes["onset_quarters"] * SLOTS_PER_QUARTER
    slots = np.rint(exact_slots).astype(np.int64)
    timing = np.rint((exact_slots - slots) / TIMING_BIN_SLOTS).astype(np.int64) + TIMING_CENTRE
    inside = (slots >= 0) & (slots < frame.slots)
    degree, octave, alteration = pitch_to_degree(notes["pitch"], key=frame.key, scale=frame.scale)
    duration, articulation = _written_lengths(notes["duration_quarters"] * SLOTS_PER_QUARTER)

    genes = np.zeros(len(notes), dtype=GENE)
    genes["bar"], genes["position"] = np.divmod(np.clip(slots, 0, frame.slots - 1), frame.slots_per_bar)
    genes["degree"] = degree
    genes["octave"] = np.clip(octave - frame.root_octave - SCIENTIFIC_TO_GRID, -OCTAVE_REACH, OCTAVE_REACH)
    genes["alteration"] = alteration - ALTERATIONS[0]
    genes["duration"], genes["articulation"] = duration, articulation
    genes["velocity"] = notes["velocity"] // VELOCITY_BIN
    genes["timing"] = np.clip(timing, 0, TIMING_CLASSES - 1)
    return Genome(arrange(genes[inside], frame), expression or Expression())


def _written_lengths(sounding_slots: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Classes of duration and articulation, each (n,), whose sounding length is nearest; where none is exact, of those
    about as near the plainest notation.

    Lengths that all lie within a tick of one that can be written were written so, and a file has rounded them.
    """
    off_slots = np.abs(sounding_slots[:, None, None] - _SOUNDING_SLOTS)
    if (off_slots.min(axis=(1, 2)) < _TICK_SLOTS).all():
        cost = off_slots
    else:
        ratio = np.log(np.maximum(sounding_slots, 0.1)[:, None, None] / _SOUNDING_SLOTS)
        cost = np.where(off_slots < _EXACT_SLOTS, -1.0, np.abs(ratio) + 0.3 * _ODDNESS)
    flat = np.argmin(cost.reshape(len(sounding_slots), _SOUNDING_SLOTS.size), axis=1)
    duration, articulation = np.divmod(flat, len(ARTICULATION_RATIOS))
    return duration, articulation


def _separate(notes: Notes) -> Notes:
    """Notes in which none sounds on when its pitch is struck again, for players and files that know one of each."""
    by_pitch = np.lexsort((notes["onset_quarters"], notes["pitch"]))
    apart = notes[by_pitch].copy()
    doubled = (np.diff(apart["pitch"]) == 0) & (np.diff(apart["onset_quarters"]) < SHORTEST_QUARTERS)
    apart = apart[~np.append(np.zeros(1, dtype=bool), doubled)[: len(apart)]]
    same = np.diff(apart["pitch"]) == 0
    room = np.where(same, np.diff(apart["onset_quarters"]), np.inf)
    apart["duration_quarters"][:-1] = np.minimum(apart["duration_quarters"][:-1], room)
    return sort_notes(apart)
