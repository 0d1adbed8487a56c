"""How well the fitness finds a simulated crowd's true taste: 48 phrases, 12 listeners, two of them clickers."""

import numpy as np
import pytest
from numpy.typing import NDArray

from evolution.crowd import CrowdSettings, assign, gather
from evolution.fitness import Estimate, Ratings, draw, estimate

N_PHRASES = 48
SETTINGS = CrowdSettings()


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    ranks = [np.argsort(np.argsort(values)) for values in (first, second)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def rate(each: int, seed: int) -> tuple[Ratings, NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    crowd = gather(SETTINGS, rng)
    appeal = rng.normal(0, SETTINGS.appeal_deviation, N_PHRASES)
    pairs = assign(n_listeners=SETTINGS.n_listeners, n_individuals=N_PHRASES, ratings_each=each, rng=rng)
    return crowd.rate(appeal, *pairs, rng), appeal


def correlations(each: int, runs: int) -> tuple[float, float]:
    """Mean rank correlation with the true appeal: ours, and the plain mean's."""
    ours, plain = [], []
    for seed in range(runs):
        ratings, appeal = rate(each, seed)
        fitted = estimate(ratings, n_listeners=SETTINGS.n_listeners, n_individuals=N_PHRASES)
        mean = np.bincount(ratings.individual, ratings.value, minlength=N_PHRASES) / each
        ours.append(spearman(fitted.mean, appeal))
        plain.append(spearman(mean + np.random.default_rng(seed).normal(0, 1e-9, N_PHRASES), appeal))
    return float(np.mean(ours)), float(np.mean(plain))


def test_four_ratings_each_find_the_true_order_in_spite_of_clickers() -> None:
    ours, plain = correlations(4, 300)
    assert ours >= 0.76
    assert plain == pytest.approx(0.677, abs=0.02)  # the crowd is as hard as the one the target was set with
    assert ours > plain + 0.06


@pytest.mark.parametrize(("each", "target"), [(2, 0.59), (8, 0.86), (12, 0.91)])
def test_fewer_and_more_ratings_do_as_well_as_the_model_can(each: int, target: float) -> None:
    ours, plain = correlations(each, 100)
    assert ours >= target
    assert ours > plain + 0.03


def coverage(found: Estimate, appeal: NDArray[np.float64]) -> tuple[float, float]:
    """Shares of 95% intervals that hold the true fitness, and the true distance from the phrases' mean."""
    off = found.mean - SETTINGS.level - appeal
    absolute = np.abs(off) < 1.96 * found.standard_error
    return float(np.mean(absolute)), float(np.mean(np.abs(off - off.mean()) < 1.96 * found.appeal_error))


@pytest.mark.parametrize("each", [2, 4, 8])
def test_live_intervals_hold_the_truth_as_often_as_they_say(each: int) -> None:
    shares = []
    for seed in range(100):
        ratings, appeal = rate(each, seed)
        fitted = estimate(ratings, n_listeners=SETTINGS.n_listeners, n_individuals=N_PHRASES)
        shares.append(coverage(fitted, appeal))
    for share in np.mean(shares, axis=0):
        assert 0.90 <= share <= 0.97


def test_drawn_intervals_hold_the_truth_as_often_as_they_say() -> None:
    shares, correlation = [], []
    for seed in range(30):
        ratings, appeal = rate(4, seed)
        rng = np.random.default_rng(seed)
        drawn = draw(ratings, n_listeners=SETTINGS.n_listeners, n_individuals=N_PHRASES, rng=rng, draws=200)
        shares.append(coverage(drawn, appeal))
        correlation.append(spearman(drawn.mean, appeal))
    absolute, relative = np.mean(shares, axis=0)
    assert 0.90 <= relative <= 0.97
    assert 0.90 <= absolute <= 0.97
    assert np.mean(correlation) > 0.73


def test_widening_is_what_makes_live_intervals_honest() -> None:
    ratings, _ = rate(4, seed=0)
    sizes = (SETTINGS.n_listeners, N_PHRASES)
    widened = estimate(ratings, n_listeners=sizes[0], n_individuals=sizes[1])
    narrow = estimate(ratings, n_listeners=sizes[0], n_individuals=sizes[1], widen=1.0)
    assert widened.standard_error == pytest.approx(1.4 * narrow.standard_error)


def test_a_crowd_has_its_share_of_clickers_and_rates_in_whole_points() -> None:
    rng = np.random.default_rng(1)
    crowd = gather(CrowdSettings(n_listeners=100), rng)
    assert int((crowd.clicker >= 0).sum()) == 17
    listener, individual = assign(n_listeners=100, n_individuals=30, ratings_each=50, rng=rng)
    ratings = crowd.rate(np.zeros(30), listener, individual, rng)
    assert set(np.unique(ratings.value)) <= {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}
    constant = int(np.flatnonzero(crowd.clicker == 1)[0])
    assert set(ratings.value[ratings.listener == constant]) == {crowd.constant[constant]}


def test_assignment_is_even_and_gives_nobody_a_phrase_twice() -> None:
    listener, individual = assign(n_listeners=12, n_individuals=48, ratings_each=4, rng=np.random.default_rng(0))
    assert set(np.bincount(individual)) == {4}
    assert np.ptp(np.bincount(listener)) <= 1
    assert len(set(zip(listener.tolist(), individual.tolist(), strict=True))) == 192
    with pytest.raises(ValueError, match=r"^ratings_each: expected at most the 3"):
        assign(n_listeners=3, n_individuals=2, ratings_each=4, rng=np.random.default_rng(0))
