"""How samples are played and in which files they are handed over."""

import argparse
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generation.score.expression import HUMAN, Mood, Performance, in_mood, perform
from generation.score.midi import write
from generation.score.notes import Score
from generation.score.tonality import find_tonality
from generation.terminal.files import write_whole
from generation.terminal.refusals import TerminalRefused

FORMATS = ("midi", "musicxml", "wav", "ogg")
SUFFIXES = {"midi": ".mid", "musicxml": ".musicxml", "wav": ".wav", "ogg": ".ogg"}
SOUNDS = ("wav", "ogg")


@dataclass(frozen=True)
class Rendition:
    """A sample as written, for notation, and as played, for all else."""

    written: Score
    played: Score


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What commands take that play."""
    parser.add_argument("--mood", metavar="V,A", help="valence and arousal, each -1 to 1: --mood=-0.5,0.8")
    playing = parser.add_mutually_exclusive_group()
    playing.add_argument("--expression", action="store_true", default=True, help="play as people do (default)")
    playing.add_argument("--plain", dest="expression", action="store_false", help="exactly as the network wrote it")
    parser.add_argument("--play", action="append", default=[], metavar="NAME=VALUE", help="as swing=0.6 or rubato=0.3")


def performance_of(options: argparse.Namespace) -> Performance:
    """The performance that the options ask for. Raises TerminalRefused."""
    performance = HUMAN if options.expression else Performance()
    changes: dict[str, float | int] = {}
    kinds = {field.name: type(getattr(performance, field.name)) for field in dataclasses.fields(performance)}
    for text in options.play:
        name, _, value = text.partition("=")
        if name not in kinds:
            raise TerminalRefused(f"--play: expected NAME=VALUE with a name of {', '.join(kinds)}; got {text!r}.")
        try:
            changes[name] = kinds[name](float(value))
        except ValueError:
            raise TerminalRefused(f"--play {name}: expected a number, got {value!r}.") from None
    return replace(performance, **changes)  # type: ignore[arg-type]


def mood_of(text: str | None) -> Mood | None:
    """`V,A` as a mood. Raises TerminalRefused or MoodError."""
    if text is None:
        return None
    try:
        valence, arousal = (float(part) for part in text.split(","))
    except ValueError:
        raise TerminalRefused(f"--mood: expected valence,arousal as 0.5,-0.3; got {text!r}.") from None
    return Mood(valence, arousal)


def rendition(
    score: Score, performance: Performance, mood: Mood | None, *, seed: int, key: str | None, scale: str | None
) -> Rendition:
    """The score in the mood's mode and register, and played; key and scale are found where they are not told."""
    written = score
    if mood is not None:
        tonality = find_tonality(score)
        tonic = key or (tonality.tonic if tonality else "C")
        written = in_mood(score, mood, key=tonic, scale=scale or (tonality.scale if tonality else "major"))
        performance = replace(performance, valence=mood.valence, arousal=mood.arousal)
    return Rendition(written, perform(written, performance, seed=seed))


def formats_of(text: str) -> tuple[str, ...]:
    """`midi,wav` as formats. Raises TerminalRefused."""
    formats = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    wrong = [name for name in formats if name not in FORMATS]
    if wrong:
        raise TerminalRefused(f"--format: expected some of {','.join(FORMATS)}; got {wrong[0]!r}.")
    return formats


def write_formats(rendered: Rendition, path: Path, formats: Sequence[str], *, soundfont: Path | None = None) -> None:
    """Write a rendition in each format, beside `path` with the format's suffix. Raises OSError or AudioRefused."""
    sounds = set(formats) & set(SOUNDS)
    for name, data in (sound_files(rendered.played, sounds, soundfont) if sounds else {}).items():
        write_whole(path_of(path, name), data)
    if "midi" in formats:
        write_whole(path_of(path, "midi"), write(rendered.played))
    if "musicxml" in formats:
        from generation.score.notation import to_musicxml

        write_whole(path_of(path, "musicxml"), to_musicxml(rendered.written))


def path_of(path: Path, name: str) -> Path:
    """Where a format is written beside `path`."""
    return path.with_name(path.name + SUFFIXES[name])


def sound_files(score: Score, formats: set[str], soundfont: Path | None) -> dict[str, bytes]:
    """The score as sound, rendered once, by format. Raises AudioRefused."""
    from generation.score.audio import render, to_ogg, to_wav

    audio = render(score) if soundfont is None else render(score, soundfont=soundfont)
    makers = {"wav": to_wav, "ogg": to_ogg}
    return {name: makers[name](audio) for name in sorted(formats)}
