"""Sound to listen to with numbers: levels, pitches, onsets, and the reference synthesiser's rendering."""

import shutil
import subprocess
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from generation.score.notes import Bend, Part, Score, sort_notes
from generation.score.soundfont import SOUNDFONT

RATE_HZ = 44_100
TICKS_A_SECOND = 1_000
needs_fluidsynth = pytest.mark.skipif(
    shutil.which("fluidsynth") is None, reason="the reference synthesiser, Debian's package fluidsynth, is not here"
)


def one_note(pitch: int = 69, *, program: int = 24, velocity: int = 90, quarters: float = 2.0) -> Score:
    """A single note at 120 quarters a minute."""
    return Score(sort_notes([(0.0, quarters, pitch, velocity, 0)]), (Part(program=program),))


def bent(cents: float) -> Score:
    """An A bent from its beginning."""
    score = one_note()
    return Score(score.notes, score.parts, bends=(Bend(0, 0.0, cents),))


def level_db(samples: NDArray[np.float32]) -> float:
    """RMS level in dBFS."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-20))


def pitch_hz(samples: NDArray[np.float32], *, near_hz: float) -> float:
    """The frequency of the strongest partial within three semitones of one."""
    mono = samples.sum(axis=1)
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), 8 * len(mono)))
    step_hz = RATE_HZ / (8 * len(mono))
    lowest, highest = int(near_hz / 1.19 / step_hz), int(near_hz * 1.19 / step_hz)
    return float((lowest + np.argmax(spectrum[lowest:highest])) * step_hz)


def share_above(samples: NDArray[np.float32], hz: float) -> float:
    """The part of the energy that lies above a frequency, 0-1."""
    power = np.abs(np.fft.rfft(samples.sum(axis=1))) ** 2
    return float(power[int(hz * len(samples) / RATE_HZ) :].sum() / power.sum())


def first_sound_seconds(samples: NDArray[np.float32], *, after_seconds: float = 0.0) -> float:
    """When the sound first comes within 40 dB of its peak."""
    start = int(after_seconds * RATE_HZ)
    loudness = np.abs(samples[start:]).max(axis=1)
    return (start + int(np.argmax(loudness > loudness.max() / 100))) / RATE_HZ


def by_fluidsynth(
    messages: list[tuple[float, bytes]], folder: Path, *, has_effects: bool = True
) -> NDArray[np.float32]:
    """The messages (seconds, bytes) as fluidsynth's command line renders them, shape (n, 2)."""
    track = mido.MidiTrack()
    now = 0
    for seconds, message in sorted(messages, key=lambda one: one[0]):
        tick = round(seconds * TICKS_A_SECOND)
        track.append(mido.Message.from_bytes(message, time=tick - now))
        now = tick
    midi = mido.MidiFile(ticks_per_beat=TICKS_A_SECOND // 2, tracks=[track])  # 120 quarters a minute
    midi.save(folder / "piece.mid")
    effects = [] if has_effects else ["-R", "0", "-C", "0"]
    command = ["fluidsynth", "-ni", "-q", *effects, "-r", str(RATE_HZ), "-O", "float", "-T", "wav"]
    subprocess.run([*command, "-F", folder / "piece.wav", SOUNDFONT, folder / "piece.mid"], check=True, timeout=60)
    samples: NDArray[np.float32] = soundfile.read(folder / "piece.wav", dtype="float32", always_2d=True)[0]
    return samples
