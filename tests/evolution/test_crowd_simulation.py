"""Strategies tried out on simulated rooms."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from evolution.algorithm import BreedingSettings
from evolution.crowd import LIFELIKE, CrowdSettings, Room
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.genome import express
from evolution.invention import random_genome
from evolution.simulation import OURS, STUDY, STUDY_ON_GRID, History, Strategy, Trial, changed_part_by_part, simulate
from evolution.simulation.breeders import Newborn
from evolution.simulation.curves import Curve, curve, needed_by_each, times_fewer, times_fewer_interval
from evolution.simulation.listening import Listening
from evolution.simulation.offering import even_choice, informative_choice, selection_error

PLAIN = OURS.named("plain", start="random", breeding={"taste": False})
FRAME = Frame(bars=2)
PHRASES = [random_genome(FRAME, np.random.default_rng(seed)) for seed in range(40)]
SMALL = Trial(LIFELIKE, size=6, budget=100, frame=FRAME, phrases={"samples": PHRASES, "cut pieces": PHRASES[::-1]})
EASY = CrowdSettings(n_listeners=6, clicker_share=0.0, noise_deviation=0.3, bias_deviation=0.2)


def history(ratings: list[int], chosen: list[float]) -> History:
    appeal = np.array(chosen)
    return History(np.array(ratings), appeal, appeal - 0.1, appeal - 0.2, appeal, np.ones_like(appeal))


def test_the_same_seed_gives_the_same_history_and_another_seed_another() -> None:
    first, again, other = (simulate(PLAIN, SMALL, seed=seed).to_json() for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert History.from_json(first).to_json() == first


@pytest.mark.parametrize("strategy", [STUDY, STUDY_ON_GRID, PLAIN], ids=lambda strategy: strategy.name)
def test_no_strategy_spends_more_than_it_has(strategy: Strategy) -> None:
    run = simulate(strategy, SMALL, seed=0)
    assert len(run.ratings) > 0
    assert (np.diff(run.ratings) > 0).all()
    assert run.ratings[-1] <= 100 + 12


def test_the_study_asks_everybody_about_everything_in_each_generation() -> None:
    trial = replace(SMALL, crowd=replace(LIFELIKE, n_listeners=4, turnover=0.0), budget=100)
    assert simulate(STUDY, trial, seed=0).ratings.tolist() == [24, 48, 72, 96]
    assert simulate(STUDY_ON_GRID, trial, seed=0).ratings.tolist() == [24, 48, 72, 96]


def test_elites_that_keep_their_ratings_are_not_asked_again() -> None:
    full = replace(PLAIN, closing_error=0.0, quorum=0, assignment="even")
    trial = replace(SMALL, crowd=replace(LIFELIKE, n_listeners=4, turnover=0.0), budget=100)
    new = 6 - BreedingSettings().elites
    assert np.diff(simulate(full, trial, seed=0).ratings).tolist()[:2] == [4 * new, 4 * new]


def test_a_crowd_that_knows_what_it_likes_breeds_what_it_likes() -> None:
    trial = Trial(EASY, size=10, budget=240, frame=Frame(bars=2))
    gained, drifted = [], []
    for seed in range(2):
        run = simulate(PLAIN, trial, seed=seed)
        gained.append(run.mean[-1] - run.mean[0])
        lost = simulate(PLAIN.named("no selection", breeding={"selecting": False}), trial, seed=seed)
        drifted.append(lost.mean[-1] - lost.mean[0])
    assert np.mean(gained) > 0.5
    assert np.mean(gained) > np.mean(drifted) + 0.4


def test_each_part_can_be_taken_away_or_put_in() -> None:
    names = [strategy.name for strategy in changed_part_by_part(OURS)]
    assert len(set(names)) == len(names) == 10
    for strategy in changed_part_by_part(OURS):
        assert strategy != OURS
        assert len(simulate(strategy, replace(SMALL, budget=40), seed=0).ratings) >= 1


def test_a_start_that_nobody_handed_in_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^phrases: expected some called 'cut pieces', got \[\]"):
        simulate(OURS, replace(SMALL, phrases={}), seed=0)


def test_a_network_is_asked_by_a_taste_that_wants_it_and_a_taste_can_be_a_prior() -> None:
    asked: list[int] = []

    def likelihood(genomes: Sequence[Genome]) -> list[float]:
        asked.append(len(genomes))
        return [float(len(genome.notes)) for genome in genomes]

    trial = replace(SMALL, likelihood=likelihood)
    whole = OURS.named("likelihood", breeding={"taste_likelihood": True})
    informed = simulate(whole, trial, seed=0)
    assert asked
    plain = simulate(OURS, trial, seed=0)
    prior = simulate(OURS.named("prior", breeding={"taste_prior": True}), trial, seed=0)
    assert plain.to_json() != prior.to_json()
    assert plain.to_json() != informed.to_json()


def test_the_study_has_no_settings_to_change() -> None:
    with pytest.raises(ValueError, match=r"^breeding: expected a strategy on the grid"):
        STUDY.named("x", breeding={"taste": False})


def test_a_history_tells_what_was_reached_by_then() -> None:
    run = history([10, 20, 30], [0.1, 0.5, 0.4])
    assert run.at(np.array([5, 10, 19, 20, 99])).tolist() == pytest.approx([np.nan, 0.1, 0.1, 0.5, 0.4], nan_ok=True)
    assert run.at(np.array([30]), "top")[0] == pytest.approx(0.3)


def test_curves_say_how_many_times_fewer_ratings_a_level_takes() -> None:
    slow = curve([history([60, 120], [0.0, 1.0]), history([60, 120], [0.0, 1.0])], 150)
    fast = curve([history([20, 40], [0.0, 1.0]), history([10, 50], [0.0, 1.2])], 150)
    assert slow.needed(0.9) == 120
    assert fast.needed(0.9) == 50
    assert times_fewer(slow, fast, 0.9) == pytest.approx(2.4)
    assert times_fewer(slow, fast, 3.0) == 0.0
    assert fast.highest == pytest.approx(1.1)
    low, high = times_fewer_interval(slow, fast, np.random.default_rng(0))
    assert (low, high) == pytest.approx((2.4, 3.0))
    assert needed_by_each([history([20, 40], [0.0, 1.0]), history([10], [0.0])], 0.9).tolist() == [40, np.inf]


def test_the_mean_waits_for_the_slowest_run_and_quartiles_show_the_spread() -> None:
    curve_ = Curve(np.array([10, 20]), np.array([[np.nan, 0.0], [1.0, 1.0], [2.0, 2.0]]))
    assert np.isnan(curve_.mean[0])
    assert curve_.quartiles[:, 1].tolist() == [0.5, 1.0, 1.5]


def test_coverage_comes_first_and_then_what_teaches_most() -> None:
    rng = np.random.default_rng(0)
    counts, worth = np.array([2, 1, 3, 2]), np.array([0.1, 0.0, 0.9, 0.5])
    everything = np.ones(4, dtype=bool)
    assert informative_choice(worth, counts, everything, 2, rng) == 1
    assert informative_choice(worth, counts, everything, 1, rng) == 2
    assert informative_choice(worth, counts, np.array([True, False, False, True]), 1, rng) == 3
    assert informative_choice(worth, counts, ~everything, 1, rng) is None
    assert even_choice(counts, everything, rng) == 1
    assert {even_choice(counts, np.array([True, False, False, True]), rng) for _ in range(20)} == {0, 3}


def test_a_choice_between_the_clearly_different_loses_nothing_and_one_between_equals_something() -> None:
    rng = np.random.default_rng(0)
    clear = selection_error(np.array([4.0, 2.0, 1.0]), np.full(3, 0.1), 1, rng)
    unsure = selection_error(np.array([2.1, 2.0, 1.9]), np.full(3, 0.5), 1, rng)
    assert clear == pytest.approx(0, abs=1e-3)
    assert unsure > 0.2
    assert selection_error(np.array([1.0, 2.0]), np.ones(2), 2, rng) == 0


def test_a_crowd_of_two_minds_parts_and_one_of_one_mind_does_not() -> None:
    crowd = replace(EASY, n_listeners=16)
    strategy = PLAIN.named("islands", anchors=6, breeding={"islands": 3})
    for n_tastes, alike in ((2, -0.3), (1, None)):
        trial = Trial(replace(crowd, n_tastes=n_tastes, taste_correlation=alike), size=12, budget=300, frame=FRAME)
        run = simulate(strategy, trial, seed=3)
        assert run.islands[0] == 1, "nobody is known yet"
        assert run.islands[-1] == n_tastes
        assert len(run.ratings) > 3


def test_where_it_is_told_who_likes_what_the_crowd_has_parted_from_the_first_generation_on() -> None:
    crowd = replace(EASY, n_listeners=12, n_tastes=2, taste_correlation=-0.3)
    trial = Trial(crowd, size=12, budget=260, frame=FRAME)
    one, told = PLAIN, PLAIN.named("told", told=True, breeding={"islands": 2})
    assert set(simulate(told, trial, seed=1).islands.tolist()) == {2.0}
    gained = [simulate(told, trial, seed=seed).own[-1] - simulate(one, trial, seed=seed).own[-1] for seed in range(3)]
    assert np.mean(gained) > 0.2


def test_everybody_hears_each_phrase_that_tells_apart_once_and_it_takes_no_place_in_the_quorum() -> None:
    anchors = 4
    strategy = PLAIN.named("anchors", anchors=anchors, closing_error=0.0, quorum=3, assignment="even")
    crowd = replace(EASY, n_listeners=12)
    trial = Trial(crowd, size=12, budget=10_000, frame=FRAME)
    rng = np.random.default_rng(0)
    room = Room.open(crowd, FRAME, rng)
    listening = Listening(strategy, room, 3, rng)
    for generation in range(6):
        living = list(range(12 * generation, 12 * generation + 12))
        listening.welcome([Newborn(express(one, FRAME)) for one in PHRASES[:12]], {}, generation)
        before = listening.spent
        assert listening.rate(living, {}, trial.budget) is not None
        assert listening.spent - before >= 3 * 12, "each of the generation has its quorum beside"
    heard = Counter(one for one in listening.voices if one[1] < 12)
    assert set(heard.values()) == {1}
    by_phrase = Counter(individual for _, individual in heard)
    assert sorted(by_phrase.values())[-anchors:] == [12] * anchors
    assert sorted(by_phrase.values())[:-anchors] == [3] * (12 - anchors)
