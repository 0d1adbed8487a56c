"""What holds for every crossover and every mutation, whatever the phrase and the frame."""

import numpy as np
import pytest
from hypothesis import given, settings

from evolution.frame import Frame
from evolution.genes import Genome, slots_of, steps_of
from evolution.invention import random_genome
from evolution.operators.crossover import CROSSOVER_SHARES, CROSSOVERS, cut_at_bar
from evolution.operators.mutation import MUTATION_SHARES, MUTATIONS, UNCHANGED, mutate, mutate_named
from evolution.operators.phrase import step_range
from evolution.operators.rewriting import REWRITE, Variant, pick_variant, rewrite_bar
from generation.score.grid import DURATION_SLOTS
from tests.evolution.strategies import assert_fits, frames, frames_with_genomes, generators

PHRASES = 40


def phrases(frame: Frame, seed: int, count: int = PHRASES) -> list[Genome]:
    rng = np.random.default_rng(seed)
    return [random_genome(frame, rng) for _ in range(count)]


def copied(genome: Genome) -> Genome:
    return Genome(genome.notes.copy(), genome.expression)


@settings(max_examples=40, deadline=None)
@given(case=frames_with_genomes(2), rng=generators())
def test_every_crossover_keeps_bars_ranges_and_parents(
    case: tuple[Frame, list[Genome]], rng: np.random.Generator
) -> None:
    frame, (mother, father) = case
    before = copied(mother), copied(father)
    for crossover in CROSSOVERS.values():
        assert_fits(crossover(mother, father, frame, rng), frame)
        assert (mother, father) == before


@settings(max_examples=40, deadline=None)
@given(case=frames_with_genomes(), rng=generators())
def test_every_mutation_keeps_bars_ranges_and_its_parent(
    case: tuple[Frame, list[Genome]], rng: np.random.Generator
) -> None:
    frame, (genome,) = case
    before = copied(genome)
    for operator, _ in MUTATIONS.values():
        assert_fits(operator(genome, frame, rng), frame)
        assert genome == before


@settings(max_examples=25, deadline=None)
@given(case=frames_with_genomes(), rng=generators())
def test_no_pitch_sounds_twice_at_once_after_any_mutation(
    case: tuple[Frame, list[Genome]], rng: np.random.Generator
) -> None:
    frame, (genome,) = case
    for name, (operator, _) in MUTATIONS.items():
        child = operator(genome, frame, rng).notes
        slots = slots_of(child, frame)
        ends = slots + DURATION_SLOTS[child["duration"]]
        names = [(int(note["octave"]), int(note["degree"]), int(note["alteration"])) for note in child]
        for sounding in set(names):
            same = [i for i, other in enumerate(names) if other == sounding]
            assert (slots[same][1:] >= ends[same][:-1]).all(), name
        assert (ends <= frame.slots).all(), name


@settings(max_examples=20, deadline=None)
@given(case=frames_with_genomes(2))
def test_the_same_seed_gives_the_same_child(case: tuple[Frame, list[Genome]]) -> None:
    frame, (mother, father) = case
    again = copied(mother), copied(father)
    for crossover in CROSSOVERS.values():
        assert crossover(mother, father, frame, seeded(8)) == crossover(*again, frame, seeded(8))
    for operator, _ in MUTATIONS.values():
        assert operator(mother, frame, seeded(9)) == operator(again[0], frame, seeded(9))


