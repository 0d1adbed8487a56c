"""A score as sound: as loud, as high and as long as the reference synthesiser has it, and never clipped."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from generation.score.audio import Audio, AudioRefused, Messages, render, render_messages, to_ogg, to_wav
from generation.score.notes import Part, Score, Tempo, sort_notes
from tests.generation.score.sound import (
    RATE_HZ,
    bent,
    by_fluidsynth,
    first_sound_seconds,
    level_db,
    needs_fluidsynth,
    one_note,
    pitch_hz,
    share_above,
)

SPAN_SECONDS = 3.0
Setting = list[tuple[float, bytes]]


def struck(*setting: tuple[float, bytes], velocity: int = 100, program: int = 0, held: float = 1.0) -> Setting:
    """One note of a second's length, with other messages around it, times within its span."""
    note = [(0.1, bytes([0x90, 60, velocity])), (0.1 + held, bytes([0x80, 60, 0]))]
    return [(0.0, bytes([0xC0, program])), *setting, *note]


def control(number: int, value: int, seconds: float = 0.0) -> tuple[float, bytes]:
    return seconds, bytes([0xB0, number, value])


PLAYED = {
    **{f"velocity {value}": struck(velocity=value) for value in (20, 40, 60, 80, 100, 127)},
    **{f"volume {value}": struck(control(7, value)) for value in (30, 64, 100, 127)},
    **{f"expression {value}": struck(control(11, value)) for value in (30, 64, 100)},
    "a short note": struck(held=0.3),
    "a short note with the pedal": struck(control(64, 127), control(64, 0, 2.0), held=0.3),
    "a bent flute": struck((0.0, bytes([0xE0, 0, 96])), program=73),
}
# The synth bass, both leads and the pad (38, 80, 81, 89) ask for chorus and reverb of their own, which no message takes
# away, and each synthesiser has its own of these.
INSTRUMENTS = {f"program {program}": struck(program=program) for program in (0, 4, 24, 25, 33, 42, 48, 73)}


def in_a_row(settings: dict[str, Setting], *before: tuple[float, bytes]) -> Setting:
    """One after another, each from the same state on."""
    rows = list(before)
    for index, setting in enumerate(settings.values()):
        start = index * SPAN_SECONDS
        clean = [control(7, 100), control(11, 127), control(64, 0), (0.0, bytes([0xE0, 0, 64]))]
        rows += [(start + seconds, message) for seconds, message in (*clean, *setting)]
        rows.append((start + SPAN_SECONDS - 0.01, bytes([0xB0, 120, 0])))
    return rows


def levels_of(samples: NDArray[np.float32], count: int) -> NDArray[np.float64]:
    span = int(SPAN_SECONDS * RATE_HZ)
    return np.array([level_db(samples[index * span : (index + 1) * span]) for index in range(count)])


@needs_fluidsynth
@pytest.mark.parametrize(("settings", "has_effects"), [(PLAYED, True), (INSTRUMENTS, False)])
def test_levels_are_within_a_decibel_of_fluidsynths(
    settings: dict[str, Setting], has_effects: bool, tmp_path: Path
) -> None:
    messages = in_a_row(settings) if has_effects else in_a_row(settings, control(91, 0), control(93, 0))
    ours = levels_of(render_messages(Messages.of(messages)).samples, len(settings))
    theirs = levels_of(by_fluidsynth(messages, tmp_path, has_effects=has_effects), len(settings))
    difference = ours - theirs - np.median(ours - theirs)
    assert np.ptp(theirs) > 5  # the settings are far apart
    assert dict(zip(settings, difference.round(2), strict=True)) == pytest.approx(dict.fromkeys(settings, 0.0), abs=1.0)


@needs_fluidsynth
def test_a_bend_is_as_high_as_fluidsynths(tmp_path: Path) -> None:
    messages = [(0.0, bytes([0xC0, 24])), (0.0, bytes([0xE0, 0, 96])), *struck(program=24, held=2.0)[1:]]
    theirs = by_fluidsynth(messages, tmp_path)[: 2 * RATE_HZ]
    ours = render_messages(Messages.of(messages)).samples[: 2 * RATE_HZ]
    cents = 1200 * np.log2(pitch_hz(ours, near_hz=277.2) / pitch_hz(theirs, near_hz=277.2))
    assert abs(cents) < 2


def test_an_a_has_its_fundamental_at_440_hz() -> None:
    assert pitch_hz(render(one_note(69)).samples[:RATE_HZ], near_hz=440) == pytest.approx(440, rel=0.003)


@pytest.mark.parametrize("cents", [-350.0, -50.0, 20.0, 100.0, 700.0])
def test_a_bend_moves_the_pitch_by_its_cents(cents: float) -> None:
    expected = pitch_hz(render(one_note()).samples[:RATE_HZ], near_hz=440) * 2 ** (cents / 1200)
    found = pitch_hz(render(bent(cents)).samples[:RATE_HZ], near_hz=expected)
    assert abs(1200 * np.log2(found / expected)) < 3


def test_drums_sound_as_drums_and_another_program_leaves_them_alone() -> None:
    kick = Score(sort_notes([(0.0, 0.5, 36, 100, 0)]), (Part(is_drum=True),))
    hat = Score(sort_notes([(0.0, 0.5, 42, 100, 0)]), (Part(is_drum=True),))
    assert share_above(render(kick).samples, 2_000) < 0.1
    assert share_above(render(hat).samples, 2_000) > 0.7
    assert np.array_equal(render(hat, program=73).samples, render(hat).samples)


