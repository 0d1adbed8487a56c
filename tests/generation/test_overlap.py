import math
from collections.abc import Callable

import numpy as np
import pytest

from generation import overlap
from generation.overlap import (
    DISTRIBUTIONS,
    EXCERPT_FEATURES,
    distance_of_halves,
    distribution_overlap,
    excerpt_overlap,
    halvings,
    overlap_area,
)
from generation.score.notes import Score, sort_notes

OWNERS = np.repeat(np.arange(12), 6)


def walk(seed: int, *, widest: int = 2, step: float = 0.5, loudest: int = 100) -> Score:
    """Thirty notes of a random walk."""
    rng = np.random.default_rng(seed)
    pitches = 60 + np.clip(np.cumsum(rng.integers(-widest, widest + 1, 30)), -24, 24)
    rows = [(i * step, step, int(pitch), int(rng.integers(40, loudest)), 0) for i, pitch in enumerate(pitches)]
    return Score(sort_notes(rows))


def walks(n: int, first: int = 0, **kind: float) -> list[Score]:
    return [walk(first + seed, **kind) for seed in range(n)]  # type: ignore[arg-type]


def test_the_overlap_area_of_known_histograms_is_what_lies_under_both() -> None:
    assert overlap_area(np.array([1.0, 1.0]), np.array([5.0, 5.0])) == 1
    assert overlap_area(np.array([1.0, 0.0]), np.array([0.0, 2.0])) == 0
    assert overlap_area(np.array([3.0, 1.0]), np.array([1.0, 3.0])) == pytest.approx(0.5)
    assert math.isnan(overlap_area(np.zeros(2), np.array([0.0, 2.0])))


def test_features_count_what_they_say() -> None:
    rows = [(0.0, 0.5, 60, 7, 0), (0.0, 1.0, 64, 8, 0), (1.0, 0.5, 67, 127, 0), (1.5, 0.5, 43, 64, 0)]
    score = Score(sort_notes(rows))
    assert np.flatnonzero(overlap.pitch_classes(score)).tolist() == [0, 4, 7]
    assert overlap.pitch_classes(score)[7] == 2
    assert np.flatnonzero(overlap.intervals(score)).tolist() == [0, 27]  # two octaves down, a third up
    assert np.flatnonzero(overlap.velocities(score)).tolist() == [0, 1, 8, 15]
    edges = overlap.TIME_EDGES_QUARTERS
    lengths = overlap.durations(score)
    assert {float(edges[at]) for at in np.flatnonzero(lengths)} == {0.5, 1.0}
    assert overlap.inter_onset_intervals(score).sum() == 2


@pytest.mark.parametrize("feature", [*DISTRIBUTIONS.values(), *EXCERPT_FEATURES.values()])
def test_a_score_without_notes_or_with_one_has_features(feature: Callable[[Score], np.ndarray]) -> None:
    empty, one = Score(sort_notes([])), Score(sort_notes([(0.0, 1.0, 60, 80, 0)]))
    assert feature(empty).shape == feature(one).shape == feature(walk(0)).shape
    assert np.isfinite([feature(empty), feature(one)]).all()


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_music_of_the_same_origin_overlaps_as_much_as_the_halves_do(name: str) -> None:
    found = distribution_overlap(walks(72), OWNERS, walks(40, 1000), DISTRIBUTIONS[name], seed=1)
    assert found.samples >= found.halves_low
    assert found.halves_low <= found.halves <= found.halves_high


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("intervals", {"widest": 7}),
        ("inter-onset intervals", {"step": 0.25}),
        ("durations", {"step": 2.0}),
        ("velocities", {"loudest": 60}),
        ("pitch classes", {"widest": 0}),
    ],
)
def test_music_that_differs_in_one_thing_overlaps_less_in_it(name: str, kind: dict[str, float]) -> None:
    found = distribution_overlap(walks(72), OWNERS, walks(40, 1000, **kind), DISTRIBUTIONS[name], seed=1)
    assert found.samples < found.halves_low


