import math

import numpy as np
import pytest

from generation import metrics
from generation.score.notes import Meter, Part, Score, sort_notes


def score_of(*rows: tuple[float, float, int]) -> Score:
    return Score(sort_notes([(onset, duration, pitch, 80, 0) for onset, duration, pitch in rows]))


def test_entropy_is_zero_for_one_pitch_class_and_a_bit_for_two() -> None:
    assert metrics.pitch_class_entropy(score_of((0, 1, 60), (1, 1, 72))) == 0
    assert metrics.pitch_class_entropy(score_of((0, 1, 60), (1, 1, 67))) == pytest.approx(1)
    assert metrics.pitch_class_entropy(score_of(*[(i, 1, 60 + i) for i in range(12)])) == pytest.approx(math.log2(12))


def test_pitch_in_scale_counts_notes_of_the_scale() -> None:
    score = score_of((0, 1, 60), (1, 1, 61), (2, 1, 64), (3, 1, 67))
    assert metrics.pitch_in_scale(score, key="C", scale="major") == pytest.approx(0.75)
    assert metrics.pitch_in_scale(score, key="C#", scale="major") == pytest.approx(0.5)


def test_a_beat_is_empty_when_nothing_sounds_in_it_and_none_is_counted_after_the_end() -> None:
    assert metrics.empty_beats(score_of((0, 4, 60))) == 0
    assert metrics.empty_beats(score_of((0, 1, 60), (3, 1, 60))) == pytest.approx(0.5)
    assert metrics.empty_beats(score_of((1.5, 0.1, 60))) == pytest.approx(0.5)


def test_polyphony_is_the_mean_over_the_time_in_which_anything_sounds() -> None:
    assert metrics.polyphony(score_of((0, 1, 60), (4, 1, 62))) == 1
    assert metrics.polyphony(score_of((0, 2, 60), (0, 1, 64), (0, 1, 67))) == pytest.approx(2)


def test_a_pitch_doubled_at_the_unison_is_one_pitch() -> None:
    assert metrics.polyphony(score_of((0, 2, 60), (1, 1, 60))) == 1


def test_drums_have_no_pitch() -> None:
    rows = [(0.0, 1.0, 60, 80, 0), (0.0, 1.0, 37, 80, 1)]
    score = Score(sort_notes(rows), parts=(Part(), Part("drums", 0, is_drum=True)))
    assert metrics.pitch_class_entropy(score) == 0
    assert metrics.polyphony(score) == 1


def test_bars_of_one_rhythm_have_a_perfect_groove() -> None:
    bars = [(bar * 4 + beat, 0.5, 60 + bar) for bar in range(3) for beat in (0.0, 1.0, 2.5)]
    assert metrics.groove_consistency(score_of(*bars)) == 1


def test_groove_is_the_mean_distance_of_neighbouring_bars_without_a_bar_after_the_end() -> None:
    # Two bars of 96 steps whose onsets differ in two of them; the last note ends on the bar line.
    score = score_of((0, 1, 60), (1, 1, 60), (4, 1, 60), (6, 2, 60))
    assert metrics.groove_consistency(score) == pytest.approx(1 - 2 / 96)


def test_groove_counts_bars_of_the_meter_and_drums_too() -> None:
    rows = [(0.0, 1.0, 60, 80, 0), (3.0, 1.0, 60, 80, 0), (4.0, 2.0, 38, 80, 1)]
    score = Score(sort_notes(rows), parts=(Part(), Part("drums", 0, is_drum=True)), meters=(Meter(0.0, 3, 4),))
    assert metrics.groove_consistency(score) == pytest.approx(1 - 1 / 72)
    assert math.isnan(metrics.groove_consistency(score_of((0, 4, 60))))


def test_the_melody_is_the_highest_note_of_each_stroke() -> None:
    score = score_of((0, 1, 60), (0.02, 1, 72), (1, 1, 50), (2, 1, 65), (2, 1, 64))
    assert metrics.melody(score)["pitch"].tolist() == [72, 50, 65]
    assert metrics.strokes(score).tolist() == [0, 1, 2]
    assert len(metrics.melody(score_of())) == 0


def test_no_notes_have_no_figures() -> None:
    empty = score_of()
    figures = [metrics.pitch_class_entropy, metrics.empty_beats, metrics.polyphony, metrics.groove_consistency]
    assert all(math.isnan(figure(empty)) for figure in figures)
    assert math.isnan(metrics.pitch_in_scale(empty, key="C", scale="major"))


@pytest.mark.parametrize(
    ("tokens", "longest"),
    [([], 0), ([5], 1), ([1, 1, 2, 2, 2, 3], 3), ([1, 2, 3], 1), ([7, 7, 7], 3), ([[1, 2], [1, 2], [1, 3]], 2)],
)
def test_the_longest_run_is_of_whole_tokens(tokens: list[object], longest: int) -> None:
    assert metrics.longest_run(np.array(tokens)) == longest
