"""What simulated listeners hear, and what they like in it."""

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from evolution.crowd import CrowdSettings, draw_tastes, hear
from evolution.crowd.hearing import FEATURES, interval_consonance
from evolution.crowd.tastes import CEILING, LIKED, heard_at_random
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.genome import express
from evolution.invention import random_genome
from generation.score.notes import Meter, Score, Tempo, sort_notes
from tests.evolution.strategies import frames_with_genomes

FRAME = Frame()
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def heard(
    pitches: list[int],
    *,
    onsets: list[float] | None = None,
    length: float = 0.9,
    late_ms: float = 0.0,
    velocity: int = 80,
    tempo_bpm: float = 120.0,
) -> dict[str, float]:
    """What is heard in one line of quarters, or of these onsets, every second note late."""
    times = np.arange(len(pitches), dtype=float) if onsets is None else np.array(onsets)
    times[1::2] += late_ms / 60_000 * tempo_bpm
    rows = [(time, length, pitch, velocity, 0) for time, pitch in zip(times.tolist(), pitches, strict=True)]
    score = Score(sort_notes(rows), tempos=(Tempo(0.0, tempo_bpm),), meters=(Meter(0.0, 4, 4),))
    return dict(zip(FEATURES, hear([score])[0].tolist(), strict=True))


def test_fifths_are_consonant_seconds_and_the_tritone_are_not() -> None:
    unison, second, third, tritone, fifth, octave = interval_consonance(np.array([0, 1, 4, 6, -7, 12]))
    assert fifth > third > unison == octave > tritone > second


def test_a_melody_that_rises_and_falls_is_heard_as_an_arch() -> None:
    rising_falling = [60, 62, 64, 67, 72, 69, 65, 60]
    assert heard(rising_falling)["arch"] > 0.8
    assert heard([132 - pitch for pitch in rising_falling])["arch"] < -0.8


def test_an_end_on_the_tonic_closes_and_an_end_on_a_strange_note_does_not() -> None:
    line = [60, 64, 67, 65, 64, 62, 67]
    assert heard([*line, 60])["closure"] > 0.2 > -0.1 > heard([*line, 61])["closure"]


def test_a_scale_has_a_clearer_key_and_surprises_less_than_all_twelve_notes() -> None:
    tonal, chromatic = heard(list(SCALE)), heard([60, 61, 66, 63, 68, 65, 70, 67])
    assert tonal["key clarity"] > chromatic["key clarity"] + 0.2
    assert tonal["surprise"] < chromatic["surprise"]


def test_strokes_between_the_beats_that_are_held_over_them_are_syncopation() -> None:
    on_beats = heard([60, 62, 64, 65])
    off_beats = heard([60, 62, 64, 65], onsets=[0.5, 1.5, 2.5, 3.5])
    eighths = heard([60, 62, 64, 65, 67], onsets=[0.0, 0.5, 1.0, 1.5, 2.0])
    assert off_beats["syncopation"] > 0.5
    assert on_beats["syncopation"] == eighths["syncopation"] == 0


def test_a_bar_taken_up_higher_is_a_melody_repeated_and_a_bar_of_other_steps_is_not() -> None:
    bar = [60, 64, 62, 65]
    assert heard([*bar, *(pitch + 5 for pitch in bar)])["melody repeated"] == 1
    other = heard([*bar, 72, 60, 71, 59])
    assert other["melody repeated"] < 0.6
    assert other["rhythm repeated"] == 1


def test_timing_is_heard_in_milliseconds_whatever_the_tempo() -> None:
    for tempo_bpm in (60.0, 120.0):
        played = heard(list(SCALE), late_ms=20.0, tempo_bpm=tempo_bpm)
        assert played["timing"] == pytest.approx(10.0, abs=0.01)  # half of them 20 ms late
    assert heard(list(SCALE))["timing"] == 0


