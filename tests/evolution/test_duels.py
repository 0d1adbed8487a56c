"""Duels and ratings tell of the same appeals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.crowd import CrowdSettings, gather
from evolution.fitness import Duels, Estimate, Ratings, RatingsError, draw, estimate

NOTHING = Ratings(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


def duels_of(*rows: tuple[int, int, int]) -> Duels:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Duels(table[:, 0], table[:, 1], table[:, 2])


def fight(appeal: np.ndarray, total: int, seed: int, n_listeners: int = 12) -> Duels:
    """Duels of random pairs before listeners of noise 1 in each phrase."""
    rng = np.random.default_rng(seed)
    listener = rng.integers(0, n_listeners, total)
    one = rng.integers(0, len(appeal), total)
    other = (one + rng.integers(1, len(appeal), total)) % len(appeal)
    is_first = appeal[one] - appeal[other] + rng.normal(0, np.sqrt(2), total) > 0
    return Duels(listener, np.where(is_first, one, other), np.where(is_first, other, one))


def both(ratings: Ratings, duels: Duels, n_listeners: int, n_individuals: int, draws: int = 400) -> list[Estimate]:
    sizes = {"n_listeners": n_listeners, "n_individuals": n_individuals, "duels": duels}
    live = estimate(ratings, **sizes)  # type: ignore[arg-type]
    return [live, draw(ratings, **sizes, rng=np.random.default_rng(0), draws=draws)]  # type: ignore[arg-type]


def test_who_wins_is_liked_better() -> None:
    for fitted in both(NOTHING, duels_of((0, 1, 0), (1, 1, 0), (0, 1, 2), (2, 2, 0)), 3, 4):
        assert fitted.mean[1] > fitted.mean[2] > fitted.mean[0]
        assert fitted.appeal_error[1] < fitted.appeal_error[3]


def test_a_circle_of_duels_leaves_all_alike() -> None:
    live, _ = both(NOTHING, duels_of((0, 0, 1), (0, 1, 2), (0, 2, 0)), 1, 3)
    assert np.ptp(live.mean) < 0.02


def test_duels_alone_find_the_order_and_know_how_sure_they_are() -> None:
    appeal = np.linspace(-1.5, 1.5, 16)
    held, correlation = [], []
    for seed in range(6):
        live, drawn = both(NOTHING, fight(appeal, 240, seed), 12, 16, draws=200)
        correlation.append(np.corrcoef(live.mean, appeal)[0, 1])
        assert np.corrcoef(live.mean, drawn.mean)[0, 1] > 0.98
        assert np.median(live.appeal_error / drawn.appeal_error) == pytest.approx(1, abs=0.25)
        off = drawn.appeal - drawn.appeal.mean() - appeal
        held.append(np.abs(off) < 1.96 * drawn.appeal_error)
    assert np.mean(correlation) > 0.9
    assert np.mean(held) > 0.88


def test_duels_beside_ratings_make_both_the_order_and_the_certainty_better() -> None:
    before, after = [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        appeal = rng.normal(0, 0.83, 24)
        pairs = rng.permutation(12 * 24)[:96]
        rated = gather(CrowdSettings(clicker_share=0.0), rng).rate(appeal, pairs // 24, pairs % 24, rng)
        alone = estimate(rated, n_listeners=12, n_individuals=24)
        joined = estimate(rated, n_listeners=12, n_individuals=24, duels=fight(appeal, 200, seed))
        assert joined.appeal_error.mean() < 0.9 * alone.appeal_error.mean()
        before.append(np.corrcoef(alone.mean, appeal)[0, 1])
        after.append(np.corrcoef(joined.mean, appeal)[0, 1])
    assert np.mean(after) > np.mean(before) + 0.03


def test_who_tosses_a_coin_in_duels_loses_weight() -> None:
    appeal = np.linspace(-2, 2, 20)
    good = fight(appeal, 300, 0, n_listeners=5)
    rng = np.random.default_rng(1)
    one = rng.integers(0, 20, 60)
    other = (one + rng.integers(1, 20, 60)) % 20
    joined = Duels(
        np.concatenate([good.listener, np.full(60, 5)]),
        np.concatenate([good.winner, one]),
        np.concatenate([good.loser, other]),
    )
    for fitted in both(NOTHING, joined, 6, 20):
        assert fitted.weight[5] < 0.4 * fitted.weight[:5].min()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(1, 4)), max_size=30))
def test_any_duels_at_all_give_finite_answers(rows: list[tuple[int, int, int]]) -> None:
    fought = duels_of(*[(who, one, (one + step) % 5) for who, one, step in rows])
    for fitted in both(NOTHING, fought, 4, 5, draws=20):
        assert np.isfinite(fitted.mean).all()
        assert (fitted.standard_error > 0).all()


@pytest.mark.parametrize(
    ("duels", "reason"),
    [
        (duels_of((0, 1, 1)), r"^duels: expected two different"),
        (duels_of((2, 0, 1)), r"^duels.listener: expected indices from 0 to 1"),
        (duels_of((0, 3, 1)), r"^duels.winner: expected indices from 0 to 2"),
        (Duels(np.zeros(2, int), np.zeros(2, int), np.ones(1, int)), r"^duels: expected three arrays"),
    ],
)
def test_duels_that_cannot_be_are_refused(duels: Duels, reason: str) -> None:
    with pytest.raises(RatingsError, match=reason):
        estimate(NOTHING, n_listeners=2, n_individuals=3, duels=duels)
