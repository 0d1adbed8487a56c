"""`render`: a phrase as a WAV file, against fluidsynth's command line on the same MIDI and SoundFont, its effects on.

Both render in turn, so that a busy machine slows both, and the best of several runs counts. Ours is the renderer as a
server holds it, warm; the peer starts anew each time, as a command line does. `detail` has what is less kind to ours: a
cold start, and a whole piece, on which the peer's start counts little.
"""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from generation.score.arrangement import slice_bars
from generation.score.audio import Renderer, render, to_wav
from generation.score.bars import bar_starts
from generation.score.midi import read, write
from generation.score.notes import Score
from generation.score.playback import to_seconds
from generation.score.soundfont import SOUNDFONT
from tests.benchmarks.result import Result

TARGET = 1.0
UNIT = "times real time"
STARTER = Path(__file__).parents[2] / "platform/antiphon/datasets/starter/dataset1"
PHRASE = "classical/mozart_k545_mvt2.mid"
PHRASE_BARS = 4
PIECES = (PHRASE, "modern/yubatake_town.mid")
REPEATS = 5
LONG_REPEATS = 2


def run(*, small: bool = False) -> Result:
    """Seconds of music a second of work, for four bars of a piano piece; whole pieces beside it unless `small`."""
    if shutil.which("fluidsynth") is None:
        return Result.skip("render", "fluidsynth, the peer, is not here", target=TARGET, unit=UNIT)
    piece = _read(PHRASE)
    phrase = slice_bars(piece, 0, PHRASE_BARS)
    renderer = Renderer()
    try:
        began = time.perf_counter()
        render(phrase, renderer=renderer)
        cold_seconds = time.perf_counter() - began
        ours, peer = _speeds(phrase, renderer, repeats=1 if small else REPEATS)
        detail: dict[str, float] = {"phrase_s": _length_seconds(phrase), "cold_s": cold_seconds}
        for name in () if small else PIECES:
            our_speed, peer_speed = _speeds(_read(name), renderer, repeats=LONG_REPEATS)
            stem = Path(name).stem
            detail |= {f"{stem}_ours": our_speed, f"{stem}_peer": peer_speed, f"{stem}_ratio": our_speed / peer_speed}
    finally:
        renderer.close()
    return Result("render", ours / peer, TARGET, ours, peer, UNIT, detail)


def _read(name: str) -> Score:
    """A piece of the starter dataset, its first bars of silence left out."""
    score = read((STARTER / name).read_bytes())
    starts = bar_starts(score)
    first = max(index for index, start in enumerate(starts) if start <= float(score.notes["onset_quarters"][0]))
    return slice_bars(score, first, len(starts) - 1)


def _speeds(score: Score, renderer: Renderer, *, repeats: int) -> tuple[float, float]:
    """Times real time, ours and the peer's, both by the length of the notes: what rings on is work for nothing."""
    ours = peer = float("inf")
    for _ in range(repeats):
        ours = min(ours, _our_seconds(score, renderer))
        peer = min(peer, _peer_seconds(score))
    length = _length_seconds(score)
    return length / ours, length / peer


def _our_seconds(score: Score, renderer: Renderer) -> float:
    began = time.perf_counter()
    to_wav(render(score, renderer=renderer))
    return time.perf_counter() - began


def _peer_seconds(score: Score) -> float:
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
        midi.write_bytes(write(score))
        command = ["fluidsynth", "-ni", "-q", "-r", "44100", "-T", "wav", "-F", str(wav), str(SOUNDFONT), str(midi)]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - began


def _length_seconds(score: Score) -> float:
    return float(to_seconds(score, score.end_quarters))
