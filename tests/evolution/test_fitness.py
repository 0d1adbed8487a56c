"""The fitness: what it says of few ratings, of odd raters, of generations, and how fast."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.crowd import CrowdSettings, assign, gather
from evolution.fitness import Estimate, Ratings, RatingsError, draw, estimate, parents_prior, parents_variance


def ratings_of(*rows: tuple[int, int, float]) -> Ratings:
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Ratings(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def simulate(n_listeners: int, n_individuals: int, each: int, seed: int) -> tuple[Ratings, np.ndarray]:
    rng = np.random.default_rng(seed)
    crowd_settings = CrowdSettings(n_listeners=n_listeners)
    appeal = rng.normal(0, crowd_settings.appeal_deviation, n_individuals)
    pairs = assign(n_listeners=n_listeners, n_individuals=n_individuals, ratings_each=each, rng=rng)
    return gather(crowd_settings, rng).rate(appeal, *pairs, rng), appeal


@pytest.mark.parametrize(("n_listeners", "n_individuals"), [(3, 4), (0, 4), (0, 0)])
def test_without_ratings_every_phrase_is_middling_and_unsure(n_listeners: int, n_individuals: int) -> None:
    for fitted in (
        estimate(ratings_of(), n_listeners=n_listeners, n_individuals=n_individuals),
        draw(ratings_of(), n_listeners=n_listeners, n_individuals=n_individuals, rng=np.random.default_rng(0)),
    ):
        assert fitted.mean.shape == fitted.standard_error.shape == (n_individuals,)
        assert (np.abs(fitted.mean - 2.5) < 0.5).all()
        assert (fitted.standard_error > 1).all()


def test_one_rating_lifts_its_phrase_less_than_all_the_way() -> None:
    fitted = estimate(ratings_of((0, 1, 5)), n_listeners=1, n_individuals=3)
    assert fitted.mean[0] < fitted.mean[1] < 5
    assert fitted.mean[0] == pytest.approx(fitted.mean[2])
    assert fitted.standard_error[1] < fitted.standard_error[0]


def test_one_listener_orders_the_phrases_as_they_did() -> None:
    fitted = estimate(ratings_of(*[(0, j, j) for j in range(6)]), n_listeners=1, n_individuals=6)
    assert (np.diff(fitted.mean) > 0).all()


@pytest.mark.parametrize("value", [0.0, 3.0, 5.0])
def test_all_the_same_value_makes_all_phrases_that_value(value: float) -> None:
    same = ratings_of(*[(i, j, value) for i in range(4) for j in range(6)])
    fitted = estimate(same, n_listeners=4, n_individuals=6)
    assert fitted.mean == pytest.approx(np.full(6, value), abs=0.15)
    assert np.isfinite(fitted.standard_error).all()


def test_a_constant_rater_moves_nobody() -> None:
    listening = [(i, j, float(j % 5)) for i in range(1, 4) for j in range(10)]
    fitted = estimate(ratings_of(*[(0, j, 5.0) for j in range(10)], *listening), n_listeners=4, n_individuals=10)
    assert fitted.weight[0] < 0.1 < fitted.weight[1:].min()
    assert fitted.mean[0] == pytest.approx(fitted.mean[5])


def test_who_answers_at_random_counts_less() -> None:
    rng = np.random.default_rng(3)
    listening = [
        (i, j, float(np.clip(round(j / 4 + rng.normal(0, 0.5)), 0, 5))) for i in range(1, 6) for j in range(20)
    ]
    clicking = [(0, j, float(rng.integers(6))) for j in range(20)]
    fitted = estimate(ratings_of(*clicking, *listening), n_listeners=6, n_individuals=20)
    assert fitted.weight[0] < 0.2 * fitted.weight[1:].min()


def test_a_harsh_listener_does_not_sink_what_they_rated() -> None:
    # Listener 0 is two points below the others; only listener 0 heard phrases 8 and 9.
    liked = [(i, j, 3.0 + j % 2) for i in (1, 2, 3) for j in range(8)]
    harsh = [(0, j, 1.0 + j % 2) for j in range(10)]
    fitted = estimate(ratings_of(*liked, *harsh), n_listeners=4, n_individuals=10)
    assert fitted.bias[0] < fitted.bias[1:].min() - 1
    assert fitted.mean[8] > 2.0


def test_more_ratings_make_it_surer() -> None:
    few, many = (simulate(24, 30, each, seed=1)[0] for each in (3, 20))
    errors = [estimate(r, n_listeners=24, n_individuals=30).standard_error.mean() for r in (few, many)]
    assert errors[1] < 0.7 * errors[0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 5)), max_size=40), st.booleans())
def test_any_ratings_at_all_give_finite_answers(rows: list[tuple[int, int, int]], two_generations: bool) -> None:
    generation = np.array([0, 0, 0, 7, 7, 7]) if two_generations else None
    rated = ratings_of(*[(i, j, float(v)) for i, j, v in rows])
    fitted = estimate(rated, n_listeners=5, n_individuals=6, generation_of=generation)
    drawn = draw(
        rated, n_listeners=5, n_individuals=6, generation_of=generation, rng=np.random.default_rng(0), draws=20
    )
    for answer in (fitted, drawn):
        assert np.isfinite(answer.mean).all()
        assert (answer.standard_error > 0).all()
        assert (answer.scale >= 0).all()
        assert (answer.consistency > 0).all()


def test_the_table_of_pairs_and_the_list_of_ratings_give_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rated, _ = simulate(20, 40, 5, seed=2)
    with_table = estimate(rated, n_listeners=20, n_individuals=40)
    monkeypatch.setattr("evolution.observed.TABLE_CELLS_PER_RATING", 0)
    without = estimate(rated, n_listeners=20, n_individuals=40)
    assert without.mean == pytest.approx(with_table.mean, abs=1e-9)
    assert without.standard_error == pytest.approx(with_table.standard_error, abs=1e-9)


def test_a_warm_start_arrives_at_the_same_place_sooner() -> None:
    rated, _ = simulate(40, 100, 20, seed=4)
    earlier = Ratings(rated.listener[:-20], rated.individual[:-20], rated.value[:-20])
    start = estimate(earlier, n_listeners=40, n_individuals=100)
    warm = estimate(rated, n_listeners=40, n_individuals=100, start=start)
    cold = estimate(rated, n_listeners=40, n_individuals=100)
    assert warm.sweeps < cold.sweeps
    assert warm.mean == pytest.approx(cold.mean, abs=0.01)


def test_a_warm_start_takes_in_new_listeners_individuals_and_generations() -> None:
    before = ratings_of((0, 0, 4), (1, 1, 2), (0, 1, 1))
    start = estimate(before, n_listeners=2, n_individuals=2)
    after = ratings_of((0, 0, 4), (1, 1, 2), (0, 1, 1), (2, 2, 5), (2, 3, 4))
    grown = {"n_listeners": 3, "n_individuals": 4}
    fitted = estimate(after, **grown, generation_of=np.array([0, 0, 1, 1]), start=start)  # type: ignore[arg-type]
    assert fitted.generation_mean.shape == (2,)
    assert fitted.mean[2] > fitted.mean[1]
    with pytest.raises(RatingsError, match=r"^start: expected at most 1 listeners and 2"):
        estimate(ratings_of((0, 0, 4)), n_listeners=1, n_individuals=2, start=start)


def test_a_better_generation_is_seen_as_better() -> None:
    rng = np.random.default_rng(5)
    appeal = np.concatenate([rng.normal(-0.5, 0.5, 20), rng.normal(0.6, 0.5, 20)])
    pairs = assign(n_listeners=12, n_individuals=40, ratings_each=6, rng=rng)
    rated = gather(CrowdSettings(), rng).rate(appeal, *pairs, rng)
    generation = np.repeat([3, 4], 20)
    fitted = estimate(rated, n_listeners=12, n_individuals=40, generation_of=generation)
    drawn = draw(rated, n_listeners=12, n_individuals=40, generation_of=generation, rng=rng)
    for answer in (fitted, drawn):
        assert 0.6 < answer.generation_mean[1] < 1.4


def test_parents_tell_of_a_child_nobody_has_heard() -> None:
    rows = [(i, j, float(v)) for i in range(6) for j, v in enumerate([5, 4, 1, 0])]
    prior = np.concatenate([np.full(4, np.nan), parents_prior([(0, 1), (2, 3), ()], np.array([4.5, 4.0, 1.0, 0.5]))])
    assert np.isnan(prior[6])
    fitted = estimate(
        ratings_of(*rows), n_listeners=6, n_individuals=7, generation_of=np.array([0, 0, 0, 0, 1, 1, 1]), prior=prior
    )
    assert fitted.mean[4] > fitted.mean[6] > fitted.mean[5]


def test_a_child_of_parents_that_are_unsure_is_less_sure_itself() -> None:
    rated, _ = simulate(12, 20, 4, seed=6)
    prior = np.concatenate([np.linspace(1, 4, 20), [2.0, 2.0]])
    unsure = np.concatenate([np.zeros(20), [0.0, 0.8]])
    frame = {"n_listeners": 12, "n_individuals": 22, "prior": prior, "prior_variance": unsure}
    live = estimate(rated, **frame)  # type: ignore[arg-type]
    drawn = draw(rated, **frame, rng=np.random.default_rng(0), draws=800)  # type: ignore[arg-type]
    for fitted in (live, drawn):
        assert fitted.standard_error[21] > fitted.standard_error[20] + 0.15
    assert parents_variance([(0, 1), (), (1,)], np.array([0.3, 0.5])) == pytest.approx([0.085, 0.0, 0.25])


def test_what_the_pedigree_is_worth_is_learned_from_the_children() -> None:
    inherited: dict[float, list[float]] = {}
    for kept in (1.0, 0.0):
        rng = np.random.default_rng(8)
        lead = rng.normal(0, 0.8, 60)
        children = kept * lead + rng.normal(0, 0.3, 60)
        pairs = assign(n_listeners=12, n_individuals=60, ratings_each=8, rng=rng)
        rated = gather(CrowdSettings(clicker_share=0.0), rng).rate(children, *pairs, rng)
        frame = {"n_listeners": 12, "n_individuals": 60, "prior": lead}
        for fitted in (estimate(rated, **frame), draw(rated, **frame, rng=rng)):  # type: ignore[arg-type]
            inherited.setdefault(kept, []).append(fitted.inheritance)
    assert min(inherited[1.0]) > 0.8
    assert max(inherited[0.0]) < 0.3


def test_the_origin_of_the_prior_does_not_matter() -> None:
    rated, _ = simulate(12, 20, 4, seed=6)
    prior = np.linspace(1, 4, 20)
    fits = [estimate(rated, n_listeners=12, n_individuals=20, prior=prior + origin) for origin in (0.0, -2.5)]
    assert fits[0].mean == pytest.approx(fits[1].mean, abs=1e-9)


def test_the_same_seed_draws_the_same_intervals() -> None:
    rated, _ = simulate(12, 20, 4, seed=7)
    draws = [draw(rated, n_listeners=12, n_individuals=20, rng=np.random.default_rng(1)) for _ in range(2)]
    assert np.array_equal(draws[0].standard_error, draws[1].standard_error)


def test_a_refit_of_two_thousand_ratings_takes_milliseconds() -> None:
    rated, _ = simulate(40, 100, 20, seed=8)
    assert len(rated) == 2_000
    start = estimate(rated, n_listeners=40, n_individuals=100)
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        estimate(rated, n_listeners=40, n_individuals=100, start=start)
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 0.05


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(3, 0, 1.0)], r"^listener: expected indices from 0 to 2, got 3 to 3"),
        ([(-1, 0, 1.0)], r"^listener: expected"),
        ([(0, 9, 1.0)], r"^individual: expected indices from 0 to 3"),
        ([(0, 0, 6.0)], r"^value: expected numbers from 0 to 5, got 6.0"),
        ([(0, 0, float("nan"))], r"^value: expected"),
    ],
)
def test_ratings_that_cannot_be_are_refused_by_field(rows: list[tuple[int, int, float]], reason: str) -> None:
    with pytest.raises(RatingsError, match=reason):
        estimate(ratings_of(*rows), n_listeners=3, n_individuals=4)


def test_arrays_of_unlike_length_are_refused() -> None:
    ragged = Ratings(np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros(2))
    with pytest.raises(RatingsError, match=r"^ratings: expected as many"):
        estimate(ragged, n_listeners=1, n_individuals=1)
    with pytest.raises(RatingsError, match=r"^prior: expected shape"):
        estimate(ratings_of(), n_listeners=1, n_individuals=2, prior=np.zeros(3))
    with pytest.raises(RatingsError, match=r"^prior_variance: expected 0 or more"):
        estimate(ratings_of(), n_listeners=1, n_individuals=1, prior=np.zeros(1), prior_variance=-np.ones(1))


def test_an_interval_is_centred_on_the_fitness() -> None:
    rated, _ = simulate(12, 20, 4, seed=9)
    fitted: Estimate = estimate(rated, n_listeners=12, n_individuals=20)
    low, high = fitted.interval()
    assert (low + high) / 2 == pytest.approx(fitted.mean)
    assert high - low == pytest.approx(2 * 1.96 * fitted.standard_error)
