"""Intraclass correlations against the published example and against known variances."""

import numpy as np
import pytest

from evolution.agreement import icc
from evolution.fitness import Ratings

# Six targets, four judges: Shrout and Fleiss 1979, table 2, and what they report of it in table 4.
EXAMPLE = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=np.float64
)


def ratings_of(table: np.ndarray, kept: np.ndarray | None = None) -> Ratings:
    """Ratings of a table (phrases, listeners), of the pairs kept."""
    phrase, listener = np.nonzero(np.ones(table.shape) if kept is None else kept)
    return Ratings(listener, phrase, table[phrase, listener])


def test_the_published_example_comes_out_as_published() -> None:
    found = icc(ratings_of(EXAMPLE))
    assert found.icc_single == pytest.approx(0.29, abs=0.005)
    assert found.icc_average == pytest.approx(0.62, abs=0.005)
    assert found.consistency_single == pytest.approx(0.71, abs=0.005)
    assert found.consistency_average == pytest.approx(0.91, abs=0.005)
    assert (found.n_ratings, found.n_listeners, found.n_individuals) == (24, 4, 6)
    assert "ICC(2,1)" in found.method


def test_known_variances_are_found_though_two_thirds_of_the_table_are_missing() -> None:
    found = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        table = rng.normal(0, 1, (80, 1)) + rng.normal(0, 0.7, (1, 30)) + rng.normal(0, 0.8, (80, 30))
        one = icc(ratings_of(table, rng.random(table.shape) < rng.uniform(0.1, 0.6, (80, 1))))
        found.append((one.phrase_variance, one.listener_variance, one.rest_variance))
    assert np.mean(found, axis=0) == pytest.approx([1.0, 0.49, 0.64], rel=0.15)


def test_who_agrees_wholly_has_an_icc_of_one_and_strangers_have_none() -> None:
    same = np.repeat(np.arange(5.0)[:, None], 4, axis=1)
    assert icc(ratings_of(same)).icc_single == pytest.approx(1.0)
    shifted = icc(ratings_of(same + np.array([0.0, 1.0, 2.0, 3.0])))
    assert shifted.consistency_single == pytest.approx(1.0)
    assert shifted.icc_single is not None
    assert shifted.icc_single < 0.7
    noise = np.random.default_rng(0).normal(size=(200, 10))
    assert icc(ratings_of(noise)).icc_single == pytest.approx(0.0, abs=0.03)


def test_the_origin_of_the_scale_and_gaps_in_the_numbering_do_not_matter() -> None:
    plain = icc(ratings_of(EXAMPLE))
    moved = ratings_of(EXAMPLE - 1000)
    moved = Ratings(moved.listener * 7 + 3, moved.individual * 5, moved.value)
    assert icc(moved).icc_single == pytest.approx(plain.icc_single, abs=1e-6)


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (1, 4), (4, 1)])
def test_too_few_ratings_tell_nothing(shape: tuple[int, int]) -> None:
    found = icc(ratings_of(np.ones(shape)))
    assert found.icc_single is None
    assert found.icc_average is None


def test_all_the_same_answer_is_no_agreement_and_no_disagreement() -> None:
    assert icc(ratings_of(np.full((4, 3), 3.0))).icc_single is None
