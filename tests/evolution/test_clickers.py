"""Who clicks and does not listen is told from the answers, and what one listener's answers change."""

import numpy as np
import pytest

from evolution.clickers import agreement_with_others, flags, weights
from evolution.crowd import CrowdSettings, assign, gather
from evolution.fitness import Duels, Ratings, estimate
from evolution.influence import leave_one_out
from tests.measurements.fitness_worlds import Sizes

LISTENERS, PHRASES = 12, 40
SIZES: Sizes = {"n_listeners": LISTENERS, "n_individuals": PHRASES}


def rated(seed: int, *, each: int = 8, odd: dict[int, str] | None = None) -> tuple[Ratings, np.ndarray]:
    """Ratings of a crowd of like noise without clickers but for the odd ones, and the true appeal."""
    rng = np.random.default_rng(seed)
    crowd = gather(CrowdSettings(clicker_share=0.0, noise_spread=0.1, noise_deviation=0.8), rng)
    appeal = rng.normal(0, 0.83, PHRASES)
    pairs = assign(**SIZES, ratings_each=each, rng=rng)
    answers = crowd.rate(appeal, *pairs, rng)
    value = answers.value.copy()
    for listener, kind in (odd or {}).items():
        theirs = answers.listener == listener
        value[theirs] = 4.0 if kind == "constant" else rng.integers(0, 6, int(theirs.sum()))
    return Ratings(answers.listener, answers.individual, value), appeal


def test_who_always_gives_the_same_is_flagged_in_words() -> None:
    ratings, _ = rated(0, odd={3: "constant"})
    (flag,) = flags(ratings, estimate(ratings, **SIZES))
    assert (flag.listener, flag.kind) == (3, "constant")
    n = int(np.sum(ratings.listener == 3))
    assert flag.reason.startswith(f"gave 4 to {n} of {n} phrases; a rating of theirs counts 0.0")
    assert flag.weight < 0.05


def test_who_answers_at_random_is_flagged_and_hardly_anybody_else() -> None:
    found, others = 0, 0
    for seed in range(12):
        ratings, _ = rated(seed, odd={5: "random"})
        flagged = {flag.listener: flag for flag in flags(ratings, estimate(ratings, **SIZES))}
        if 5 in flagged:
            assert flagged[5].kind == "random"
            assert "follow the others' with a correlation of" in flagged[5].reason
        found += 5 in flagged
        others += len(set(flagged) - {5})
    assert found >= 11
    assert others <= 4  # of 132


def test_after_a_few_answers_nobody_is_flagged() -> None:
    ratings, _ = rated(0, each=1, odd={3: "constant", 5: "random"})
    assert flags(ratings, estimate(ratings, **SIZES)) == []


def test_nobody_is_dropped_wholly() -> None:
    ratings, _ = rated(1, odd={3: "constant", 5: "random"})
    weight = weights(estimate(ratings, **SIZES))
    assert (weight > 0).all()
    assert np.median(weight) == pytest.approx(1)


def test_agreement_with_the_others_is_not_agreement_with_oneself() -> None:
    agreement = [
        agreement_with_others(r, estimate(r, **SIZES))[5] for r, _ in (rated(s, odd={5: "random"}) for s in range(10))
    ]
    assert abs(np.mean(agreement)) < 0.15
    usual = [agreement_with_others(r, estimate(r, **SIZES))[6] for r, _ in (rated(s) for s in range(10))]
    assert np.mean(usual) > 0.4


def test_who_is_left_out_changes_what_they_rated_and_parents_with_it() -> None:
    # Listener 0 alone adores phrase 7, which nobody else has heard often.
    rows = [(i, j, float(j % 4)) for i in range(1, 6) for j in range(10) if j != 7] + [(0, j, 5.0) for j in (3, 7)]
    rows += [(0, 1, 1.0), (1, 7, 2.0)]
    table = np.array(rows)
    ratings = Ratings(table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2])
    found = leave_one_out(ratings, n_listeners=7, n_individuals=10, count=2)
    assert [one.listener for one in found] == [0, 1, 2, 3, 4, 5]  # 6 has said nothing
    first = found[0]
    assert first.n_answers == 3
    assert int(np.argmax(first.change)) == 7
    assert first.largest_change > 0.2
    assert first.rank_correlation < 1


def test_leaving_one_out_is_what_a_fit_without_them_says() -> None:
    ratings, _ = rated(2, odd={3: "constant"})
    whole = estimate(ratings, **SIZES)
    kept = ratings.listener != 4
    without = estimate(Ratings(ratings.listener[kept], ratings.individual[kept], ratings.value[kept]), **SIZES)
    (found,) = [one for one in leave_one_out(ratings, **SIZES, count=10, start=whole) if one.listener == 4]
    assert found.change == pytest.approx(whole.mean - without.mean, abs=0.02)
    best = [set(np.argsort(-fitted.mean)[:10].tolist()) for fitted in (whole, without)]
    assert set(found.parents_lost) <= best[0]
    assert len(found.parents_lost) == len(found.parents_gained)


def test_a_clicker_changes_less_than_a_listener() -> None:
    ratings, _ = rated(3, odd={3: "constant", 5: "random"})
    change = {one.listener: one.largest_change for one in leave_one_out(ratings, **SIZES, count=10)}
    others = [size for listener, size in change.items() if listener not in (3, 5)]
    assert change[3] < 0.5 * np.median(others)


def test_duels_are_left_out_with_their_listener() -> None:
    nothing = Ratings(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    fought = Duels(np.array([0, 1]), np.array([2, 0]), np.array([1, 1]))
    found = leave_one_out(nothing, n_listeners=3, n_individuals=3, count=1, duels=fought)
    assert [one.listener for one in found] == [0, 1]
    assert found[0].change[2] > 0
    assert found[0].parents_lost in {(2,), ()}
