import numpy as np
import pytest
from numpy.typing import NDArray

from generation.score.expression import HUMAN, dfa_exponent, perform, timing_deviations_of
from generation.score.expression.division import nearest_division
from generation.score.notes import Score, Tempo, sort_notes

RHYTHMS = {"eighths": [0.5], "melody": [0.25, 0.5, 0.5, 1.0], "triplets": [1 / 3, 1 / 3, 1 / 3, 0.5, 0.5]}


def noise(exponent: float, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Part of a long series whose spectrum is 1/f^exponent, with standard deviation 1."""
    period = 1 << 14
    amplitude = np.arange(1, period // 2 + 1.0) ** (-exponent / 2)
    phases = np.exp(2j * np.pi * rng.random(period // 2))
    series = np.fft.irfft(np.concatenate([[0], amplitude * phases]), period)[:n]
    normal: NDArray[np.float64] = (series - series.mean()) / series.std()
    return normal


def strummed(onsets: NDArray[np.float64], bpm: float, rng: np.random.Generator) -> Score:
    """Chords of two to six strings, 4-12 ms from string to string, the middle of each at its onset in quarters."""
    rows = []
    for onset in onsets:
        late_ms = np.cumsum(rng.uniform(4, 12, rng.integers(2, 7)))
        for string, late in enumerate(late_ms - late_ms.mean()):
            rows.append((onset + late * bpm / 60_000, 0.3, 45 + 5 * string, 80, 0))
    return Score(sort_notes(rows), tempos=(Tempo(0.0, bpm),))


def melody(onsets: NDArray[np.float64], bpm: float, rng: np.random.Generator) -> Score:
    rows = [(onset, 0.2, int(rng.integers(60, 80)), 80, 0) for onset in onsets]
    return Score(sort_notes(rows), tempos=(Tempo(0.0, bpm),))


@pytest.mark.parametrize("exponent", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("late_ms", [0.0, 28.0])
@pytest.mark.parametrize("kind", ["melody", "triplets", "strummed"])
def test_surrogates_of_known_exponent_are_measured_as_they_are(kind: str, late_ms: float, exponent: float) -> None:
    off_exponent, off_ms = [], []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        written = np.cumsum(rng.choice([0.5, 1, 1, 2], 180) if kind == "strummed" else np.resize(RHYTHMS[kind], 180))
        deviations, bpm = 11 * noise(exponent, 180, rng), [80.0, 120.0, 140.0][seed % 3]
        onsets = 4 + written + (deviations + late_ms) * bpm / 60_000
        played = strummed(onsets, bpm, rng) if kind == "strummed" else melody(onsets, bpm, rng)
        found = timing_deviations_of(played)
        off_exponent.append(dfa_exponent(found) - dfa_exponent(deviations))
        off_ms.append(found.std() - 11)
    assert np.abs(off_exponent).mean() < 0.04
    assert np.abs(off_ms).mean() < 0.5


def test_chords_strummed_off_the_beat_get_the_timing_of_people() -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        written = np.cumsum(rng.choice([0.5, 1, 1, 2], 180)) + 2 / 36  # all two thirds of a slot late, as learnt
        played = timing_deviations_of(perform(strummed(written, 120.0, rng), HUMAN, seed=seed))
        assert len(played) == 180
        assert 0.7 <= dfa_exponent(played) <= 1.0
        assert 5 <= played.std() <= 25


@pytest.mark.parametrize("division", [1, 2, 3, 4, 6, 12])
def test_what_is_exact_is_on_its_own_grid(division: int) -> None:
    onsets = np.arange(60) / division
    assert nearest_division(onsets) == pytest.approx(onsets)


def test_loose_sixteenths_and_triplets_in_one_piece_are_told_apart() -> None:
    rng = np.random.default_rng(1)
    written = np.concatenate([beat + np.arange(d) / d for beat, d in enumerate(rng.choice([3, 4], 120))])
    found = nearest_division(written + rng.normal(0, 0.012, len(written)))
    assert np.mean(np.abs(found - written) < 1e-6) > 0.97


def test_notes_struck_together_are_one_witness() -> None:
    onsets = np.repeat(np.arange(0, 30, 0.5) + 0.03, 9)  # 15 ms late at 120: no other grid, however many say it
    assert nearest_division(onsets) == pytest.approx(np.repeat(np.arange(0, 30, 0.5), 9))


def test_no_onsets_have_no_grid_and_one_has_its_own() -> None:
    assert len(nearest_division(np.zeros(0))) == 0
    assert nearest_division(np.array([1.01])) == pytest.approx([1.0])
