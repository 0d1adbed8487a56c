"""Features of phrases: what they say of plain cases, and that any genome at all has them."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from evolution.features import NAMES, features
from evolution.frame import Frame
from evolution.genes import Genome, arrange, genes
from tests.evolution.strategies import frames_with_genomes

FRAME = Frame(bars=2)


def phrase(*strokes: tuple[int, int, int]) -> Genome:
    """Quarters (bar, beat, degree) of the scale."""
    return Genome(arrange(genes((bar, beat * 12, degree, 0, 1, 7, 9, 4, 4) for bar, beat, degree in strokes), FRAME))


def of(genome: Genome, name: str) -> float:
    return float(features([genome], FRAME)[0, NAMES.index(name)])


@settings(max_examples=40, deadline=None)
@given(frames_with_genomes(3))
def test_any_genomes_have_finite_features_that_do_not_hang_on_their_neighbours(
    drawn: tuple[Frame, list[Genome]],
) -> None:
    frame, genomes = drawn
    table = features(genomes, frame)
    assert table.shape == (3, len(NAMES))
    assert np.isfinite(table).all()
    for row, genome in zip(table, genomes, strict=True):
        assert np.allclose(features([genome], frame)[0], row)


def test_a_rising_line_is_told_from_a_bow() -> None:
    rising = phrase(*((bar, beat, 3 * bar + beat) for bar in (0, 1) for beat in range(4) if 3 * bar + beat < 7))
    bow = phrase((0, 0, 0), (0, 2, 4), (1, 0, 4), (1, 2, 0))
    assert of(rising, "slope") > 0.95
    assert of(bow, "bow") > 0.6
    assert abs(of(bow, "slope")) < 0.1


def test_a_bar_taken_up_counts_as_repeated() -> None:
    again = phrase(*((bar, beat, degree) for bar in (0, 1) for beat, degree in ((0, 0), (1, 2), (3, 4))))
    other = phrase((0, 0, 0), (0, 1, 2), (0, 3, 4), (1, 2, 6))
    assert of(again, "rhythm taken up") == 1.0
    assert of(again, "tune taken up") == 1.0
    assert of(other, "rhythm taken up") == 0.0


def test_the_ending_and_the_beat_are_heard() -> None:
    home = phrase((0, 0, 4), (1, 0, 0))
    assert (of(home, "ends on tonic"), of(home, "downbeats"), of(home, "off the beat")) == (1.0, 1.0, 0.0)
    assert of(phrase((0, 0, 0), (1, 0, 6)), "ends in triad") == 0.0


def test_genes_of_expression_are_features_and_the_seed_is_none() -> None:
    genome = phrase((0, 0, 0))
    swung = replace(genome, expression=replace(genome.expression, swing=0.6, seed=9))
    changed = [name for name in NAMES if of(genome, name) != of(swung, name)]
    assert changed == ["gene swing"]