def test_another_program_sounds_otherwise_and_as_if_the_score_said_so() -> None:
    score = one_note(program=0)
    assert np.array_equal(render(score, program=73).samples, render(one_note(program=73)).samples)
    assert not np.array_equal(render(score).samples[:RATE_HZ], render(score, program=73).samples[:RATE_HZ])


def test_notes_begin_when_the_tempo_says() -> None:
    rows = [(0.5, 0.25, 60, 100, 0), (3.0, 0.25, 60, 100, 0)]
    score = Score(sort_notes(rows), (Part(program=24),), tempos=(Tempo(0.0, 60.0), Tempo(1.0, 120.0)))
    samples = render(score).samples
    first = first_sound_seconds(samples)
    assert first == pytest.approx(0.5, abs=0.01)
    assert first_sound_seconds(samples, after_seconds=1.5) - first == pytest.approx(1.5, abs=0.002)


def test_the_sound_lasts_until_it_has_died_away() -> None:
    audio = render(one_note(program=48, quarters=4.0))
    assert audio.duration_seconds > 2.2
    assert level_db(audio.samples[-RATE_HZ // 20 :]) < -85
    assert level_db(audio.samples[-RATE_HZ:]) > -90


def test_loud_music_is_scaled_down_whole_and_quiet_music_not_at_all() -> None:
    quiet = one_note(program=33, velocity=90)
    loud = Score(sort_notes([(0.0, 2.0, 30 + n, 127, 0) for n in range(24)]), quiet.parts)
    assert np.abs(render(loud).samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-4)
    alone = render(quiet).samples
    assert np.abs(alone).max() < 0.89
    before = Score(sort_notes([*quiet.notes.tolist(), (20.0, 1.0, 40, 20, 0)]), quiet.parts)
    assert np.array_equal(render(before).samples[:RATE_HZ], alone[:RATE_HZ])


def test_the_same_score_gives_the_same_samples() -> None:
    assert np.array_equal(render(bent(30.0)).samples, render(bent(30.0)).samples)


def test_the_sixteenth_instrument_is_heard_as_itself() -> None:
    parts = (*(Part(program=0),) * 15, Part(program=73))
    sixteenth = Score(sort_notes([(0.0, 2.0, 69, 90, 15)]), parts)
    assert np.array_equal(render(sixteenth).samples, render(one_note(program=73)).samples)


def test_a_key_struck_again_while_it_sounds_is_heard_twice() -> None:
    rows = [(0.0, 2.0, 69, 100, 0), (2.0, 2.0, 69, 100, 0)]
    again = render(Score(sort_notes(rows), (Part(program=24),))).samples
    once = render(one_note(velocity=100, quarters=4.0)).samples
    second = slice(int(1.02 * RATE_HZ), int(1.3 * RATE_HZ))
    assert level_db(again[second]) > level_db(once[second]) + 3


@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_the_sample_rate_changes_the_samples_and_not_the_sound(rate: int) -> None:
    audio = render(one_note(), sample_rate=rate)
    assert audio.sample_rate == rate
    usual = render(one_note())
    assert audio.duration_seconds == pytest.approx(usual.duration_seconds, abs=0.1)
    assert level_db(audio.samples) == pytest.approx(level_db(usual.samples), abs=0.3)


def test_a_wav_holds_the_samples_and_its_error_is_noise() -> None:
    audio = render(one_note())
    data = to_wav(audio)
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE_HZ)
        assert file.getnframes() == len(audio.samples)
    error = soundfile.read(io.BytesIO(data), dtype="float64")[0] - audio.samples * (32_767 / 32_768)
    assert np.abs(error).max() <= 1.6 / 32_768
    # Rounding and triangular dither of two steps have a variance of a quarter step squared.
    assert np.std(error) * 32_768 == pytest.approx(0.5, rel=0.05)
    assert abs(np.corrcoef(error[:, 0], audio.samples[:, 0])[0, 1]) < 0.01
    assert data == to_wav(audio) != to_wav(audio, seed=1)


def test_a_wav_of_silence_holds_nothing_but_dither() -> None:
    data = to_wav(Audio(np.zeros((1_000, 2), dtype=np.float32), RATE_HZ))
    assert np.abs(np.frombuffer(data[44:], "<i2")).max() == 1


def test_an_ogg_is_a_smaller_file_of_the_same_sound() -> None:
    audio = render(one_note(quarters=8.0))
    data = to_ogg(audio)
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert (rate, samples.shape) == (RATE_HZ, audio.samples.shape)
    assert level_db(samples - audio.samples) < level_db(audio.samples) - 15
    assert len(data) < len(to_wav(audio)) / 4


@pytest.mark.parametrize(
    ("code", "score", "wishes"),
    [
        ("no_notes", Score(sort_notes([])), {}),
        ("too_long", one_note(quarters=1_300.0), {}),
        ("bad_sample_rate", one_note(), {"sample_rate": 1}),
        ("no_soundfont", one_note(), {"soundfont": Path("nowhere.sf2")}),
        ("no_sound", one_note(), {"soundfont": Path(__file__)}),
    ],
)
def test_what_cannot_sound_is_refused_in_a_line(code: str, score: Score, wishes: dict[str, object]) -> None:
    with pytest.raises(AudioRefused, match=r"^expected [^\n]+, got[^\n]+$") as refused:
        render(score, **wishes)  # type: ignore[arg-type]
    assert refused.value.code == code