def test_pace_register_loudness_range_and_steps_are_in_their_units() -> None:
    line = heard([60, 64, 67, 72], velocity=70)
    assert line["pace"] == pytest.approx(1.0, abs=0.3)  # two quarters a second at 120
    assert line["register"] == pytest.approx(65.75)
    assert line["loudness"] == 70
    assert line["loudness deviation"] == 0
    assert line["range"] == 12
    assert line["step size"] == 4


def test_a_chord_is_one_stroke_and_its_consonance_is_heard() -> None:
    def chord(pitches: list[int]) -> dict[str, float]:
        return heard(pitches, onsets=[0.0] * len(pitches))

    fifth, second = chord([60, 67]), chord([60, 61])
    assert fifth["thickness"] == pytest.approx(2.0)
    assert fifth["harmonic consonance"] > 1 > -1 > second["harmonic consonance"]
    assert fifth["step size"] == 0


@settings(max_examples=30, deadline=None)
@given(frames_with_genomes(2))
def test_whatever_can_be_a_phrase_can_be_heard_alone_or_beside_others(given_: tuple[Frame, list[Genome]]) -> None:
    frame, genomes = given_
    scores = [express(genome, frame) for genome in genomes]
    together = hear(scores)
    assert together.shape == (2, len(FEATURES))
    assert np.isfinite(together).all()
    assert together == pytest.approx(np.concatenate([hear([score]) for score in scores]), abs=1e-9)


def test_random_phrases_have_the_appeal_that_the_crowd_is_set_to() -> None:
    reference = heard_at_random(FRAME)
    rng = np.random.default_rng(7)
    unheard = hear([express(random_genome(FRAME, rng), FRAME) for _ in range(60)])
    deviations = []
    for seed in range(8):
        tastes = draw_tastes(CrowdSettings(n_tastes=2), FRAME, np.random.default_rng(seed))
        for appeal in tastes.appeal(reference):
            assert appeal.mean() == pytest.approx(0, abs=0.02)
            assert appeal.std() == pytest.approx(0.83, abs=0.02)
        deviations.append(tastes.appeal(unheard).std())
    assert np.mean(deviations) == pytest.approx(0.83, abs=0.12)


def agreement(appeal: NDArray[np.float64]) -> float:
    """Correlation of two tastes' appeal, (2, n)."""
    return float(np.asarray(np.corrcoef(appeal))[0, 1])


def test_tastes_differ_by_crowd_and_agree_in_part_within_one() -> None:
    reference = heard_at_random(FRAME)
    alike = draw_tastes(CrowdSettings(n_tastes=2, taste_spread=0.0), FRAME, np.random.default_rng(0))
    assert agreement(alike.appeal(reference)) == pytest.approx(1.0)
    between = [
        agreement(draw_tastes(CrowdSettings(n_tastes=2), FRAME, np.random.default_rng(seed)).appeal(reference))
        for seed in range(20)
    ]
    assert 0.1 < np.mean(between) < 0.6


def test_too_much_of_a_thing_pleases_as_little_as_too_little() -> None:
    middle = np.median(heard_at_random(FRAME), axis=0)
    tastes = draw_tastes(CrowdSettings(taste_spread=0.0), FRAME, np.random.default_rng(0))
    for name, (point, width, _weight) in LIKED.items():
        phrases = np.repeat(middle[None], 3, axis=0)
        phrases[:, FEATURES.index(name)] = [point - 3 * width, point, point + 3 * width]
        too_little, right, too_much = tastes.appeal(phrases)[0]
        assert right > max(too_little, too_much)
    timing = np.repeat(middle[None], 4, axis=0)
    timing[:, FEATURES.index("timing")] = [0.0, 6.0, 18.0, 60.0]
    machine, human, loose, wild = tastes.appeal(timing)[0]
    assert min(human, loose) > max(machine, wild)


def test_nobody_likes_anything_more_than_the_scale_has_room_for() -> None:
    tastes = draw_tastes(CrowdSettings(n_tastes=3), FRAME, np.random.default_rng(1))
    extremes = np.abs(np.random.default_rng(2).normal(0, 100, (50, len(FEATURES))))
    assert np.abs(tastes.appeal(extremes)).max() <= CEILING
