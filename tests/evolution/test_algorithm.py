"""Breeding by ask and tell, and the paper's own genome."""

import json

import numpy as np
import pytest

from evolution.algorithm import Algorithm, BreedingError, BreedingSettings, Offspring
from evolution.classic import (
    ClassicError,
    ClassicSettings,
    lift,
    mutate_bits,
    next_generation,
    random_bits,
    select_pair,
    single_point_crossover,
)
from evolution.frame import Frame
from evolution.genes import pitches_of
from evolution.genome import decode
from evolution.invention import random_genome
from tests.evolution.strategies import assert_fits

FRAME = Frame()


def breed(settings: BreedingSettings, *, told: int, seed: int = 0, frame: Frame = FRAME) -> list[Offspring]:
    rng = np.random.default_rng(seed)
    algorithm = Algorithm(settings, frame)
    genomes = [random_genome(frame, rng) for _ in range(told)]
    algorithm.tell(genomes, rng.uniform(0, 5, told), np.full(told, 0.5))
    return algorithm.ask(rng)


@pytest.mark.parametrize(("size", "told"), [(2, 2), (2, 1), (10, 10), (10, 3), (3, 40), (1000, 100)])
def test_a_generation_of_any_size_is_full_and_has_no_twins(size: int, told: int) -> None:
    offspring = breed(BreedingSettings(size=size, parents=min(3, size), elites=1), told=told)
    assert len(offspring) == size
    assert len({child.genome.notes.tobytes() for child in offspring}) == size
    for child in offspring[:50]:
        assert_fits(child.genome, FRAME)
        assert all(0 <= parent < told for parent in child.parents)


def test_elites_come_first_unchanged_and_lineage_names_the_operators() -> None:
    rng = np.random.default_rng(1)
    genomes = [random_genome(FRAME, rng) for _ in range(10)]
    mean = np.arange(10) / 2
    algorithm = Algorithm(BreedingSettings(), FRAME)
    algorithm.tell(genomes, mean, np.ones(10))
    offspring = algorithm.ask(rng)
    assert [(child.parents, child.operator) for child in offspring[:2]] == [((9,), "elite"), ((8,), "elite")]
    assert [child.genome for child in offspring[:2]] == [genomes[9], genomes[8]]
    for child in offspring[2:]:
        assert child.operator in {"crossover", "crossover+mutation"}
        assert set(child.parents) <= {7, 8, 9}


def test_caution_passes_over_whom_the_crowd_is_unsure_of() -> None:
    rng = np.random.default_rng(1)
    genomes = [random_genome(FRAME, rng) for _ in range(3)]
    firsts = []
    for caution in (0.0, 1.0):
        algorithm = Algorithm(BreedingSettings(size=3, elites=1, caution=caution), FRAME)
        algorithm.tell(genomes, np.array([4.0, 3.8, 1.0]), np.array([1.0, 0.2, 0.2]))
        firsts.append(algorithm.ask(rng)[0].parents)
    assert firsts == [(0,), (1,)]


def test_the_same_seed_breeds_the_same_generation() -> None:
    assert breed(BreedingSettings(), told=10, seed=3) == breed(BreedingSettings(), told=10, seed=3)
    assert breed(BreedingSettings(), told=10, seed=3) != breed(BreedingSettings(), told=10, seed=4)


def test_one_parent_breeds_by_mutation_alone_even_without_mutations_asked_for() -> None:
    offspring = breed(BreedingSettings(size=6, parents=1, elites=1, mutations=0), told=6)
    assert {child.operator for child in offspring[1:]} == {"mutation"}
    assert len({child.parents for child in offspring}) == 1


def test_twins_among_those_told_give_one_elite() -> None:
    genome = random_genome(FRAME, np.random.default_rng(0))
    algorithm = Algorithm(BreedingSettings(size=4, elites=2), FRAME)
    algorithm.tell([genome] * 4, np.ones(4), np.ones(4))
    offspring = algorithm.ask(np.random.default_rng(1))
    assert [child.operator for child in offspring].count("elite") == 1
    assert len({child.genome.notes.tobytes() for child in offspring}) == 4


def test_breeding_towards_a_taste_raises_it() -> None:
    # A listener who likes high notes: ten generations must climb.
    rng, settings = np.random.default_rng(2), BreedingSettings(size=20, parents=6)
    genomes = [random_genome(FRAME, rng) for _ in range(20)]
    heights = []
    for _ in range(10):
        mean = np.array([pitches_of(genome.notes, FRAME).mean() for genome in genomes])
        heights.append(mean.mean())
        algorithm = Algorithm(settings, FRAME)
        algorithm.tell(genomes, (mean - 40) / 10, np.ones(20))
        genomes = [child.genome for child in algorithm.ask(rng)]
    assert heights[-1] > heights[0] + 4