@pytest.mark.parametrize("name", EXCERPT_FEATURES)
def test_excerpts_of_the_same_origin_are_as_far_apart_as_the_halves_are(name: str) -> None:
    found = excerpt_overlap(walks(72), OWNERS, walks(40, 1000), EXCERPT_FEATURES[name], seed=1)
    assert found.samples == pytest.approx(found.halves, abs=0.05)


def test_excerpts_of_another_kind_are_further_from_the_training_pieces() -> None:
    found = excerpt_overlap(walks(72), OWNERS, walks(40, 1000, widest=9), EXCERPT_FEATURES["mean interval"], seed=1)
    assert found.samples < found.halves_low - 0.2


def pieces_of_their_own(n: int, first: int) -> list[Score]:
    """Six excerpts of each of `n` pieces, which differ from each other as pieces do, in leaps, pace and loudness."""
    scores = []
    for piece in range(first, first + n):
        rng = np.random.default_rng(piece)
        widest, step, loudest = int(rng.integers(1, 8)), float(rng.choice([0.25, 0.5, 1.0])), int(rng.integers(60, 120))
        scores += [walk(1000 * piece + part, widest=widest, step=step, loudest=loudest) for part in range(6)]
    return scores


@pytest.mark.parametrize("name", ["intervals", "inter-onset intervals", "velocities"])
def test_a_held_out_half_reaches_what_is_asked(name: str) -> None:
    found = [
        distribution_overlap(
            pieces_of_their_own(12, 100 * run),
            OWNERS,
            pieces_of_their_own(12, 100 * run + 50),
            DISTRIBUTIONS[name],
            seed=1,
        )
        for run in range(15)
    ]
    assert np.mean([one.samples >= one.halves_low for one in found]) >= 0.85


@pytest.mark.parametrize("name", ["mean interval", "note length histogram"])
def test_a_held_out_halfs_excerpts_are_near_enough(name: str) -> None:
    found = [
        excerpt_overlap(
            pieces_of_their_own(12, 100 * run),
            OWNERS,
            pieces_of_their_own(12, 100 * run + 50),
            EXCERPT_FEATURES[name],
            seed=1,
        )
        for run in range(10)
    ]
    assert np.mean([one.samples >= one.halves_low for one in found]) >= 0.8


def test_pieces_are_halved_whole() -> None:
    for half in halvings(OWNERS, seed=2):
        assert half.sum() == 36
        assert len(np.unique(OWNERS[half])) == 6


def test_halves_are_as_far_apart_as_their_pieces_are() -> None:
    rng = np.random.default_rng(5)
    of_pieces = rng.normal(0, 1, 12)
    figures = of_pieces[OWNERS]
    apart = distance_of_halves(figures, OWNERS, seed=1)
    expected = 1.96 * 2 * of_pieces.std() / np.sqrt(11)  # means of halves drawn without replacement, less each other
    assert apart == pytest.approx(expected, rel=0.25)
    assert distance_of_halves(np.ones(72), OWNERS, seed=1) == 0
    assert math.isnan(distance_of_halves(figures[:6], OWNERS[:6], seed=1))


def test_the_same_seed_halves_the_pieces_in_the_same_way() -> None:
    sides = (walks(24), np.repeat(np.arange(6), 4), walks(10, 50), DISTRIBUTIONS["intervals"])
    assert distribution_overlap(*sides, seed=3) == distribution_overlap(*sides, seed=3)
    assert distribution_overlap(*sides, seed=3) != distribution_overlap(*sides, seed=4)


def test_one_piece_can_t_be_halved() -> None:
    found = distribution_overlap(walks(5), np.zeros(5, np.int64), walks(3), DISTRIBUTIONS["intervals"], seed=1)
    assert math.isnan(found.halves)


def test_no_samples_have_no_overlap() -> None:
    nothing = distribution_overlap(walks(72), OWNERS, [], DISTRIBUTIONS["intervals"], seed=1)
    assert math.isnan(nothing.samples)
    assert math.isnan(excerpt_overlap(walks(72), OWNERS, [], EXCERPT_FEATURES["note length histogram"], seed=1).samples)
