import numpy as np
import pytest
from numpy.typing import NDArray

from generation.score.expression.fluctuation import dfa_exponent, timing_deviations_of
from generation.score.notes import Score, Tempo, sort_notes
from tests.generation.score.played import walk


def noise(exponent: float, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """White noise, its integral, or, between them, sums of first-order processes of all time scales."""
    if exponent == 0.5:
        return rng.standard_normal(n)
    if exponent == 1.5:
        return np.cumsum(rng.standard_normal(n))
    total = np.zeros(n)
    for scale in 2.0 ** np.arange(0, 12):  # equal power in each octave is a 1/f spectrum
        memory = np.exp(-1 / scale)
        driven = rng.standard_normal(n + 4000) * np.sqrt(1 - memory**2)
        state = np.zeros(n + 4000)
        for index in range(1, n + 4000):
            state[index] = memory * state[index - 1] + driven[index]
        total += state[-n:]
    return total


@pytest.mark.parametrize(("exponent", "n", "slack"), [(0.5, 300, 0.05), (1.5, 300, 0.1), (1.0, 1000, 0.12)])
def test_known_noises_have_their_known_exponents(exponent: float, n: int, slack: float) -> None:
    draws = 4 if exponent == 1.0 else 40
    found = [dfa_exponent(noise(exponent, n, np.random.default_rng(seed))) for seed in range(draws)]
    assert np.mean(found) == pytest.approx(exponent, abs=slack)


def test_a_trend_size_and_offset_of_the_series_do_not_matter() -> None:
    series = np.random.default_rng(3).standard_normal(400)
    assert dfa_exponent(7 + 25 * series) == pytest.approx(dfa_exponent(series))


@pytest.mark.parametrize("series", [np.arange(31.0), np.zeros(200), np.full(200, np.nan)], ids=["short", "flat", "nan"])
def test_a_series_that_says_nothing_has_no_exponent(series: NDArray[np.float64]) -> None:
    assert np.isnan(dfa_exponent(series))


def test_deviations_are_found_in_ms_with_and_without_the_written_score() -> None:
    rng = np.random.default_rng(4)
    late = np.append(0.0, rng.normal(0, 0.02, 199))
    written = walk(200, tempos=(Tempo(0.0, 100.0),))
    notes = written.notes.copy()
    notes["onset_quarters"] += late
    played = Score(sort_notes(notes), tempos=written.tempos)
    assert timing_deviations_of(played, written=written) == pytest.approx(late * 600)
    assert timing_deviations_of(played) == pytest.approx(late * 600)


def test_triplets_are_no_late_sixteenths() -> None:
    triplets = Score(sort_notes([(i / 3, 1 / 3, 60, 80, 0) for i in range(48)]))
    assert np.abs(timing_deviations_of(triplets)).max() < 1e-6


def test_a_score_without_notes_has_no_deviations() -> None:
    assert len(timing_deviations_of(Score(sort_notes([])))) == 0
