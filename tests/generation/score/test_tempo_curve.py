import numpy as np
import pytest

from generation.score.expression import timing_deviations_of
from generation.score.notes import Meter, Score, Tempo
from generation.score.playback import tempo_at, to_seconds
from tests.generation.score.played import play, walk


def beat_seconds(score: Score, n_beats: int) -> np.ndarray:
    """How long each quarter lasts, in seconds."""
    return np.diff(to_seconds(score, np.arange(n_beats + 1.0)))


def test_rubato_is_slower_at_the_ends_of_phrases() -> None:
    lengths = beat_seconds(play(walk(256), rubato=1.0), 128)
    from_middle = np.abs((np.arange(128) % 16 + 0.5) / 8 - 1)
    assert np.corrcoef(lengths, from_middle**2)[0, 1] > 0.8
    assert lengths[from_middle > 0.85].mean() / lengths[from_middle < 0.3].mean() > 1.08


@pytest.mark.parametrize("rubato", [0.2, 1.0])
def test_rubato_gives_back_the_time_it_takes(rubato: float) -> None:
    written = walk(256)
    played = play(written, rubato=rubato)
    assert to_seconds(played, 128.0) == pytest.approx(to_seconds(written, 128.0), rel=1e-3)


def test_notes_stay_on_the_grid_under_rubato() -> None:
    played = play(walk(64), rubato=1.0, final_ritard=1.0)
    assert np.array_equal(played.notes["onset_quarters"], walk(64).notes["onset_quarters"])
    assert np.abs(timing_deviations_of(played)).max() < 1e-9


@pytest.mark.parametrize("depth", [0.5, 1.0])
def test_a_final_ritardando_slows_down_more_and_more_over_the_last_two_bars(depth: float) -> None:
    played = play(walk(128), final_ritard=depth)
    lengths = beat_seconds(played, 64)
    assert lengths[:56] == pytest.approx(0.5, rel=1e-3)
    slowing = np.diff(lengths[55:])
    assert (slowing > 0).all()
    assert (np.diff(slowing[1:]) > 0).all()
    assert tempo_at(played, 63.9) == pytest.approx(120 * (1 - 0.65 * depth), rel=0.25)


def test_a_phrase_of_one_bar_can_slow_down() -> None:
    lengths = beat_seconds(play(walk(8), final_ritard=0.5), 4)
    assert lengths[3] > lengths[0] * 1.1


def test_a_tempo_that_someone_shaped_is_kept() -> None:
    shaped = walk(64, tempos=tuple(Tempo(beat / 2, 100 + beat % 5) for beat in range(64)))
    assert play(shaped, rubato=1.0).tempos == shaped.tempos


def test_changes_of_tempo_are_kept_under_rubato() -> None:
    changing = walk(256, tempos=(Tempo(0.0, 120.0), Tempo(64.0, 60.0)))
    lengths = beat_seconds(play(changing, rubato=0.5), 128)
    assert lengths[:64].mean() == pytest.approx(0.5, rel=0.02)
    assert lengths[64:].mean() == pytest.approx(1.0, rel=0.02)


def test_marks_are_one_a_beat_also_in_compound_meters() -> None:
    jig = walk(96, meters=(Meter(0.0, 6, 8),))
    assert len(play(jig, rubato=0.5).tempos) == 32
