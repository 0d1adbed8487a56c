"""Listeners told apart by taste from their ratings."""

from dataclasses import replace

import numpy as np
import pytest

from evolution.crowd import CrowdSettings, assign, gather
from evolution.fitness import estimate
from evolution.islands import Islands, estimate_islands, find_islands, one_island
from evolution.mixture import Mixture, Said
from evolution.rating_model import Estimate, Ratings

CROWD = CrowdSettings(n_listeners=24, n_tastes=2)


def heard(
    settings: CrowdSettings, seed: int, *, phrases: int = 24, each: int = 24, alike: float = 0.0
) -> tuple[Ratings, Estimate, np.ndarray, np.ndarray]:
    """Ratings, their fit, each listener's taste (-1 clicks), and appeal by taste; tastes correlate by `alike`."""
    rng = np.random.default_rng(seed)
    crowd = gather(settings, rng)
    shared, own = rng.normal(0, 0.83, phrases), rng.normal(0, 0.83, (settings.n_tastes, phrases))
    appeal = np.sqrt(alike) * shared + np.sqrt(1 - alike) * own
    who, what = assign(n_listeners=settings.n_listeners, n_individuals=phrases, ratings_each=each, rng=rng)
    ratings = crowd.rate(appeal, who, what, rng)
    fitted = estimate(ratings, n_listeners=settings.n_listeners, n_individuals=phrases)
    return ratings, fitted, np.where(crowd.clicker < 0, crowd.taste, -1), appeal


def agreement(found: Islands, taste: np.ndarray) -> float:
    """Share of those who listen that stand with others of their taste."""
    listens = taste >= 0
    table = np.zeros((found.count, int(taste.max()) + 1))
    np.add.at(table, (found.of[listens], taste[listens]), 1)
    return float(table.max(axis=1).sum() / listens.sum())


def test_a_crowd_of_two_tastes_parts_by_taste() -> None:
    for seed in range(5):
        ratings, fitted, taste, _ = heard(CROWD, seed)
        found = find_islands(ratings, fitted, most=4, rng=np.random.default_rng(seed))
        assert found.count == 2
        assert found.evidence > 3
        assert agreement(found, taste) > 0.9


@pytest.mark.parametrize("clicker_share", [0.0, 0.17])
def test_a_crowd_of_one_taste_stays_one_whoever_clicks(clicker_share: float) -> None:
    one = replace(CROWD, n_tastes=1, clicker_share=clicker_share)
    for seed in range(12):
        ratings, fitted, _, _ = heard(one, seed)
        found = find_islands(ratings, fitted, most=4, rng=np.random.default_rng(seed))
        assert (found.count, found.evidence) == (1, 0.0)


def test_three_tastes_are_three_islands_and_no_more_than_asked_for() -> None:
    three = replace(CROWD, n_listeners=36, n_tastes=3, clicker_share=0.0)
    ratings, fitted, taste, _ = heard(three, 1, phrases=40, each=36)
    found = find_islands(ratings, fitted, most=4, rng=np.random.default_rng(0))
    assert found.count == 3
    assert agreement(found, taste) > 0.9
    assert find_islands(ratings, fitted, most=2, rng=np.random.default_rng(0)).count == 2


def test_two_tastes_are_not_three() -> None:
    for seed in range(6):
        ratings, fitted, _, _ = heard(CROWD, seed, alike=0.3 * (seed % 2))
        assert find_islands(ratings, fitted, most=4, rng=np.random.default_rng(seed)).count == 2


def test_a_few_ratings_are_no_evidence() -> None:
    ratings, fitted, _, _ = heard(CROWD, 0, each=2)
    assert find_islands(ratings, fitted, most=4, rng=np.random.default_rng(0)).count == 1


def test_islands_keep_their_numbers_and_newcomers_are_nobodys_yet() -> None:
    ratings, fitted, _, _ = heard(CROWD, 3)
    found = find_islands(ratings, fitted, most=2, rng=np.random.default_rng(0))
    for flip in (found.membership, found.membership[:, ::-1]):
        again = find_islands(ratings, fitted, most=2, rng=np.random.default_rng(1), before=Islands(flip, 9.0))
        assert (again.of == flip.argmax(axis=1)).mean() > 0.95
    more = found.with_listeners(26)
    assert more.membership[24:].tolist() == [[0.5, 0.5]] * 2
    assert [more.heard_on(island)[25] for island in range(2)] == [True, True]


def test_an_island_hears_its_own_listeners_and_is_right_about_their_taste() -> None:
    ratings, fitted, taste, appeal = heard(replace(CROWD, clicker_share=0.0), 5)
    found = find_islands(ratings, fitted, most=2, rng=np.random.default_rng(0))
    sizes = {"n_listeners": 24, "n_individuals": 24}
    for island, theirs in enumerate(estimate_islands(ratings, found, sizes)):
        of = int(np.bincount(taste[found.of == island]).argmax())
        to_own, by_all = np.corrcoef(appeal[of], theirs.mean)[0, 1], np.corrcoef(appeal[of], fitted.mean)[0, 1]
        assert to_own > max(0.9, by_all)
    (whole,) = estimate_islands(ratings, one_island(24), sizes)
    assert whole.mean == pytest.approx(fitted.mean, abs=0.01)


def test_each_sweep_of_the_mixture_raises_the_evidence() -> None:
    ratings, fitted, _, _ = heard(CROWD, 7, each=6)
    start = np.random.default_rng(0).dirichlet([0.5, 0.5], size=24)
    mixture, bounds = Mixture(Said.of(ratings, fitted), start), []
    for _ in range(30):
        mixture.sweep()
        bounds.append(mixture.bound)
    assert (np.diff(bounds) > -1e-6).all()
    assert np.allclose(mixture.membership.sum(axis=1), 1)
