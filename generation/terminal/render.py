"""`render FILE`: a MIDI file as sound."""

import argparse
from pathlib import Path

from rich.console import Console

from generation.score.arrangement import loop, with_beat, with_program
from generation.score.beats import BEATS
from generation.score.notes import Score
from generation.terminal import playing
from generation.terminal.files import bars_of, cut_bars, read_score, refuse_existing, write_whole
from generation.terminal.refusals import DONE, TerminalRefused

HELP = "a MIDI file as WAV or OGG"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a MIDI file")
    parser.add_argument("--format", default="wav", help="wav, ogg or both with a comma (default: wav)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to (default: beside FILE)")
    parser.add_argument("--program", type=int, help="General MIDI instrument for all pitched parts, 0-127")
    parser.add_argument("--soundfont", type=Path, help="an .sf2 or .sf3 (default: the one that comes along)")
    parser.add_argument("--bars", metavar="A-B", help="only bars A to B")
    parser.add_argument("--loops", type=int, default=1, help="how many times (default: 1)")
    parser.add_argument("--beat", choices=sorted(BEATS), help="drums under it")
    parser.add_argument("--force", action="store_true", help="overwrite files")


def run(options: argparse.Namespace, console: Console) -> int:
    """Render and write; returns the exit code. Raises TerminalRefused, ArrangementRefused and AudioRefused."""
    formats = playing.formats_of(options.format)
    if not set(formats) <= set(playing.SOUNDS):
        raise TerminalRefused(f"--format: expected wav, ogg or wav,ogg; got {options.format!r}.")
    path = (options.out or options.file.parent) / options.file.stem
    refuse_existing((playing.path_of(path, name) for name in formats), force=options.force)
    score = arranged(read_score(options.file), options)
    with console.status("Rendering"):
        sounds = playing.sound_files(score, set(formats), options.soundfont)
    for name, data in sounds.items():
        write_whole(playing.path_of(path, name), data)
        console.print(f"{playing.path_of(path, name)}: {len(data) / 1e6:.1f} MB", highlight=False)
    return DONE


def arranged(score: Score, options: argparse.Namespace) -> Score:
    """The score with the bars, loops, beat and instrument that the options ask for. Raises ArrangementRefused."""
    bars = bars_of(options.bars) if options.bars else None
    n_bars = bars[1] - bars[0] if bars else None
    cut = cut_bars(score, bars) if bars else score
    looped = loop(cut, options.loops, n_bars=n_bars)
    beaten = with_beat(looped, options.beat) if options.beat else looped
    return beaten if options.program is None else with_program(beaten, options.program)
