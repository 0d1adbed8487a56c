"""A score as sound: rendered as in the browser, and written as WAV or Ogg Vorbis."""

import io
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from generation.score.arrangement import with_program
from generation.score.audio_messages import Messages, messages_of
from generation.score.audio_renderer import AudioRefused, Renderer
from generation.score.notes import Score
from generation.score.soundfont import SOUNDFONT

__all__ = ["Audio", "AudioRefused", "Messages", "Renderer", "render", "render_messages", "to_ogg", "to_wav"]

SECONDS_MAX = 600.0  # to the last message; what rings on comes on top, at most 12 s
SAMPLE_RATES_HZ = (22_050, 32_000, 44_100, 48_000, 96_000)
PEAK_MAX = 10 ** (-1 / 20)  # -1 dBFS: an encoder's peaks may lie a little higher than what it was given
WAV_BLOCK_FRAMES = 65_536
OGG_BLOCK_FRAMES = 16_384  # libsndfile encodes a call's samples on the stack
OGG_QUALITY = 0.6  # of Vorbis, 0-1: about 190 kbit/s
PCM_STEPS = 32_767


@dataclass(frozen=True)
class Audio:
    """Stereo sound."""

    samples: NDArray[np.float32]  # shape (n, 2), left and right, within -1..1
    sample_rate: int  # Hz

    @property
    def duration_seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.sample_rate


_shared = Renderer()


def render(
    score: Score,
    *,
    soundfont: Path = SOUNDFONT,
    program: int | None = None,
    sample_rate: int = 44_100,
    renderer: Renderer = _shared,
) -> Audio:
    """The score as sound, from its beginning until the last note has died away; `program` (0-127) for pitched parts.

    As loud as in a page at its first volume; where a peak would pass -1 dBFS, the whole is scaled down to just that
    peak. The same score gives the same samples. Raises AudioRefused.
    """
    if len(score.notes) == 0:
        raise AudioRefused("no_notes", "expected a score with notes, got an empty one: take other bars")
    chosen = score if program is None else with_program(score, program)
    return render_messages(messages_of(chosen), soundfont=soundfont, sample_rate=sample_rate, renderer=renderer)


def render_messages(
    messages: Messages, *, soundfont: Path = SOUNDFONT, sample_rate: int = 44_100, renderer: Renderer = _shared
) -> Audio:
    """Timed MIDI messages as sound; see `render`. Raises AudioRefused."""
    seconds = float(messages.seconds.max(initial=0.0))
    if seconds > SECONDS_MAX:
        most = f"{SECONDS_MAX / 60:.0f} minutes of sound"
        raise AudioRefused("too_long", f"expected at most {most}, got {seconds / 60:.1f}: take fewer bars or loops")
    if sample_rate not in SAMPLE_RATES_HZ:
        known = ", ".join(map(str, SAMPLE_RATES_HZ))
        raise AudioRefused("bad_sample_rate", f"expected a sample rate of {known} Hz, got {sample_rate}: choose one")
    if not soundfont.is_file():
        raise AudioRefused(
            "no_soundfont", f"expected a SoundFont file, got {soundfont}: give the path of an .sf2 or .sf3"
        )
    samples = renderer.render(messages, soundfont=soundfont.resolve(), sample_rate=sample_rate)
    peak = max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))
    if peak > PEAK_MAX:
        samples *= np.float32(PEAK_MAX / peak)
    return Audio(samples, sample_rate)


def to_wav(audio: Audio, *, seed: int = 0) -> bytes:
    """The sound as a WAV file of 16-bit PCM, dithered.

    The dither is triangular, two steps wide: it frees the error of rounding from the signal (Lipshitz, Wannamaker and
    Vanderkooy, Journal of the Audio Engineering Society 40(5), 1992). The same seed gives the same bytes.
    """
    rng = np.random.default_rng(seed)
    n_channels = audio.samples.shape[1]
    blocks = range(0, len(audio.samples), WAV_BLOCK_FRAMES)
    pcm = b"".join(_dithered(audio.samples[start : start + WAV_BLOCK_FRAMES], rng) for start in blocks)
    frame_bytes = 2 * n_channels
    form = struct.pack("<HHIIHH", 1, n_channels, audio.sample_rate, audio.sample_rate * frame_bytes, frame_bytes, 16)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(pcm)) + pcm
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _dithered(samples: NDArray[np.float32], rng: np.random.Generator) -> bytes:
    """Samples as 16-bit PCM."""
    dither = rng.random(samples.shape, dtype=np.float32) - rng.random(samples.shape, dtype=np.float32)
    steps = np.rint(samples * PCM_STEPS + dither)
    return np.clip(steps, -PCM_STEPS - 1, PCM_STEPS).astype("<i2").tobytes()


def to_ogg(audio: Audio) -> bytes:
    """The sound as an Ogg file of Vorbis, about 190 kbit/s."""
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer,
        "w",
        samplerate=audio.sample_rate,
        channels=audio.samples.shape[1],
        format="OGG",
        subtype="VORBIS",
        compression_level=1.0 - OGG_QUALITY,
    ) as file:
        for start in range(0, len(audio.samples), OGG_BLOCK_FRAMES):
            file.write(audio.samples[start : start + OGG_BLOCK_FRAMES])
    return buffer.getvalue()
