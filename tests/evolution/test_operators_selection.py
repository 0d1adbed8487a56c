"""Selection: whom fitness keeps and who is bred with whom; and the weights of operators."""

import numpy as np
import pytest

from evolution.operators.selection import (
    SELECTIONS,
    SelectionError,
    Standing,
    best,
    standing,
    tournament,
    weighted_pair,
)
from evolution.operators.weights import FLOOR, Gain, adapted, effects

DRAWS = 600


def drawn(name: str, given: Standing, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    pairs = np.array([SELECTIONS[name](given, rng) for _ in range(DRAWS)])
    assert (pairs[:, 0] != pairs[:, 1]).all()
    return np.bincount(pairs.ravel(), minlength=len(given.mean)) / DRAWS


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


@pytest.mark.parametrize("name", SELECTIONS)
def test_every_selection_draws_two_different_ones_the_fitter_oftener(name: str) -> None:
    given = standing(np.array([0.5, 4.5, 3.5, 2.0, 1.0, 1.0]), np.full(6, 0.8), parents=3)
    shares = drawn(name, given)
    assert shares[1] > shares[2] > shares[3] > shares[0]
    assert shares[1] < 1.0


@pytest.mark.parametrize("name", SELECTIONS)
def test_every_selection_is_repeatable_and_knows_a_crowd_of_one_and_of_two(name: str) -> None:
    given = standing(np.arange(5.0), np.full(5, 0.5), parents=2)
    assert SELECTIONS[name](given, np.random.default_rng(3)) == SELECTIONS[name](given, np.random.default_rng(3))
    assert SELECTIONS[name](given.take(np.array([4])), np.random.default_rng(0)) == (0, 0)
    assert set(SELECTIONS[name](given.take(np.array([4, 1])), np.random.default_rng(0))) == {0, 1}


@pytest.mark.parametrize("name", SELECTIONS)
def test_every_selection_draws_from_a_crowd_that_liked_nothing(name: str) -> None:
    given = Standing(np.zeros(4), np.zeros(4), np.zeros(4))
    assert (drawn(name, given) > 0.3).all()


def test_probability_passes_over_a_lucky_one_that_the_crowd_is_unsure_of() -> None:
    # The mean alone puts 0 before 1; of a hundred draws of both fitnesses 1 is more surely among the best two.
    given = standing(np.array([3.2, 3.1, 3.0, 1.0, 1.0]), np.array([2.5, 0.1, 0.1, 0.1, 0.1]), parents=2)
    assert given.p_parent[1] > given.p_parent[0]
    shares = drawn("probability", given)
    assert shares[1] > shares[0]
    assert drawn("paper", given)[0] > drawn("paper", given)[3]


def test_a_standing_fills_in_probabilities_that_sum_to_the_parents() -> None:
    rng = np.random.default_rng(1)
    mean, error = rng.normal(2.5, 1, 40), rng.uniform(0.2, 1.0, 40)
    given = standing(mean, error, parents=8)
    assert given.p_parent.sum() == pytest.approx(8, abs=1e-6)
    drawn_fitness = rng.normal(mean, error, (4000, 40))
    counted = (np.argsort(-drawn_fitness, axis=1)[:, :8, None] == np.arange(40)).any(axis=1).mean(axis=0)
    assert np.abs(counted - given.p_parent).max() < 0.06
    assert (standing(mean[:3], error[:3], parents=5).p_parent == 1).all()
    assert standing(mean, error, parents=8, p_parent=counted).p_parent.tolist() == counted.tolist()


def test_a_standing_of_unequal_arrays_is_refused() -> None:
    with pytest.raises(SelectionError, match="one length"):
        Standing(np.zeros(3), np.zeros(2), np.zeros(3))


SHARES = {"a": 4.0, "b": 2.0, "c": 2.0}


def test_without_gains_the_shares_are_the_defaults() -> None:
    assert adapted(SHARES, []) == pytest.approx({"a": 0.5, "b": 0.25, "c": 0.25})


def test_an_operator_that_brought_more_is_chosen_oftener_and_none_dies() -> None:
    gains = [Gain("a", -1.0, 0.1)] * 20 + [Gain("b", 0.5, 0.1)] * 20 + [Gain("c", 0.0, 0.1)] * 20
    shares = adapted(SHARES, gains)
    assert sum(shares.values()) == pytest.approx(1)
    beside_defaults = {name: shares[name] / default for name, default in (("a", 0.5), ("b", 0.25), ("c", 0.25))}
    assert beside_defaults["b"] > 2 > beside_defaults["c"] > beside_defaults["a"] >= FLOOR
    assert list(shares) == list(SHARES)


def test_one_lucky_child_moves_the_shares_less_than_many() -> None:
    once, often = adapted(SHARES, [Gain("b", 1.0, 1.0)]), adapted(SHARES, [Gain("b", 1.0, 1.0), Gain("c", 0, 1.0)] * 20)
    assert 0.25 < once["b"] + 1e-9 < 0.3
    assert often["b"] > once["b"]


def test_the_gain_of_a_child_is_shared_out_among_the_operators_that_made_it() -> None:
    rng = np.random.default_rng(5)
    true = {"a": 0.5, "b": -0.5, "c": 0.0}
    gains = []
    for _ in range(300):
        names = rng.choice(list(true), size=2, replace=False)
        gains.append(Gain("+".join(names), sum(true[name] for name in names) + rng.normal(0, 0.5), 0.25))
    found = effects(gains)
    assert found["a"] - found["b"] == pytest.approx(1.0, abs=0.25)
    assert found["b"] < found["c"] < found["a"]


def test_shares_follow_what_is_best_within_a_few_generations_of_noisy_ratings() -> None:
    wins = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        names = rng.choice(["a", "b", "c"], size=60)
        true = {"a": -0.3, "b": 0.0, "c": 0.3}
        gains = [Gain(str(name), true[str(name)] + rng.normal(0, 0.7), 0.49) for name in names]
        shares = adapted(dict.fromkeys("abc", 1.0), gains)
        wins.append(shares["c"] > shares["a"])
    assert np.mean(wins) >= 0.9
