"""Hypothesis strategies for frames, genomes and generators, shared by the tests of evolution."""

import numpy as np
from hypothesis import strategies as st

from evolution.frame import Frame
from evolution.genes import EXPRESSION_LIMITS, GENE, LIMITS, Expression, Genome, arrange
from generation.score.scales import KEYS, SCALES

METERS = ((4, 4), (3, 4), (2, 4), (6, 8), (5, 8), (7, 8), (2, 2), (12, 16), (1, 4))


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Frames of every kind that a phrase can be built on."""
    beats_per_bar, beat_unit = draw(st.sampled_from(METERS))
    sixteenths = beats_per_bar * 16 // beat_unit
    return Frame(
        bars=draw(st.integers(1, 6)),
        beats_per_bar=beats_per_bar,
        beat_unit=beat_unit,
        notes_per_bar=draw(st.integers(1, sixteenths)),
        key=draw(st.sampled_from(sorted(KEYS))),
        scale=draw(st.sampled_from(sorted(SCALES))),
        root_octave=draw(st.integers(2, 6)),
        tempo_bpm=draw(st.sampled_from([60.0, 97.5, 128.0])),
        program=draw(st.integers(0, 127)),
    )


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    """Expression genes anywhere within their limits."""
    genes = {
        name: draw(st.floats(low, high, allow_nan=False))
        for name, (low, high) in EXPRESSION_LIMITS.items()
        if name != "seed"
    }
    return Expression(**genes, seed=draw(st.integers(0, 2**32 - 1)))


@st.composite
def genomes(draw: st.DrawFn, frame: Frame) -> Genome:
    """Genomes of a frame with any genes at all, chromatic ones and chords included, down to no note."""
    size = draw(st.integers(0, 24))
    rng = draw(generators())
    notes = np.zeros(size, dtype=GENE)
    for name, (low, high) in LIMITS.items():
        notes[name] = rng.integers(low, high + 1, size=size)
    notes["bar"] %= frame.bars
    notes["position"] %= frame.slots_per_bar
    notes["octave"] = rng.integers(-2, 3, size=size)
    return Genome(arrange(notes, frame), draw(expressions()))


@st.composite
def frames_with_genomes(draw: st.DrawFn, count: int = 1) -> tuple[Frame, list[Genome]]:
    """A frame and some genomes of it."""
    frame = draw(frames())
    return frame, [draw(genomes(frame)) for _ in range(count)]


def generators() -> st.SearchStrategy[np.random.Generator]:
    """Seeded generators."""
    return st.integers(0, 2**32 - 1).map(np.random.default_rng)


def assert_fits(genome: Genome, frame: Frame) -> None:
    """The genome is what `arrange` would make of it, and no class leaves its range."""
    assert np.array_equal(arrange(genome.notes, frame), genome.notes)
    assert Genome(genome.notes, genome.expression) == genome
    assert (genome.notes["bar"] < frame.bars).all()
    assert (genome.notes["position"] < frame.slots_per_bar).all()
