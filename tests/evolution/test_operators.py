"""Crossover, mutation and selection."""

import numpy as np
import pytest
from hypothesis import given, settings

from evolution.frame import Frame
from evolution.genes import Genome, pitches_of, slots_of
from evolution.invention import random_genome
from evolution.operators.crossover import CROSSOVERS, cut_at_bar
from evolution.operators.mutation import MUTATIONS, mutate
from evolution.operators.selection import best, tournament, weighted_pair
from tests.evolution.strategies import assert_fits, frames, frames_with_genomes, generators


@pytest.mark.parametrize("name", CROSSOVERS)
@settings(max_examples=40)
@given(case=frames_with_genomes(2), rng=generators())
def test_crossover_keeps_bars_and_ranges(name: str, case: tuple[Frame, list[Genome]], rng: np.random.Generator) -> None:
    frame, (mother, father) = case
    assert_fits(CROSSOVERS[name](mother, father, frame, rng), frame)


@pytest.mark.parametrize("name", MUTATIONS)
@settings(max_examples=40)
@given(case=frames_with_genomes(), rng=generators())
def test_mutation_keeps_bars_and_ranges(name: str, case: tuple[Frame, list[Genome]], rng: np.random.Generator) -> None:
    frame, (genome,) = case
    before = genome.notes.tobytes()
    assert_fits(MUTATIONS[name][0](genome, frame, rng), frame)
    assert genome.notes.tobytes() == before


@settings(max_examples=40)
@given(frames_with_genomes(2))
def test_the_same_seed_gives_the_same_child(case: tuple[Frame, list[Genome]]) -> None:
    frame, (mother, father) = case
    children = [
        mutate(cut_at_bar(mother, father, frame, np.random.default_rng(8)), frame, np.random.default_rng(9))
        for _ in range(2)
    ]
    assert children[0] == children[1]


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_changes_most_phrases(name: str) -> None:
    frame, rng = Frame(), np.random.default_rng(4)
    phrases = [random_genome(frame, rng) for _ in range(40)]
    changed = [MUTATIONS[name][0](phrase, frame, rng) != phrase for phrase in phrases]
    assert np.mean(changed) > 0.5


def test_a_child_cut_at_a_bar_has_whole_bars_of_its_parents() -> None:
    frame, rng = Frame(bars=4), np.random.default_rng(6)
    mother, father = random_genome(frame, rng), random_genome(frame, rng)
    child = cut_at_bar(mother, father, frame, rng)
    sides = []
    for bar in range(frame.bars):
        onsets = [set(slots_of(g.notes[g.notes["bar"] == bar], frame).tolist()) for g in (child, mother, father)]
        sides.append("m" if onsets[0] == onsets[1] else "f" if onsets[0] == onsets[2] else "?")
    assert "?" not in sides
    assert "".join(sides) == "".join(sorted(sides, reverse=True))
    assert {"m", "f"} == set(sides)


@settings(max_examples=40)
@given(frames(), generators())
def test_mutated_phrases_stay_in_the_scale_and_near_the_root(frame: Frame, rng: np.random.Generator) -> None:
    genome = random_genome(frame, rng)
    root = 12 * (frame.root_octave + 1)
    for _ in range(20):
        genome = mutate(genome, frame, rng)
    assert (genome.notes["alteration"] == 1).all()
    assert (np.abs(pitches_of(genome.notes, frame) - root) <= 36).all()


def test_the_best_are_chosen_in_order_and_ties_at_random() -> None:
    fitness = np.array([1.0, 4.0, 4.0, 2.0])
    firsts = {int(best(fitness, 3, np.random.default_rng(seed))[0]) for seed in range(20)}
    assert firsts == {1, 2}
    assert best(fitness, 3, np.random.default_rng(0))[2] == 3


def test_a_pair_is_two_different_parents_the_fitter_oftener() -> None:
    rng, fitness = np.random.default_rng(0), np.array([5.0, 1.0, 0.0, -0.2])
    pairs = [weighted_pair(np.arange(4), fitness, rng) for _ in range(300)]
    assert all(first != second for first, second in pairs)
    counts = np.bincount(np.array(pairs).ravel(), minlength=4)
    assert counts[0] > counts[1] > counts[2]
    assert counts[3] > 0
    assert weighted_pair(np.array([2]), fitness, rng) == (2, 2)


def test_a_tournament_of_all_is_won_by_the_fittest() -> None:
    fitness = np.array([1.0, 3.0, 2.0])
    assert tournament(fitness, 9, np.random.default_rng(0)) == 1
