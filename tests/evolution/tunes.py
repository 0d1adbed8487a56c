"""Small tunes for the tests of operators: written, read and varied."""

import numpy as np

from evolution.frame import Frame
from evolution.genes import GENE, Expression, Genes, Genome, arrange, slots_of, steps_of
from evolution.operators.phrase import Mutation
from generation.score.grid import DURATION_SLOTS, TIMING_CENTRE

FRAME = Frame(bars=2, notes_per_bar=4, tempo_bpm=110.0)
QUARTER, HALF = 12, 24
SEEDS = range(30)
MIDDLE_STEP = 3  # of the two octaves up and the one down that phrases are bred in


def tune(*notes: tuple[int, int, int], frame: Frame = FRAME) -> Genome:
    """A genome of notes (slot of the phrase, scale step, slots held)."""
    written = np.zeros(len(notes), dtype=GENE)
    for row, (slot, step, lasts) in zip(written, notes, strict=True):
        row["bar"], row["position"] = divmod(slot, frame.slots_per_bar)
        row["octave"], row["degree"] = divmod(step, frame.degrees)
        row["duration"] = int(np.searchsorted(DURATION_SLOTS, lasts))
    written["alteration"], written["timing"], written["velocity"], written["articulation"] = 1, TIMING_CENTRE, 9, 3
    return Genome(arrange(written, frame), Expression())


def read(genome: Genome, frame: Frame = FRAME) -> list[tuple[int, int, int]]:
    notes = genome.notes
    lasts = DURATION_SLOTS[notes["duration"]]
    return list(zip(slots_of(notes, frame).tolist(), steps_of(notes, frame).tolist(), lasts.tolist(), strict=True))


def children(operator: Mutation, genome: Genome, frame: Frame = FRAME) -> list[Genome]:
    made = [operator(genome, frame, np.random.default_rng(seed)) for seed in SEEDS]
    return [child for child in made if child != genome]


# C D E G | E D C: quarters, then a half note to end on.
PARENT = tune((0, 0, 12), (12, 1, 12), (24, 2, 12), (36, 4, 12), (48, 2, 12), (60, 1, 12), (72, 0, 24))


def contour(notes: Genes, frame: Frame = FRAME) -> list[int]:
    intervals: list[int] = np.diff(steps_of(notes, frame)).tolist()
    return intervals
