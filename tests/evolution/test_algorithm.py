"""One generation bred from another, and the settings of breeding."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from evolution.algorithm import Breeding, BreedingError, BreedingSettings, Individual
from evolution.frame import Frame
from evolution.genes import Genome, pitches_of
from evolution.invention import random_genome
from evolution.operators.mutation import MUTATIONS
from tests.evolution.strategies import assert_fits

FRAME = Frame()


def told(settings: BreedingSettings, genomes: list[Genome], mean: Sequence[float], error: float = 0.5) -> Breeding:
    breeding = Breeding.begin(settings, FRAME, genomes, seed=1)
    breeding.tell(range(len(genomes)), mean, np.full(len(genomes), error))
    return breeding


def breed(settings: BreedingSettings, *, of: int, seed: int = 0) -> list[Individual]:
    rng = np.random.default_rng(seed)
    return told(settings, [random_genome(FRAME, rng) for _ in range(of)], rng.uniform(0, 5, of).tolist()).ask()


@pytest.mark.parametrize(("size", "of"), [(2, 2), (2, 1), (10, 10), (10, 3), (3, 40), (300, 100)])
def test_a_generation_of_any_size_is_full_and_has_no_twins(size: int, of: int) -> None:
    born = breed(BreedingSettings(size=size, parents=min(3, size), elites=1, taste=False), of=of)
    assert len(born) == size
    assert len({one.genome for one in born}) == size
    for one in born[:50]:
        assert_fits(one.genome, FRAME)
        assert all(0 <= parent < of for parent in one.parents)


def test_elites_come_first_unchanged_and_lineage_names_the_operators() -> None:
    rng = np.random.default_rng(1)
    genomes = [random_genome(FRAME, rng) for _ in range(10)]
    born = told(BreedingSettings.paper(), genomes, (np.arange(10) / 2).tolist(), 1.0).ask()
    assert [one.id for one in born[:2]] == [9, 8]
    assert [one.genome for one in born[:2]] == [genomes[9], genomes[8]]
    for one in born[2:]:
        first, *changes = one.operator.split("+")
        assert first == "cut at bar"
        assert set(changes) <= set(MUTATIONS)
        assert set(one.parents) <= {7, 8, 9}


def test_caution_passes_over_whom_the_crowd_is_unsure_of() -> None:
    rng = np.random.default_rng(1)
    genomes = [random_genome(FRAME, rng) for _ in range(3)]
    firsts = []
    for caution in (0.0, 1.0):
        settings = BreedingSettings(size=3, parents=3, elites=1, caution=caution)
        breeding = Breeding.begin(settings, FRAME, genomes, seed=1)
        breeding.tell([0, 1, 2], [4.0, 3.8, 1.0], [1.0, 0.2, 0.2])
        firsts.append(breeding.ask()[0].id)
    assert firsts == [0, 1]


def test_the_same_seed_breeds_the_same_generation() -> None:
    assert breed(BreedingSettings(), of=10, seed=3) == breed(BreedingSettings(), of=10, seed=3)
    assert breed(BreedingSettings(), of=10, seed=3) != breed(BreedingSettings(), of=10, seed=4)


def test_one_parent_breeds_by_mutation_alone_even_without_mutations_asked_for() -> None:
    born = breed(BreedingSettings.paper(size=6, parents=1, elites=1, mutations=0), of=6)
    assert set().union(*(one.operator.split("+") for one in born[1:])) <= set(MUTATIONS)
    assert {one.parents for one in born[1:]} == {(born[0].id,)}


def test_twins_among_those_told_give_one_elite() -> None:
    genome = random_genome(FRAME, np.random.default_rng(0))
    born = told(BreedingSettings(size=4, elites=2), [genome] * 4, [1.0] * 4).ask()
    assert [one.id < 4 for one in born] == [True, False, False, False]
    assert len({one.genome for one in born}) == 4


def test_breeding_towards_a_taste_raises_it() -> None:
    # A listener who likes high notes: ten generations must climb.
    rng, settings = np.random.default_rng(2), BreedingSettings(size=20, parents=6, taste=False)
    breeding = Breeding.begin(settings, FRAME, [random_genome(FRAME, rng) for _ in range(20)], seed=2)
    heights = []
    for _ in range(10):
        mean = np.array([pitches_of(one.genome.notes, FRAME).mean() for one in breeding.population])
        heights.append(mean.mean())
        breeding.tell([one.id for one in breeding.population], (mean - 40) / 10, np.ones(20))
        breeding.ask()
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