@pytest.mark.parametrize(
    ("field", "value"),
    [("size", 1), ("size", 1001), ("parents", 11), ("elites", 10), ("mutations", -1), ("mutation_probability", 1.5),
     ("mutation_probability", "often"), ("crossover", "none"), ("caution", -0.1)],
)  # fmt: skip
def test_settings_that_nothing_can_be_bred_with_are_refused_by_field(field: str, value: object) -> None:
    with pytest.raises(BreedingError, match=f"^{field}: expected .* got"):
        BreedingSettings.from_json({field: value})


def test_settings_survive_json() -> None:
    settings = BreedingSettings(size=40, parents=12, crossover="mix bars")
    assert BreedingSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings
    with pytest.raises(BreedingError, match=r"^surplus: expected only"):
        BreedingSettings.from_json({"surplus": 3})


def test_asking_before_telling_and_telling_nonsense_are_refused() -> None:
    algorithm = Algorithm(BreedingSettings(), FRAME)
    genome = random_genome(FRAME, np.random.default_rng(0))
    with pytest.raises(BreedingError, match="call tell"):
        algorithm.ask(np.random.default_rng(0))
    with pytest.raises(BreedingError, match=r"^genomes: expected at least one"):
        algorithm.tell([], np.zeros(0), np.zeros(0))
    with pytest.raises(BreedingError, match=r"^mean: expected 1 finite"):
        algorithm.tell([genome], np.array([np.nan]), np.ones(1))
    with pytest.raises(BreedingError, match=r"^standard_error: expected 1 finite"):
        algorithm.tell([genome], np.ones(1), np.ones(2))


def bits_of(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.array([int(bit) for number in numbers for bit in f"{number:04b}"], dtype=np.uint8)


def test_classic_bits_become_notes_rests_and_ties() -> None:
    frame = Frame(bars=1, notes_per_bar=4)
    score = decode(lift(bits_of(0, 2, 2, 9), frame), frame)
    assert score.notes["pitch"].tolist() == [60, 64]
    assert score.notes["onset_quarters"].tolist() == [0.0, 1.0]
    assert score.notes["duration_quarters"].tolist() == [1.0, 2.0]


def test_classic_bits_without_pauses_and_with_more_voices() -> None:
    frame = Frame(bars=1, notes_per_bar=4)
    score = decode(lift(bits_of(8, 1, 2, 3), frame, ClassicSettings(steps=3, pauses=False)), frame)
    assert score.notes["pitch"].tolist()[:3] == [60, 64, 67]
    assert len(score.notes) == 12


def test_a_classic_tie_too_long_to_write_fills_its_time_all_the_same() -> None:
    frame = Frame(bars=2, notes_per_bar=4)
    score = decode(lift(bits_of(1, 1, 1, 1, 1, 8, 8, 8), frame), frame)
    assert score.notes["duration_quarters"].sum() == 5.0


def test_classic_operators_keep_the_length_and_every_bit() -> None:
    rng = np.random.default_rng(0)
    mother, father = random_bits(FRAME, rng), random_bits(FRAME, rng)
    first, second = single_point_crossover(mother, father, rng)
    assert np.array_equal(first + second, mother + father)
    flips = [int((mutate_bits(mother, rng=rng) != mother).sum()) for _ in range(200)]
    assert set(flips) <= {0, 1, 2}
    assert np.mean(flips) == pytest.approx(1.0, abs=0.2)
    population = [random_bits(FRAME, rng) for _ in range(10)]
    following = next_generation(population, np.arange(10.0), rng)
    assert len(following) == 10
    assert np.array_equal(following[0], population[9])
    assert np.array_equal(following[1], population[8])


def test_classic_parents_are_drawn_by_rating() -> None:
    rng, population = np.random.default_rng(0), [bits_of(0), bits_of(1)]
    assert all(select_pair(population, np.array([0.0, 3.0]), rng)[0] is population[1] for _ in range(20))
    assert {select_pair(population, np.zeros(2), rng)[0] is population[1] for _ in range(40)} == {True, False}


@pytest.mark.parametrize(
    ("bits", "frame", "reason"),
    [
        (bits_of(1, 2), Frame(bars=1), "^bits: expected 4 notes, got 2"),
        (np.array([0, 1, 2, 0], dtype=np.uint8), Frame(bars=1, notes_per_bar=1), "^bits: expected zeros and ones"),
        (bits_of(*range(5)), Frame(bars=1, notes_per_bar=5), "^notes_per_bar: expected a divisor"),
    ],
)
def test_classic_bits_that_do_not_fit_are_refused(
    bits: np.ndarray[tuple[int], np.dtype[np.uint8]], frame: Frame, reason: str
) -> None:
    with pytest.raises(ClassicError, match=reason):
        lift(bits, frame)
