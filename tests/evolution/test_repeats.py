"""Hidden repeats: they say how consistent a listener is, and are no further voice about a phrase."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evolution.fitness import Estimate, Ratings, RatingsError, Repeats, draw, estimate
from evolution.influence import leave_one_out
from evolution.repeats import chance_of_as_unlike

SIZES: dict[str, Any] = {"n_listeners": 4, "n_individuals": 10}


def crowd() -> Ratings:
    """Four listeners who hear the same with noise, and rate everything."""
    rng = np.random.default_rng(5)
    listener, individual = (one.ravel() for one in np.meshgrid(np.arange(4), np.arange(10), indexing="ij"))
    value = np.clip(np.rint(individual / 2 + rng.normal(0, 0.8, len(individual))), 0, 5)
    return Ratings(listener, individual, value)


def pairs(*differences: tuple[int, int]) -> Repeats:
    """Of listeners pairs of answers that differ by so much."""
    return Repeats(
        np.array([listener for listener, _ in differences], dtype=np.int64),
        np.full(len(differences), 2.0),
        np.array([2.0 + by for _, by in differences]),
    )


def drawn(ratings: Ratings, repeats: Repeats | None = None) -> Estimate:
    return draw(ratings, **SIZES, repeats=repeats, rng=np.random.default_rng(1))


def fitted(ratings: Ratings, repeats: Repeats | None = None) -> Estimate:
    return estimate(ratings, **SIZES, repeats=repeats)


@pytest.mark.parametrize("fit", [fitted, drawn])
def test_who_contradicts_themselves_counts_less_and_who_agrees_counts_more(fit: Callable[..., Estimate]) -> None:
    before = fit(crowd())
    after = fit(crowd(), pairs(*[(0, 3)] * 6, *[(1, 0)] * 6))
    assert after.consistency[0] < 0.6 * before.consistency[0]
    assert after.consistency[1] > 1.2 * before.consistency[1]
    assert after.consistency[2] == pytest.approx(before.consistency[2], rel=0.25)


def test_a_repeat_is_no_further_voice() -> None:
    ratings, repeats = crowd(), pairs((0, 0))
    again = Ratings(
        np.append(ratings.listener, 0), np.append(ratings.individual, 0), np.append(ratings.value, ratings.value[0])
    )
    sure = fitted(ratings).appeal_error[0]
    assert fitted(again).appeal_error[0] < 0.95 * sure
    assert fitted(ratings, repeats).appeal_error[0] == pytest.approx(sure, rel=0.04)


def test_without_repeats_nothing_changes() -> None:
    assert np.array_equal(fitted(crowd()).mean, fitted(crowd(), pairs()).mean)
    assert np.array_equal(drawn(crowd()).mean, drawn(crowd(), pairs()).mean)


def test_leaving_somebody_out_knows_of_repeats() -> None:
    found = leave_one_out(crowd(), **SIZES, repeats=pairs((0, 4), (0, 4)), count=3)
    assert len(found) == 4


@pytest.mark.parametrize(
    ("repeats", "says"),
    [
        (pairs((7, 0)), "repeats.listener"),
        (Repeats(np.array([0]), np.array([1.0, 2.0]), np.array([1.0])), "one length"),
        (Repeats(np.array([0]), np.array([np.nan]), np.array([1.0])), "numbers"),
    ],
)
def test_repeats_that_make_no_sense_are_refused(repeats: Repeats, says: str) -> None:
    with pytest.raises(RatingsError, match=says):
        fitted(crowd(), repeats)


def test_two_pairs_far_apart_are_improbable_of_somebody_who_agreed_with_themselves_before() -> None:
    assert chance_of_as_unlike(np.array([0.0, 1, 0, 1, 3, -3])) < 0.02
    assert chance_of_as_unlike(np.array([3.0, 3, -3, 3, 3, -3])) > 0.2  # who never did has not changed
    assert chance_of_as_unlike(np.array([3.0, -3, 1, 0, 1, 0])) > 0.5  # it is the newest that are judged
    assert chance_of_as_unlike(np.array([5.0])) == chance_of_as_unlike(np.array([])) == 1.0


def test_the_chance_is_one_of_those_it_says_it_is() -> None:
    """Of listeners drawn from what is expected of them a twentieth is found in the lowest twentieth."""
    rng = np.random.default_rng(8)
    consistency = rng.gamma(3.0, 1 / 3.0, 4_000)
    differences = rng.normal(size=(4_000, 7)) * np.sqrt(2 / consistency)[:, None]
    chances = np.array([chance_of_as_unlike(one) for one in differences])
    assert np.mean(chances < 0.05) == pytest.approx(0.05, abs=0.012)
    assert np.mean(chances < 0.5) == pytest.approx(0.5, abs=0.03)
