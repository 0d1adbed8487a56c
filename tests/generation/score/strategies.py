"""Scores for property-based tests."""

import numpy as np
from hypothesis import strategies as st

from generation.score.grid import ARTICULATION_RATIOS, DURATION_SLOTS, SLOTS_PER_QUARTER, TIMING_CLASSES
from generation.score.notes import Bend, KeySignature, Meter, Part, Score, Tempo, sort_notes

TICKS_PER_QUARTER = 960


@st.composite
def scores_on_ticks(draw: st.DrawFn) -> Score:
    """Scores with several parts that a file can say exactly: times on ticks, no key struck while it is down."""
    names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)
    parts = tuple(draw(st.lists(st.builds(Part, names, st.integers(0, 127), st.booleans()), min_size=1, max_size=4)))
    rows = []
    for part in range(len(parts)):
        for pitch in draw(st.lists(st.integers(0, 127), min_size=1, max_size=4, unique=True)):
            at = draw(st.integers(0, 2000))
            for _ in range(draw(st.integers(1, 4))):
                length = draw(st.integers(1, 3000))
                velocity = draw(st.integers(1, 127))
                rows.append((at / TICKS_PER_QUARTER, length / TICKS_PER_QUARTER, pitch, velocity, part))
                at += length + draw(st.integers(0, 3000))
    return Score(
        notes=sort_notes(rows),
        parts=parts,
        tempos=(Tempo(0.0, draw(st.integers(20, 240)) * 1.0), Tempo(3.5, draw(st.integers(20, 240)) * 1.0)),
        meters=(Meter(0.0, draw(st.integers(1, 16)), draw(st.sampled_from([1, 2, 4, 8, 16]))), Meter(7.0, 3, 4)),
        keys=(KeySignature(0.0, draw(st.integers(-7, 7)), draw(st.booleans())),),
        bends=(Bend(0, 0.5, draw(st.integers(-1999, 1999)) / 10),),
    )


@st.composite
def scores_on_grid(draw: st.DrawFn) -> Score:
    """One-part scores whose notes are classes of the grid, from the first bar on, with rests of at most three bars."""
    keys = st.tuples(
        st.integers(0, 47), st.integers(0, 127), st.integers(0, TIMING_CLASSES - 1), st.integers(0, 14),
        st.integers(0, 4), st.integers(0, 15),
    )  # fmt: skip
    bar, rows = 0, {}
    for _ in range(draw(st.integers(1, 4))):
        for position, pitch, timing, duration, articulation, velocity in draw(st.lists(keys, min_size=1, max_size=6)):
            slot = 48 * bar + position
            late = 0 if slot == 0 else (timing - TIMING_CLASSES // 2) / TIMING_CLASSES
            length = DURATION_SLOTS[duration] * ARTICULATION_RATIOS[articulation]
            times = ((slot + late) / SLOTS_PER_QUARTER, length / SLOTS_PER_QUARTER)
            rows[slot, pitch] = (*times, pitch, 8 * velocity + 4, 0)
        bar += draw(st.integers(1, 3))
    return Score(notes=sort_notes(rows.values()))


def plain_score(pitches: list[int], *, quarters: float = 0.5, velocity: int = 84) -> Score:
    """A melody of equal notes, one after another."""
    return Score(sort_notes((index * quarters, quarters, pitch, velocity, 0) for index, pitch in enumerate(pitches)))


def close(left: Score, right: Score) -> bool:
    """Whether two scores have the same notes, times within a nanoquarter."""
    if len(left.notes) != len(right.notes):
        return False
    times = all(
        np.allclose(left.notes[name], right.notes[name], atol=1e-9) for name in ("onset_quarters", "duration_quarters")
    )
    return times and all(np.array_equal(left.notes[name], right.notes[name]) for name in ("pitch", "velocity", "part"))
