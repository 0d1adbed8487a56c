from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.score.expression import HUMAN, Performance, dfa_exponent, humanise, perform, timing_deviations_of
from generation.score.grid import TIMING_BIN_SLOTS
from generation.score.midi import read, write
from generation.score.notes import Score, Tempo, sort_notes
from tests.generation.score.played import late_ms, play, walk
from tests.generation.score.strategies import plain_score, scores_on_grid

EVERYTHING = Performance(
    25.0, 1.5, 1.0, 1.0, 20.0, 1.0, 1.0, 1.0, 15.0, 1.0, 1.0, 1.0, 50.0, 50.0, 6.0, 25.0, 10.0, 1.0,
    swing_follows_tempo=True,
)  # fmt: skip


def astray(score: Score, classes: float, seed: int) -> Score:
    """The score with white micro-timing of so many classes of the grid, as samples of a network have it."""
    strays = np.clip(np.rint(np.random.default_rng(seed).normal(0, classes, len(score.notes))), -4, 4)
    notes = score.notes.copy()
    notes["onset_quarters"] = np.maximum(0, notes["onset_quarters"] + strays * TIMING_BIN_SLOTS / 12)
    return replace(score, notes=sort_notes(notes))


def test_the_same_seed_is_the_same_performance() -> None:
    score = walk(40)
    assert perform(score, EVERYTHING, seed=7) == perform(score, EVERYTHING, seed=7)
    assert perform(score, EVERYTHING, seed=7) != perform(score, EVERYTHING, seed=8)


def test_a_plain_performance_changes_nothing() -> None:
    score = plain_score([60, 62, 64])
    assert humanise(score, Performance(), np.random.default_rng(0)) == score
    assert perform(score, Performance(), seed=1) == score


def test_an_empty_score_stays_empty() -> None:
    silence = Score(sort_notes([]))
    assert perform(silence, EVERYTHING, seed=1) == silence


@pytest.mark.parametrize("tempo_bpm", [80.0, 120.0, 150.0])
def test_quantised_samples_get_the_timing_of_people(tempo_bpm: float) -> None:
    for seed in range(12):
        written = walk(500, seed=seed, tempos=(Tempo(0.0, tempo_bpm),))
        deviations = late_ms(perform(written, seed=seed), written)
        assert 0.7 <= dfa_exponent(deviations) <= 1.0
        assert 5 <= deviations.std() <= 25


@pytest.mark.parametrize("classes", [0.4, 1.0, 2.0, 4.0])
def test_samples_that_stray_without_memory_get_the_timing_of_people(classes: float) -> None:
    for seed in range(12):
        written = walk(500, seed=seed)
        sampled = astray(written, classes, seed)
        assert dfa_exponent(late_ms(sampled, written)) < 0.65
        deviations = late_ms(perform(sampled, seed=seed), written)
        assert 0.7 <= dfa_exponent(deviations) <= 1.0
        assert 5 <= deviations.std() <= 25


def test_a_samples_own_spread_is_kept_where_it_is_a_persons() -> None:
    written = walk(500)
    sampled = astray(written, 2.0, 3)
    assert late_ms(perform(sampled, seed=1), written).std() == pytest.approx(late_ms(sampled, written).std(), rel=0.1)


def test_the_timing_is_seen_without_knowing_what_was_written() -> None:
    found = timing_deviations_of(read(write(perform(walk(500, seed=2), seed=2))))
    assert 0.7 <= dfa_exponent(found) <= 1.0
    assert 5 <= found.std() <= 25


def test_a_recordings_timing_is_left_alone() -> None:
    recorded = play(walk(400, seed=5), deviation_ms=14.0, exponent=0.8, seed=9)
    assert np.array_equal(perform(recorded, seed=1).notes["onset_quarters"], recorded.notes["onset_quarters"])


def test_without_deviation_a_performance_keeps_its_timing() -> None:
    sampled = astray(walk(100), 2.0, 3)
    played = perform(sampled, replace(HUMAN, deviation_ms=0.0), seed=1)
    assert played.notes["onset_quarters"] == pytest.approx(sampled.notes["onset_quarters"])


@given(scores_on_grid(), st.integers(0, 2**32 - 1))
def test_the_wildest_performance_stays_playable(score: Score, seed: int) -> None:
    played = humanise(score, EVERYTHING, np.random.default_rng(seed)).notes
    assert len(played) == len(score.notes)
    assert played["onset_quarters"].min() >= 0
    assert played["duration_quarters"].min() > 0
    assert 1 <= played["velocity"].min() <= played["velocity"].max() <= 127
    for pitch in np.unique(played["pitch"]):
        same = np.sort(played[played["pitch"] == pitch], order="onset_quarters")
        ends = same["onset_quarters"] + same["duration_quarters"]
        assert (ends[:-1] <= same["onset_quarters"][1:] + 1e-9).all()


def test_successive_onsets_keep_their_order_however_fast_and_loose() -> None:
    fast = Score(sort_notes([(i / 12, 1 / 12, 40 + i % 50, 80, 0) for i in range(300)]), tempos=(Tempo(0.0, 240.0),))
    for seed in range(20):
        played = play(fast, deviation_ms=40.0, exponent=0.0, seed=seed)
        assert np.array_equal(played.notes["pitch"], fast.notes["pitch"])
        assert np.diff(played.notes["onset_quarters"]).min() > 0


def test_a_change_of_one_parameter_leaves_the_rest_of_the_performance() -> None:
    plain, spread = (play(walk(30), deviation_ms=9.0, bend_cents=8.0, contour=c) for c in (0.0, 1.0))
    assert np.array_equal(plain.notes["onset_quarters"], spread.notes["onset_quarters"])
    assert plain.bends == spread.bends
    assert not np.array_equal(plain.notes["velocity"], spread.notes["velocity"])


def test_everything_a_performance_adds_survives_a_file() -> None:
    played = perform(walk(60), EVERYTHING, seed=3)
    back = read(write(played))
    assert len(back.notes) == len(played.notes)
    assert len(back.bends) == pytest.approx(len(played.bends), abs=len(played.bends) // 20)
    assert [mark.tempo_bpm for mark in back.tempos] == pytest.approx([m.tempo_bpm for m in played.tempos], abs=0.01)
