import numpy as np
import pytest
from numpy.typing import NDArray

from generation.score.expression import Performance, humanise, mood, swing, timing_deviations, velocity_curve
from generation.score.notes import Meter, Score, sort_notes
from tests.generation.score.strategies import plain_score

PLAYED = Performance(15.0, 1.0, 0.4, 0.8, 6.0, 0.5, 0.5)


def dfa_exponent(series: NDArray[np.float64]) -> float:
    """Exponent of detrended fluctuation analysis, first order, windows of 4 to a quarter of the length."""
    profile = np.cumsum(series - series.mean())
    sizes = np.unique(np.geomspace(4, len(profile) // 4, 20).astype(int))
    fluctuations = []
    for size in sizes:
        windows = profile[: len(profile) // size * size].reshape(-1, size)
        line = np.polynomial.polynomial.polyfit(np.arange(size), windows.T, 1)
        trend = np.polynomial.polynomial.polyval(np.arange(size), line)
        fluctuations.append(np.sqrt(np.mean((windows - trend) ** 2)))
    return float(np.polyfit(np.log(sizes), np.log(fluctuations), 1)[0])


@pytest.mark.parametrize("deviation_ms", [5.0, 12.0, 25.0])
def test_timing_has_the_deviation_asked_for(deviation_ms: float) -> None:
    deviations = timing_deviations(200, deviation_ms=deviation_ms, exponent=1.0, rng=np.random.default_rng(1))
    assert deviations.std() == pytest.approx(deviation_ms)
    assert deviations.mean() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("exponent", "low", "high"), [(0.0, 0.4, 0.6), (0.7, 0.75, 0.95), (1.0, 0.9, 1.1)])
def test_timing_is_correlated_as_people_are(exponent: float, low: float, high: float) -> None:
    found = [
        dfa_exponent(timing_deviations(512, deviation_ms=10, exponent=exponent, rng=np.random.default_rng(seed)))
        for seed in range(20)
    ]
    assert low < np.mean(found) < high


def test_the_same_seed_is_the_same_performance() -> None:
    score = plain_score([60, 62, 64, 65] * 4)
    assert humanise(score, PLAYED, np.random.default_rng(7)) == humanise(score, PLAYED, np.random.default_rng(7))
    assert humanise(score, PLAYED, np.random.default_rng(7)) != humanise(score, PLAYED, np.random.default_rng(8))


def test_a_plain_performance_changes_nothing() -> None:
    score = plain_score([60, 62, 64])
    assert humanise(score, Performance(), np.random.default_rng(0)) == score


def test_notes_of_a_chord_stay_together() -> None:
    rows = [(beat, 1.0, pitch, 80, 0) for beat in range(8) for pitch in (60, 64, 67)]
    played = humanise(Score(sort_notes(rows)), PLAYED, np.random.default_rng(3))
    assert len(np.unique(played.notes["onset_quarters"])) == 8


def test_played_notes_stay_in_range() -> None:
    loud = plain_score([0, 127] * 20, velocity=127)
    played = humanise(loud, Performance(25.0, 1.5, 1.0, 1.0, 20.0, 1.0, 1.0), np.random.default_rng(5)).notes
    assert played["onset_quarters"].min() >= 0
    assert played["duration_quarters"].min() > 0
    assert 1 <= played["velocity"].min() <= played["velocity"].max() <= 127


def test_full_swing_makes_triplets_and_keeps_the_beat() -> None:
    swung = swing(np.array([0.0, 0.5, 1.0, 1.5, 2.0]), amount=1.0)
    assert swung == pytest.approx([0.0, 2 / 3, 1.0, 5 / 3, 2.0])


def test_a_phrase_swells_and_accents_its_downbeats() -> None:
    onsets = np.arange(0, 16, 0.5)
    curve = velocity_curve(onsets, meter=Meter(0.0, 4, 4), depth=1.0)
    assert curve[onsets == 8.0] > curve[onsets == 0.0]
    assert curve[onsets == 8.0] > curve[onsets == 7.5]
    assert abs(curve.mean()) < 2.0


def test_excitement_is_faster_and_louder_and_a_neutral_mood_is_neither() -> None:
    assert mood(valence=0, arousal=1).tempo_factor > 1 > mood(valence=0, arousal=-1).tempo_factor
    assert mood(valence=0, arousal=1).velocity_shift > 0 > mood(valence=0, arousal=-1).velocity_shift
    neutral = mood(valence=0, arousal=0)
    assert (neutral.tempo_factor, neutral.length_factor, neutral.velocity_shift) == (1.0, 1.0, 0.0)
