import numpy as np
import pytest

from generation.score.notes import Bend, Part, Score, Tempo, sort_notes
from generation.score.playback import to_seconds
from tests.generation.score.played import bend_curve, play, walk

STEP_SECONDS = 0.005


def long_notes(n_notes: int, *, rest_quarters: float = 1.0) -> Score:
    """Notes of four seconds with rests between."""
    return Score(sort_notes([(i * (8 + rest_quarters), 8.0, 64 + i % 5, 80, 0) for i in range(n_notes)]))


@pytest.mark.parametrize("vibrato_hz", [4.5, 5.5, 7.0])
def test_vibrato_has_the_rate_and_the_depth_asked_for(vibrato_hz: float) -> None:
    curve = bend_curve(play(long_notes(1), vibrato_cents=30.0, vibrato_hz=vibrato_hz), STEP_SECONDS)
    steady = curve[int(0.7 / STEP_SECONDS) : int(3.9 / STEP_SECONDS)]
    spectrum = np.abs(np.fft.rfft((steady - steady.mean()) * np.hanning(len(steady)), 1 << 14))
    assert np.fft.rfftfreq(1 << 14, STEP_SECONDS)[np.argmax(spectrum)] == pytest.approx(vibrato_hz, abs=0.1)
    assert 25 < np.abs(steady).max() <= 30
    assert steady.mean() == pytest.approx(0, abs=1.5)


def test_vibrato_waits_and_short_notes_have_none() -> None:
    curve = bend_curve(play(long_notes(1), vibrato_cents=30.0, vibrato_delay_ms=400.0), STEP_SECONDS)
    assert np.abs(curve[: int(0.4 / STEP_SECONDS)]).max() == 0
    assert np.abs(curve[int(0.5 / STEP_SECONDS) :]).max() > 10
    assert all(bend.cents == 0 for bend in play(walk(40, quarters=0.25), vibrato_cents=30.0).bends)


def test_a_glide_comes_from_below_and_arrives() -> None:
    curve = bend_curve(play(long_notes(1), glide_cents=40.0), STEP_SECONDS)
    assert curve[0] == pytest.approx(-40, abs=1)
    rising = curve[: int(0.15 / STEP_SECONDS)]
    assert (np.diff(rising) >= 0).all()
    assert np.abs(curve[int(0.15 / STEP_SECONDS) :]).max() == 0


def test_tuning_wavers_as_much_as_asked() -> None:
    played = play(walk(400, quarters=1.0), bend_cents=8.0)
    assert np.std([bend.cents for bend in played.bends]) == pytest.approx(8.0, rel=0.15)


@pytest.mark.parametrize("quarters", [0.15, 0.25, 1.0, 4.0])
def test_pitch_returns_and_bends_stay_few(quarters: float) -> None:
    written = walk(60, quarters=quarters, tempos=(Tempo(0.0, 140.0),))
    played = play(written, bend_cents=10.0, glide_cents=30.0, vibrato_cents=30.0, vibrato_hz=8.0, deviation_ms=10.0)
    times = to_seconds(played, [bend.onset_quarters for bend in played.bends])
    assert (np.diff(times) > 0).all()
    assert np.histogram(times, np.arange(0.0, times[-1] + 1))[0].max() <= 40
    assert played.bends[-1].cents == 0
    assert max(abs(bend.cents) for bend in played.bends) < 100


def test_pitch_is_true_while_a_part_rests() -> None:
    played = play(long_notes(5), bend_cents=10.0, vibrato_cents=25.0)
    for start, end in zip(range(8, 40, 9), range(9, 45, 9), strict=False):
        resting = [bend.cents for bend in played.bends if start + 0.2 < bend.onset_quarters < end - 1e-6]
        before = [bend.cents for bend in played.bends if bend.onset_quarters <= start + 0.2]
        assert resting == []
        assert before[-1] == 0


def test_drums_and_parts_with_bends_of_their_own_are_left_alone() -> None:
    notes = sort_notes([(i * 2.0, 1.9, 60, 80, part) for i in range(4) for part in range(3)])
    own = Bend(1, 0.5, 77.0)
    score = Score(notes, (Part("a"), Part("b"), Part("kit", 0, is_drum=True)), bends=(own,))
    played = play(score, vibrato_cents=20.0)
    assert {bend.part for bend in played.bends} == {0, 1}
    assert [bend for bend in played.bends if bend.part == 1] == [own]
