"""The genome and the expressive codec say the same notes by the same classes, so that a sample becomes a genome."""

import numpy as np
from hypothesis import given, settings

from evolution import genome as genomes
from evolution.frame import Frame
from evolution.genes import SCIENTIFIC_TO_GRID, Genome
from generation.codecs import ExpressiveCodec
from generation.codecs.expressive import BAR_STEPS
from generation.score.notes import Score
from generation.score.scales import LOWEST_OCTAVE
from tests.evolution.strategies import frames_with_genomes
from tests.generation.score.strategies import close


def codec_of(frame: Frame) -> ExpressiveCodec:
    return ExpressiveCodec(frame.key, frame.scale, frame.beats_per_bar, frame.beat_unit, follow_key=False)


@settings(deadline=None)
@given(frames_with_genomes())
def test_a_phrase_has_the_classes_of_its_genome(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    phrase = genomes.decode(genome, frame)
    tokens = codec_of(frame).encode(phrase)
    genes = genomes.encode(phrase, frame).notes  # the same music in its plainest spelling
    assert len(tokens) == len(genes) == len(genome.notes)
    octaves = genes["octave"] + frame.root_octave + SCIENTIFIC_TO_GRID - LOWEST_OCTAVE
    bars = np.minimum(np.diff(genes["bar"], prepend=genes["bar"][:1]), BAR_STEPS - 1)
    plain = ("position", "degree", "alteration", "duration", "velocity", "timing", "articulation")
    names = [field.name for field in ExpressiveCodec.fields]
    columns = {name: genes[name] for name in plain} | {"bar_step": bars, "octave": octaves}
    assert np.array_equal(tokens, np.stack([columns[name] for name in names], axis=1))


@settings(deadline=None)
@given(frames_with_genomes())
def test_a_sample_becomes_a_genome_without_loss(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    codec = codec_of(frame)
    sample = codec.decode(codec.encode(genomes.decode(genome, frame)))
    again = genomes.decode(genomes.encode(sample, frame), frame)
    assert close(Score(again.notes), Score(sample.notes))
