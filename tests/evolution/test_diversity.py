"""Diversity, and keeping near-twins out."""

import numpy as np
import pytest

from evolution.distance import distances
from evolution.diversity import diversity, spread
from evolution.frame import Frame
from evolution.invention import random_genome
from evolution.operators.mutation import MUTATIONS

FRAME = Frame()


def test_a_generation_of_one_family_is_less_diverse_than_one_of_strangers() -> None:
    rng = np.random.default_rng(1)
    strangers = [random_genome(FRAME, rng) for _ in range(12)]
    family = [MUTATIONS["change pitch"][0](strangers[0], FRAME, rng) for _ in range(12)]
    assert diversity(family, FRAME) < 0.3 * diversity(strangers, FRAME)
    assert diversity(strangers, FRAME) == pytest.approx(distances(strangers, FRAME)[np.triu_indices(12, 1)].mean())
    assert diversity(strangers[:1], FRAME) == 0


def test_of_near_twins_only_the_best_stays() -> None:
    apart = np.array([[0.0, 0.05, 0.6, 0.7], [0.05, 0.0, 0.6, 0.7], [0.6, 0.6, 0.0, 0.5], [0.7, 0.7, 0.5, 0.0]])
    worth = np.array([3.0, 4.0, 1.0, 2.0])
    assert spread(worth, apart, 3, 0.1).tolist() == [1, 3, 2]
    assert spread(worth, apart, 3, 0.0).tolist() == [1, 0, 3]


def test_places_left_empty_by_twins_are_filled_by_the_furthest() -> None:
    points = np.array([0.0, 0.01, 0.03, 0.02])
    apart = np.abs(points[:, None] - points)
    assert spread(np.array([4.0, 3.0, 2.0, 1.0]), apart, 3, 0.5).tolist() == [0, 2, 1]
    assert spread(np.array([4.0, 3.0]), apart[:2, :2], 5, 0.5).tolist() == [0, 1]
    assert spread(np.zeros(0), np.zeros((0, 0)), 3, 0.5).tolist() == []


def test_crowding_keeps_a_generation_more_diverse_than_worth_alone() -> None:
    rng = np.random.default_rng(2)
    families = [random_genome(FRAME, rng) for _ in range(6)]
    candidates = [MUTATIONS["change pitch"][0](families[i % 6], FRAME, rng) for i in range(48)]
    # Worth goes with the family, as fitness does: without crowding one family takes all the places.
    worth = np.array([6.0 - i % 6 for i in range(48)]) + rng.normal(0, 0.1, 48)
    apart = distances(candidates, FRAME)
    kept = [[candidates[i] for i in spread(worth, apart, 6, least)] for least in (0.0, 0.2)]
    assert diversity(kept[1], FRAME) > 3 * diversity(kept[0], FRAME)
