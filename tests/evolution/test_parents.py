"""Who would be a parent, what choosing now costs, and whom to ask next."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.fitness import Estimate, draw, estimate
from evolution.informative import next_to_hear, worth_hearing
from evolution.parents import ParentsError, cut_between, expected_selection_error, probability_of_parents
from tests.measurements.fitness_worlds import N_PARENTS, N_PHRASES, SIZES, evenly, selection_error, world


def estimate_of(mean: list[float], error: list[float], draws: np.ndarray | None = None) -> Estimate:
    n, none = len(mean), np.zeros(0)
    errors = np.array(error, dtype=np.float64)
    return Estimate(
        mean=np.array(mean, dtype=np.float64),
        standard_error=errors,
        appeal=np.array(mean) - 2.5,
        appeal_error=errors,
        bias=none,
        scale=none,
        scale_error=none,
        consistency=none,
        listening=none,
        level=2.5,
        generation_mean=np.zeros(1),
        appeal_variance=0.64,
        child_variance=0.2,
        prior_variance=none,
        bias_variance=0.49,
        inheritance=1.0,
        sweeps=n,
        draws=draws,
    )


def drawn(mean: list[float], error: list[float], n: int = 20_000) -> Estimate:
    """The same beliefs as draws."""
    draws = np.random.default_rng(0).normal(mean, error, (n, len(mean)))
    return estimate_of(mean, error, draws)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-3, 8), st.floats(0, 2)), min_size=2, max_size=12),
    st.integers(1, 12),
)
def test_probabilities_sum_to_the_number_of_parents_and_the_error_is_none_below_zero(
    beliefs: list[tuple[float, float]], count: int
) -> None:
    mean, error = [list(part) for part in zip(*beliefs, strict=True)]
    count = min(count, len(mean))
    for fitted in (estimate_of(mean, error), drawn(mean, error, 200)):
        share = probability_of_parents(fitted, np.arange(len(mean)), count)
        assert share.sum() == pytest.approx(count, rel=1e-6)
        assert (share >= 0).all()
        assert 0 <= expected_selection_error(fitted, np.arange(len(mean)), count) < 10


def test_counted_draws_and_the_normals_agree() -> None:
    mean, error = [2.0, 2.2, 2.5, 2.6, 3.0, 3.4, 1.0, 2.1], [0.4, 0.1, 0.5, 0.3, 0.4, 0.6, 0.2, 0.5]
    counted, normal = (
        probability_of_parents(fitted, np.arange(8), 3) for fitted in (drawn(mean, error), estimate_of(mean, error))
    )
    assert normal == pytest.approx(counted, abs=0.06)
    exact, bound = (
        expected_selection_error(fitted, np.arange(8), 3) for fitted in (drawn(mean, error), estimate_of(mean, error))
    )
    assert exact - 0.01 < bound < exact + 0.1


def test_who_is_surely_best_is_surely_a_parent_and_costs_nothing() -> None:
    for fitted in (estimate_of([1, 5, 2], [0.1] * 3), drawn([1, 5, 2], [0.1] * 3)):
        assert probability_of_parents(fitted, np.arange(3), 1) == pytest.approx([0, 1, 0], abs=1e-6)
        assert expected_selection_error(fitted, np.arange(3), 1) == pytest.approx(0, abs=1e-3)
        assert expected_selection_error(fitted, np.arange(3), 3) == pytest.approx(0, abs=1e-3)


def test_only_candidates_count() -> None:
    fitted = estimate_of([5, 1, 2, 3], [0.01] * 4)
    assert probability_of_parents(fitted, np.array([1, 2, 3]), 1) == pytest.approx([0, 0, 1], abs=1e-6)


def test_more_ratings_make_the_expected_error_smaller_and_it_is_about_the_true_one() -> None:
    expected: dict[int, list[float]] = {2: [], 8: []}
    true: dict[int, list[float]] = {2: [], 8: []}
    for each in expected:
        for seed in range(5000, 5010):
            of = world(seed)
            fitted = draw(evenly(of, each), **SIZES, rng=np.random.default_rng(seed), draws=100)
            expected[each].append(expected_selection_error(fitted, np.arange(N_PHRASES), N_PARENTS))
            true[each].append(selection_error(fitted.mean, of.appeal))
    assert np.mean(expected[8]) < 0.6 * np.mean(expected[2])
    for each in expected:
        assert np.mean(expected[each]) == pytest.approx(np.mean(true[each]), rel=0.4)


def test_parents_that_cannot_be_chosen_are_refused() -> None:
    fitted = estimate_of([1, 2], [1, 1])
    with pytest.raises(ParentsError, match=r"^count: expected 1 to 2 parents, got 3"):
        probability_of_parents(fitted, np.arange(2), 3)
    with pytest.raises(ParentsError, match=r"^candidates: expected indices from 0 to 1, got 0 to 5"):
        expected_selection_error(fitted, np.array([0, 5]), 1)
    with pytest.raises(ParentsError, match=r"^count: expected"):
        cut_between(np.zeros(2), 0)


def test_the_cut_lies_between_the_last_parent_and_the_first_of_the_others() -> None:
    assert cut_between(np.array([1.0, 4.0, 3.0, 2.0]), 2) == pytest.approx(2.5)
    assert cut_between(np.array([1.0, 4.0]), 2) == pytest.approx(1.0)


def test_worth_hearing_is_what_is_unsure_and_close_to_the_cut() -> None:
    worth = worth_hearing(np.array([2.0, 3.0, 2.0, 4.5]), np.array([0.5, 0.5, 0.1, 0.5]), 2.0)
    assert worth[0] == pytest.approx(0.5)
    assert worth[0] > worth[1] > worth[3]
    assert worth[0] > worth[2]
    assert worth[1] == pytest.approx(0.5 * np.exp(-1))


def test_all_are_heard_twice_before_any_is_preferred() -> None:
    rng = np.random.default_rng(0)
    counts, worth = np.zeros(10, dtype=np.int64), np.linspace(0, 1, 10)
    for _ in range(20):
        phrase = next_to_hear(counts, worth, np.ones(10, dtype=np.bool_), rng)
        assert phrase is not None
        counts[phrase] += 1
    assert set(counts) == {2}
    later = [next_to_hear(counts, worth, np.ones(10, dtype=np.bool_), rng) for _ in range(50)]
    assert set(later) == {9}


def test_nobody_is_sent_to_what_they_have_heard() -> None:
    rng = np.random.default_rng(0)
    counts = np.full(4, 5)
    assert next_to_hear(counts, np.arange(4.0), np.array([True, True, False, False]), rng) == 1
    assert next_to_hear(counts, np.arange(4.0), np.zeros(4, dtype=np.bool_), rng) is None


def test_a_live_estimate_gives_the_same_answer_each_time() -> None:
    fitted = estimate(evenly(world(5001), 4), **SIZES)
    one, other = (probability_of_parents(fitted, np.arange(N_PHRASES), N_PARENTS) for _ in range(2))
    assert np.array_equal(one, other)
