from dataclasses import fields, replace

import numpy as np
import pytest

from evolution.genes import EXPRESSION_LIMITS, Expression, Genome
from evolution.genome import Frame, decode, express
from evolution.invention import random_expression, random_genome
from evolution.operators.mutation import NUDGES, change_expression
from generation.score.expression import Performance, dfa_exponent, timing_deviations_of
from generation.score.grid import TIMING_CENTRE

FRAME = Frame(bars=8, notes_per_bar=8)
VIOLIN, PIANO = 40, 0


def phrases(count: int, frame: Frame = FRAME) -> list[Genome]:
    return [random_genome(frame, np.random.default_rng(seed)) for seed in range(count)]


def with_genes(genome: Genome, **genes: float) -> Genome:
    return Genome(genome.notes, replace(genome.expression, **genes))  # type: ignore[arg-type]


def test_genomes_from_before_the_newer_genes_play_as_if_they_were_neutral() -> None:
    older = {"deviation_ms": 9.0, "exponent": 0.8, "swing": 0.0, "velocity_curve": 0.5, "bend_cents": 0.0,
             "valence": 0.2, "arousal": -0.1, "seed": 7}  # fmt: skip
    notes = phrases(1)[0].to_json()["notes"]
    genome = Genome.from_json({"notes": notes, "expression": older})
    neutral = {name: value for name, value in genome.expression.to_json().items() if name not in older}
    plain = Performance()
    assert neutral == {name: getattr(plain, name) for name in neutral}
    assert express(genome, FRAME) == express(Genome.from_json(genome.to_json()), FRAME)


def test_every_gene_but_the_seed_is_a_parameter_that_mutation_can_change() -> None:
    names = {field.name for field in fields(Expression)}
    assert names == set(EXPRESSION_LIMITS)
    assert set(NUDGES) == names - {"seed"}
    assert names - {"seed"} <= {field.name for field in fields(Performance)}


@pytest.mark.parametrize("name", sorted(set(EXPRESSION_LIMITS) - {"seed", "exponent", "vibrato_hz"}))
def test_every_gene_is_heard(name: str) -> None:
    frame = Frame(bars=4, notes_per_bar=2)
    notes = next(g.notes for g in phrases(40, frame) if len(np.unique(g.notes[["bar", "position"]])) < len(g.notes))
    most = with_genes(Genome(notes), **{name: EXPRESSION_LIMITS[name][1]})
    assert express(most, frame) != express(Genome(notes), frame)


def test_a_rated_phrase_always_sounds_the_same() -> None:
    for genome in phrases(20):
        assert express(genome, FRAME) == express(Genome.from_json(genome.to_json()), FRAME)


def test_phrases_have_the_timing_of_people() -> None:
    exponents, spreads = [], []
    for genome in phrases(120):
        straight = genome.notes.copy()
        straight["timing"] = TIMING_CENTRE
        played = express(with_genes(genome, swing=0.0), FRAME)
        deviations = timing_deviations_of(played, written=decode(Genome(straight), FRAME))
        exponents.append(dfa_exponent(deviations))
        spreads.append(float(deviations.std()))
    assert 0.7 < np.nanmean(exponents) < 1.0
    assert np.mean([5 <= spread <= 25 for spread in spreads]) > 0.95


def test_most_new_phrases_are_played_mildly() -> None:
    drawn = [random_expression(np.random.default_rng(seed), VIOLIN) for seed in range(300)]
    for name in ("rubato", "final_ritard", "articulation", "contour", "glide_cents", "vibrato_cents"):
        sizes = np.array([abs(getattr(genes, name)) / EXPRESSION_LIMITS[name][1] for genes in drawn])
        assert np.median(sizes) < 0.4
        assert sizes.max() < 0.8
        assert sizes.max() > 0


def test_pianos_are_not_given_vibrato() -> None:
    drawn = [random_expression(np.random.default_rng(seed), PIANO) for seed in range(100)]
    assert {(genes.vibrato_cents, genes.glide_cents) for genes in drawn} == {(0.0, 0.0)}


def test_changing_expression_keeps_the_notes_and_the_limits() -> None:
    genome = phrases(1)[0]
    for seed in range(200):
        genome = change_expression(genome, FRAME, np.random.default_rng(seed))
    assert genome.notes.tobytes() == phrases(1)[0].notes.tobytes()
    assert genome.expression != phrases(1)[0].expression
