"""Compact forms of a genome."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.forms import genome_from_text, genome_to_text, pack, unpack
from evolution.frame import Frame
from evolution.genes import FIELDS, LIMITS, Expression, Genome, GenomeError, genes
from evolution.invention import random_genome
from tests.evolution.strategies import expressions, frames_with_genomes

SEEDS = 50


@given(frames_with_genomes())
def test_packing_gives_back_an_equal_genome(case: tuple[Frame, list[Genome]]) -> None:
    _, (genome,) = case
    again = unpack(pack(genome))
    assert again == genome
    assert pack(again) == pack(genome)
    assert genome_from_text(json.loads(json.dumps(genome_to_text(genome)))) == genome


@pytest.mark.parametrize("end", [0, 1])
def test_classes_at_the_ends_of_their_ranges_survive(end: int) -> None:
    genome = Genome(genes([tuple(LIMITS[name][end] for name in FIELDS)]))
    assert unpack(pack(genome)) == genome


def test_a_note_takes_about_five_bytes_and_expression_few() -> None:
    frame = Frame(bars=8, notes_per_bar=8)
    phrases = [random_genome(frame, np.random.default_rng(seed)) for seed in range(SEEDS)]
    per_note = [(len(pack(one)) - len(pack(Genome(one.notes[:0], one.expression)))) / len(one.notes) for one in phrases]
    assert np.mean(per_note) < 5.5
    assert max(len(pack(Genome(one.notes[:0], one.expression))) for one in phrases) < 64
    assert len(pack(Genome(genes([])))) <= 6


@given(expressions())
def test_expression_of_any_fraction_is_kept_to_the_bit(expression: Expression) -> None:
    packed = pack(Genome(genes([]), expression))
    assert pack(unpack(packed)) == packed
    assert unpack(packed).expression == expression


def test_minus_zero_stays_minus_zero() -> None:
    (valence,) = [unpack(pack(Genome(genes([]), Expression(valence=-0.0)))).expression.valence]
    assert np.signbit(valence)


@settings(max_examples=200)
@given(st.binary(max_size=40), st.booleans())
def test_any_bytes_are_a_genome_or_refused(noise: bytes, is_headed: bool) -> None:
    packed = b"\x01" + noise if is_headed else noise
    try:
        genome = unpack(packed)
    except GenomeError:
        return
    assert unpack(pack(genome)) == genome


@settings(max_examples=60)
@given(frames_with_genomes(), st.data())
def test_a_genome_cut_short_is_refused(case: tuple[Frame, list[Genome]], data: st.DataObject) -> None:
    packed = pack(case[1][0])
    kept = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(GenomeError):
        unpack(packed[:kept])


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (b"", "version 1"),
        (b"\x02", "version 1"),
        (pack(Genome(genes([]))) + b"\x00", "^genome: expected 5 bytes, got 6"),
        (b"\x01\x00\x00\x00\x7f", "^genome: expected at most 5 notes"),
        (b"\x01\x00\x01\x00\x00", "^expression: expected bits"),
        (b"\x01" + b"\xff" * 12, "at most 63 bits"),
        (b"\x01\x00\x00\x00\x01" + b"\xff" * 8 + b"\x7f", "^bar: expected"),
    ],
)
def test_bytes_that_are_no_genome_say_why(packed: bytes, reason: str) -> None:
    with pytest.raises(GenomeError, match=reason):
        unpack(packed)


def test_text_that_is_not_base64_is_refused() -> None:
    with pytest.raises(GenomeError, match=r"^genome: expected base64"):
        genome_from_text("½")