def seeded(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_changes_most_phrases(name: str) -> None:
    frame, rng = Frame(notes_per_bar=3), np.random.default_rng(4)
    worn = [mutate(mutate(mutate(phrase, frame, rng), frame, rng), frame, rng) for phrase in phrases(frame, 4)]
    changed = [MUTATIONS[name][0](phrase, frame, rng) != phrase for phrase in worn]
    assert np.mean(changed) > 0.55


@pytest.mark.parametrize("name", CROSSOVERS)
def test_every_crossover_makes_children_unlike_either_parent(name: str) -> None:
    frame, rng = Frame(), np.random.default_rng(5)
    parents = phrases(frame, 5)
    pairs = list(zip(parents[::2], parents[1::2], strict=True))
    unlike = [CROSSOVERS[name](mother, father, frame, rng) not in (mother, father) for mother, father in pairs]
    assert np.mean(unlike) > 0.8


def test_an_empty_phrase_takes_a_note_and_no_other_harm() -> None:
    frame = Frame()
    empty = Genome(random_genome(frame, seeded(0)).notes[:0])
    for operator, _ in MUTATIONS.values():
        assert_fits(operator(empty, frame, seeded(1)), frame)
    changed, name = mutate_named(empty, frame, seeded(3), {"insert note": 1.0})
    assert (len(changed.notes), name) == (1, "insert note")


@settings(max_examples=25, deadline=None)
@given(frames(), generators())
def test_phrases_mutated_many_times_stay_in_the_scale_and_near_the_root(frame: Frame, rng: np.random.Generator) -> None:
    genome = random_genome(frame, rng)
    for _ in range(20):
        genome = mutate(genome, frame, rng)
    low, high = step_range(frame)
    assert (genome.notes["alteration"] == 1).all()
    assert ((steps_of(genome.notes, frame) >= low) & (steps_of(genome.notes, frame) <= high)).all()


def test_phrases_mutated_many_times_neither_fill_up_nor_fall_silent() -> None:
    frame, rng = Frame(notes_per_bar=5), np.random.default_rng(11)
    given = phrases(frame, 11, 30)
    grown = []
    for phrase in given:
        child = phrase
        for _ in range(40):
            child = mutate(child, frame, rng)
        grown.append(len(child.notes) / len(phrase.notes))
    assert 0.6 < float(np.median(grown)) < 1.4
    assert max(grown) < 3


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


def test_a_mutation_that_changes_nothing_is_drawn_again_and_the_one_that_did_is_named() -> None:
    frame, rng = Frame(bars=1), np.random.default_rng(2)
    phrase = random_genome(frame, rng)
    shares = {"swap bars": 1.0, "transpose phrase": 1.0}
    named = [mutate_named(phrase, frame, rng, shares) for _ in range(30)]
    assert {name for _, name in named} == {"transpose phrase"}
    assert all(child != phrase for child, _ in named)
    assert mutate_named(phrase, frame, rng, {"swap bars": 1.0}) == (phrase, UNCHANGED)


def test_mutations_are_drawn_by_their_shares() -> None:
    frame, rng = Frame(), np.random.default_rng(3)
    phrase = random_genome(frame, rng)
    drawn = [mutate_named(phrase, frame, rng, {"change pitch": 3.0, "swell": 1.0})[1] for _ in range(400)]
    assert 0.65 < drawn.count("change pitch") / 400 < 0.85


def test_a_bar_that_a_network_wrote_is_set_into_the_child_and_the_others_stay() -> None:
    frame, rng = Frame(), np.random.default_rng(7)
    phrase, other = random_genome(frame, rng), random_genome(frame, rng)
    variants = (Variant(2, other),)
    child, name = mutate_named(phrase, frame, rng, {REWRITE: 1.0}, variants=variants)
    assert name == REWRITE
    for bar in range(frame.bars):
        source = other if bar == 2 else phrase
        assert bars_onsets(child, bar) == bars_onsets(source, bar)
    assert REWRITE in MUTATION_SHARES
    assert mutate_named(phrase, frame, rng, {REWRITE: 1.0}) == (phrase, UNCHANGED)
    assert rewrite_bar(phrase, frame, rng, ()) is phrase
    assert pick_variant((), rng) is None


def bars_onsets(genome: Genome, bar: int) -> list[tuple[int, ...]]:
    there = genome.notes[genome.notes["bar"] == bar]
    return [(int(n["position"]), int(n["degree"]), int(n["octave"])) for n in there]


def test_every_crossover_has_a_share() -> None:
    assert set(CROSSOVER_SHARES) == set(CROSSOVERS)
    assert all(share > 0 for share in [*CROSSOVER_SHARES.values(), *MUTATION_SHARES.values()])
