"""Sound at a terminal: a player of the system, or files to be played by hand."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evolution.terminal.folder import write_whole
from generation.score.audio import AudioRefused, render, to_wav
from generation.score.notes import Score
from generation.score.soundfont import SOUNDFONT

MIDI_PLAYERS: dict[str, tuple[str, ...]] = {"fluidsynth": ("-n", "-i", "-q"), "timidity": ("-idq",)}
WAV_PLAYERS: dict[str, tuple[str, ...]] = {
    "aplay": ("-q",), "paplay": (), "afplay": (), "pw-play": (),
    "ffplay": ("-nodisp", "-autoexit", "-loglevel", "quiet"),
}  # fmt: skip
PLAY_SECONDS_MAX = 600.0


@dataclass(frozen=True)
class Player:
    """A program that plays: its path, its flags, and whether it takes MIDI (else WAV)."""

    path: str
    flags: tuple[str, ...]
    takes_midi: bool
    takes_soundfont: bool = False


def find_player() -> Player | None:
    """The first player that this system has, those for MIDI first."""
    for takes_midi, known in ((True, MIDI_PLAYERS), (False, WAV_PLAYERS)):
        for name, flags in known.items():
            path = shutil.which(name)
            if path is not None:
                return Player(path, flags, takes_midi, name == "fluidsynth")
    return None


def present(score: Score, midi: Path, player: Player | None, soundfont: Path | None) -> str | None:
    """Play the phrase that is kept in `midi`, or write it as WAV beside it; returns what a person should be told."""
    if len(score.notes) == 0:
        return "This phrase is silent: all rests."
    if player is not None and player.takes_midi:
        font = (str(soundfont or SOUNDFONT),) if player.takes_soundfont else ()
        return _play([player.path, *player.flags, *font, str(midi)], midi)
    wav = midi.with_suffix(".wav")
    try:
        if not wav.exists():
            write_whole(wav, to_wav(render(score, soundfont=soundfont or SOUNDFONT)))
    except AudioRefused as error:
        return f"{midi} (MIDI only; no WAV: {error})"
    return str(wav) if player is None else _play([player.path, *player.flags, str(wav)], wav)


def _play(command: Sequence[str], file: Path) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 (a player found on the path, and files of our own; no shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PLAY_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{file} ({command[0]} could not play it: {type(error).__name__})"
    return None if done.returncode == 0 else f"{file} ({command[0]} could not play it: exit {done.returncode})"
