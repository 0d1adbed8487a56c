"""Listeners in a simulated room: they tire, rest, drift, leave; and the same seed seats the same people."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from evolution.crowd import LIFELIKE, CrowdError, CrowdSettings, Liked, Room
from evolution.frame import Frame
from evolution.genome import express
from evolution.invention import random_genome

FRAME = Frame()
HONEST = CrowdSettings(n_listeners=40, clicker_share=0.0, bias_deviation=0.0, scale_deviation=0.0, noise_spread=0.0)


def alike(room: Room, liking: float, n: int) -> Liked:
    """As many phrases that everybody likes by so much."""
    traits = np.zeros((n, room.tastes.points.shape[1]))
    return Liked(np.full((room.crowd.settings.n_tastes, n), liking), traits)


def answers(room: Room, liking: float, times: int) -> NDArray[np.float64]:
    """What everybody in their seats answers, time after time, shape (times, seats)."""
    liked = alike(room, liking, len(room.seats))
    return np.stack([room.rate(room.seats, liked) for _ in range(times)])


def phrases(room: Room, count: int) -> Liked:
    rng = np.random.default_rng(3)
    return room.hear([express(random_genome(FRAME, rng), FRAME) for _ in range(count)])


def test_ratings_follow_what_is_liked() -> None:
    room = Room.open(replace(HONEST, noise_deviation=0.3), FRAME, np.random.default_rng(0))
    assert answers(room, 2.0, 5).mean() == pytest.approx(2.5 + 2.5 * np.tanh(0.8), abs=0.15)
    assert answers(room, -2.0, 5).mean() == pytest.approx(2.5 - 2.5 * np.tanh(0.8), abs=0.15)


def test_noise_grows_and_attention_falls_in_a_sitting_and_a_rest_restores_both() -> None:
    settings = replace(HONEST, n_listeners=300, noise_deviation=0.5, fatigue=1.0, sitting=10)
    room = Room.open(settings, FRAME, np.random.default_rng(0))
    given = answers(room, 1.2, 11)
    fresh, tired, rested = given[0], given[9], given[10]
    assert tired.std() > 1.5 * fresh.std()
    assert tired.mean() < fresh.mean() - 0.2
    assert rested.std() == pytest.approx(fresh.std(), abs=0.15)


def test_listeners_leave_after_a_sitting_and_others_sit_down() -> None:
    settings = replace(HONEST, n_listeners=60, turnover=0.5, sitting=5)
    room = Room.open(settings, FRAME, np.random.default_rng(1))
    before = room.seats.copy()
    answers(room, 0.0, 4)
    assert np.array_equal(room.seats, before)
    answers(room, 0.0, 1)
    assert 0.3 < np.mean(room.seats != before) < 0.7
    assert room.n_listeners == 60 + np.sum(room.seats != before)
    assert len(set(room.seats.tolist())) == 60
    assert answers(room, 0.0, 1).shape == (1, 60)


def test_newcomers_click_as_often_as_the_others() -> None:
    settings = CrowdSettings(n_listeners=100, clicker_share=0.3, turnover=1.0, sitting=1)
    room = Room.open(settings, FRAME, np.random.default_rng(2))
    answers(room, 0.0, 4)
    newcomers = room.crowd.clicker[100:]
    assert len(newcomers) == 400
    assert np.mean(newcomers >= 0) == pytest.approx(0.3, abs=0.07)


def test_personal_taste_is_a_listeners_own_and_drifts_only_when_told_to() -> None:
    def first_and_last(drift: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        settings = replace(HONEST, noise_deviation=0.01, personal_deviation=1.5, drift=drift, sitting=1)
        room = Room.open(settings, FRAME, np.random.default_rng(4))
        liked = phrases(room, len(room.seats))
        given = [room.rate(room.seats, liked) for _ in range(6)]
        return given[0], given[-1]

    first, last = first_and_last(0.0)
    assert np.mean(first != last) < 0.1
    first, last = first_and_last(1.0)
    assert np.mean(first != last) > 0.4


def test_those_who_listen_share_the_tastes_evenly() -> None:
    room = Room.open(CrowdSettings(n_listeners=40, n_tastes=2), FRAME, np.random.default_rng(5))
    listens = room.crowd.clicker < 0
    assert abs(int(np.sum(room.crowd.taste[listens] == 0)) - int(np.sum(room.crowd.taste[listens] == 1))) <= 1


def test_true_appeal_is_the_mean_over_tastes_before_bias() -> None:
    room = Room.open(LIFELIKE, FRAME, np.random.default_rng(6))
    liked = phrases(room, 12)
    assert liked.appeal.shape == (2, 12)
    assert liked.true_appeal == pytest.approx(liked.appeal.mean(axis=0))
    assert liked.take(np.array([3])).true_appeal[0] == liked.true_appeal[3]


def test_the_same_seed_seats_the_same_people_with_the_same_answers() -> None:
    def play(seed: int) -> NDArray[np.float64]:
        room = Room.open(replace(LIFELIKE, sitting=3), FRAME, np.random.default_rng(seed))
        liked = phrases(room, len(room.seats))
        return np.stack([room.rate(room.seats, liked) for _ in range(10)])

    assert np.array_equal(play(1), play(1))
    assert not np.array_equal(play(1), play(2))


def test_settings_come_back_from_json_and_a_crowd_that_cannot_be_is_refused() -> None:
    assert CrowdSettings.from_json(LIFELIKE.to_json()) == LIFELIKE
    with pytest.raises(CrowdError, match=r"^n_tastes: expected a whole number from 1"):
        CrowdSettings(n_tastes=0)
    with pytest.raises(CrowdError, match=r"^turnover: expected a number from 0 to 1"):
        CrowdSettings(turnover=1.5)
    with pytest.raises(CrowdError, match=r"^mood: expected only fields"):
        CrowdSettings.from_json({"mood": 1})


@pytest.mark.parametrize("correlation", [-0.4, 0.0, 0.6])
def test_tastes_agree_by_as_much_as_asked_for_and_each_stays_as_wide(correlation: float) -> None:
    settings = replace(HONEST, n_tastes=3, taste_correlation=correlation)
    room = Room.open(settings, FRAME, np.random.default_rng(5))
    appeal = phrases(room, 300).appeal
    between = np.asarray(np.corrcoef(appeal))[np.triu_indices(3, 1)]
    assert between == pytest.approx(np.full(3, correlation), abs=0.15)
    assert appeal.std(axis=1) == pytest.approx(np.full(3, settings.appeal_deviation), abs=0.12)


def test_tastes_that_cannot_disagree_so_much_are_refused() -> None:
    with pytest.raises(CrowdError, match=r"^taste_correlation: expected none or a number between -0.5 and 1, got -0.6"):
        replace(HONEST, n_tastes=3, taste_correlation=-0.6)
