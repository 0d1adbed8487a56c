"""`sample CHECKPOINT`: scores drawn from a checkpoint, played, and written as MIDI, MusicXML or sound."""

import argparse
import dataclasses
import re
from pathlib import Path

from rich.console import Console

from generation.drawing.settings import Sampling
from generation.score.arrangement import with_program
from generation.score.facts import describe
from generation.score.notes import DEFAULT_TEMPO_BPM, Score
from generation.score.scales import KEYS, SCALES
from generation.terminal import playing
from generation.terminal.files import bars_of, cut_bars, read_checkpoint, read_score, refuse_existing
from generation.terminal.refusals import DONE, TerminalRefused
from generation.terminal.starting import start_networks

HELP = "draw scores from a checkpoint"
PRIMED_BARS = re.compile(r"^(?P<path>.+):(?P<bars>\d+-\d+)$")
DEFAULT_LENGTH = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="a file that `train` wrote")
    parser.add_argument("--count", type=int, default=1, help="how many scores (default: 1)")
    parser.add_argument("--length", type=int, default=DEFAULT_LENGTH, help="notes in each (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same music (default: 1)")
    add_sampling_arguments(parser)
    parser.add_argument("--allow-copies", action="store_true", help="also long passages of the pieces learnt from")
    parser.add_argument("--prime", metavar="FILE[:A-B]", help="a MIDI file to go on from, its bars A to B")
    parser.add_argument("--with-prime", action="store_true", help="the prime comes first in what is written")
    parser.add_argument("--tempo", type=float, default=DEFAULT_TEMPO_BPM, help="quarters a minute (default: 120)")
    parser.add_argument("--program", type=int, help="General MIDI instrument, 0-127 (default: piano)")
    playing.add_arguments(parser)
    parser.add_argument("--bars", metavar="A-B", help="write only bars A to B of each")
    parser.add_argument("--format", default="midi", help="some of midi,musicxml,wav,ogg (default: midi)")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where to (default: here)")
    parser.add_argument("--force", action="store_true", help="overwrite files")


def add_sampling_arguments(parser: argparse.ArgumentParser) -> None:
    """How notes are chosen."""
    parser.add_argument(
        "--temperature", type=float, default=1.0, help="0 the likeliest, 1 as learnt (default: %(default)g)"
    )
    parser.add_argument("--top-k", type=int, default=0, help="only the k likeliest (default: 0, all)")
    parser.add_argument(
        "--top-p", type=float, default=0.98, help="only the likeliest of this share (default: %(default)g)"
    )
    parser.add_argument("--field-temperature", action="append", default=[], metavar="FIELD=T", help="as duration=0.7")
    parser.add_argument("--key", choices=list(KEYS), metavar="KEY", help="where it lies: C, F#, Bb ...")
    parser.add_argument("--scale", choices=list(SCALES), metavar="SCALE", help=f"nothing else: {', '.join(SCALES)}")
    parser.add_argument("--faithful", action="store_true", help="as the study drew, without guards against loops")


def settings_of(options: argparse.Namespace) -> Sampling:
    """How notes are to be chosen. Raises SampleRefused or TerminalRefused."""
    return Sampling(
        temperature=options.temperature,
        temperatures=dict(_temperature(text) for text in options.field_temperature),
        top_k=options.top_k,
        top_p=options.top_p,
        key=options.key,
        scale=options.scale,
        is_faithful=options.faithful,
    )


def _temperature(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise TerminalRefused(f"--field-temperature: expected FIELD=T as pitch=0.8; got {text!r}.") from None


def run(options: argparse.Namespace, console: Console) -> int:
    """Draw, play and write; returns the exit code. Raises TerminalRefused and what sampling raises."""
    settings = dataclasses.replace(settings_of(options), allows_copies=options.allow_copies)
    performance, mood = playing.performance_of(options), playing.mood_of(options.mood)
    formats = playing.formats_of(options.format)
    bars = bars_of(options.bars) if options.bars else None
    prime = read_prime(options.prime) if options.prime else None
    paths = paths_of(options)
    refuse_existing((playing.path_of(path, name) for path in paths for name in formats), force=options.force)

    start_networks(console)
    from generation.sampling import sample

    checkpoint = read_checkpoint(options.checkpoint)
    with console.status(f"Drawing {options.count} x {options.length} notes"):
        scores = sample(
            checkpoint,
            count=options.count,
            length=options.length,
            seed=options.seed,
            tempo_bpm=options.tempo,
            prime=prime,
            with_prime=options.with_prime,
            settings=settings,
        )
    for index, (score, path) in enumerate(zip(scores, paths, strict=True)):
        cut = cut_bars(score, bars) if bars else score
        chosen = cut if options.program is None else with_program(cut, options.program)
        rendered = playing.rendition(
            chosen, performance, mood, seed=options.seed + index, key=options.key, scale=options.scale
        )
        with console.status(f"Writing {path.name}"):
            playing.write_formats(rendered, path, formats)
        console.print(f"{path}: {summary(rendered.played)}", highlight=False)
    return DONE


def read_prime(text: str) -> Score:
    """The score in FILE, or its bars A to B in FILE:A-B. Raises TerminalRefused."""
    found = PRIMED_BARS.match(text)
    if found is None or Path(text).is_file():
        return read_score(Path(text))
    return cut_bars(read_score(Path(found["path"])), bars_of(found["bars"]))


def paths_of(options: argparse.Namespace) -> list[Path]:
    """Where each sample is written, without suffixes: CHECKPOINT-SEED-NUMBER."""
    digits = len(str(options.count))
    stem = f"{options.checkpoint.stem}-seed{options.seed}"
    return [options.out / f"{stem}-{number:0{digits}d}" for number in range(1, max(1, options.count) + 1)]


def summary(score: Score) -> str:
    """A score in a few words."""
    facts = describe(score)
    return f"{facts.n_notes} notes, {facts.n_bars} bars, {facts.duration_seconds:.0f} s, {facts.key or 'no key'}"
