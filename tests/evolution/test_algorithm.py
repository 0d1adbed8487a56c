"""Breeding one generation at a time, and the settings of breeding."""

import json

import numpy as np
import pytest

from evolution.algorithm import Algorithm, BreedingError, BreedingSettings, Offspring
from evolution.frame import Frame
from evolution.genes import pitches_of
from evolution.invention import random_genome
from tests.evolution.strategies import assert_fits

FRAME = Frame()


def breed(settings: BreedingSettings, *, told: int, seed: int = 0, frame: Frame = FRAME) -> list[Offspring]:
    rng = np.random.default_rng(seed)
    algorithm = Algorithm(settings, frame)
    genomes = [random_genome(frame, rng) for _ in range(told)]
    algorithm.tell(genomes, rng.uniform(0, 5, told), np.full(told, 0.5))
    return algorithm.ask(rng)


@pytest.mark.parametrize(("size", "told"), [(2, 2), (2, 1), (10, 10), (10, 3), (3, 40), (300, 100)])
def test_a_generation_of_any_size_is_full_and_has_no_twins(size: int, told: int) -> None:
    offspring = breed(BreedingSettings(size=size, parents=min(3, size), elites=1), told=told)
    assert len(offspring) == size
    assert len({child.genome for child in offspring}) == size
    for child in offspring[:50]:
        assert_fits(child.genome, FRAME)
        assert all(0 <= parent < told for parent in child.parents)


def test_elites_come_first_unchanged_and_lineage_names_the_operators() -> None:
    rng = np.random.default_rng(1)
    genomes = [random_genome(FRAME, rng) for _ in range(10)]
    mean = np.arange(10) / 2
    algorithm = Algorithm(BreedingSettings.paper(), FRAME)
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
        algorithm = Algorithm(BreedingSettings(size=3, parents=3, elites=1, caution=caution), FRAME)
        algorithm.tell(genomes, np.array([4.0, 3.8, 1.0]), np.array([1.0, 0.2, 0.2]))
        firsts.append(algorithm.ask(rng)[0].parents)
    assert firsts == [(0,), (1,)]


def test_the_same_seed_breeds_the_same_generation() -> None:
    assert breed(BreedingSettings(), told=10, seed=3) == breed(BreedingSettings(), told=10, seed=3)
    assert breed(BreedingSettings(), told=10, seed=3) != breed(BreedingSettings(), told=10, seed=4)


def test_one_parent_breeds_by_mutation_alone_even_without_mutations_asked_for() -> None:
    offspring = breed(BreedingSettings.paper(size=6, parents=1, elites=1, mutations=0), told=6)
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
     ("mutation_probability", "often"), ("crossover", "none"), ("caution", -0.1),
     ("method", "both"), ("selection", "fate"), ("adaptive", 1), ("taste", "yes"), ("selecting", None), ("surplus", 17),
     ("surplus", 0), ("fresh_blood", 0.6), ("minimum_distance", -1), ("exploratory", -1),
     ("islands", 0), ("islands", 5), ("migration", 0.6), ("taste_prior", 1), ("taste_likelihood", "quick")],
)  # fmt: skip
def test_settings_that_nothing_can_be_bred_with_are_refused_by_field(field: str, value: object) -> None:
    with pytest.raises(BreedingError, match=f"^{field}: expected .* got"):
        BreedingSettings.from_json({field: value})


def test_settings_survive_json() -> None:
    settings = BreedingSettings(size=40, parents=12, crossover="mix bars")
    assert BreedingSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings
    with pytest.raises(BreedingError, match=r"^surprise: expected only"):
        BreedingSettings.from_json({"surprise": 3})


def test_settings_of_before_there_was_a_taste_still_read() -> None:
    older = {
        "size": 12,
        "parents": 4,
        "elites": 2,
        "mutations": 3,
        "mutation_probability": 0.4,
        "crossover": "cut at bar",
    }
    settings = BreedingSettings.from_json(older)
    assert {name: value for name, value in settings.to_json().items() if name in older} == older


def test_islands_taste_prior_and_likelihood_are_off_in_settings_from_before_there_were_any() -> None:
    read = BreedingSettings.from_json({"size": 8})
    assert (read.islands, read.taste_prior, read.taste_likelihood) == (1, False, False)
    with pytest.raises(BreedingError, match=r"^islands: expected a whole number from 1 to 3, got 4"):
        BreedingSettings(size=6, islands=4)


def test_the_papers_settings_are_the_studys() -> None:
    paper = BreedingSettings.paper()
    assert (paper.size, paper.parents, paper.elites, paper.mutations, paper.mutation_probability) == (10, 3, 2, 2, 0.5)
    assert (paper.method, paper.selection, paper.crossover) == ("generational", "paper", "cut at bar")
    assert (paper.taste, paper.adaptive, paper.surplus, paper.fresh_blood) == (False, False, 1, 0.0)
    assert BreedingSettings.paper(size=50).size == 50


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
