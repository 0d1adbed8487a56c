"""`rewrite CHECKPOINT FILE --bar N`: one bar of a MIDI file written anew, to fit between its neighbours."""

import argparse
from pathlib import Path

from rich.console import Console

from generation.score.midi import write
from generation.terminal.files import cut_bars, read_checkpoint, read_score, refuse_existing, write_whole
from generation.terminal.refusals import DONE, TerminalRefused
from generation.terminal.sample import add_sampling_arguments, settings_of
from generation.terminal.starting import start_networks

HELP = "write one bar of a MIDI file anew"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="of the preset `bars`")
    parser.add_argument("file", type=Path, metavar="FILE", help="a MIDI file")
    parser.add_argument("--bar", type=int, required=True, help="which, from 1")
    parser.add_argument("--part", type=int, help="of which part, from 1 (default: that of most notes)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same bar (default: 1)")
    add_sampling_arguments(parser)
    parser.set_defaults(temperature=0.8, top_p=0.9)  # those of `rewriting.REWRITING`, which is slow to import
    parser.add_argument("--out", type=Path, help="MIDI file to write (default: FILE-barN.mid)")
    parser.add_argument("--force", action="store_true", help="overwrite --out")


def run(options: argparse.Namespace, console: Console) -> int:
    """Rewrite and write; returns the exit code. Raises TerminalRefused and what rewriting raises."""
    if options.bar < 1:
        raise TerminalRefused(f"--bar: expected a bar from 1 on, got {options.bar}.")
    if options.part is not None and options.part < 1:
        raise TerminalRefused(f"--part: expected a part from 1 on, got {options.part}.")
    part = None if options.part is None else options.part - 1
    settings = settings_of(options)
    out = options.out or Path(f"{options.file.stem}-bar{options.bar}.mid")
    refuse_existing([out], force=options.force)
    score = read_score(options.file)
    cut_bars(score, (options.bar - 1, options.bar))
    start_networks(console)
    from generation.rewriting import rewrite_bar

    checkpoint = read_checkpoint(options.checkpoint)
    with console.status(f"Writing bar {options.bar} anew"):
        written = rewrite_bar(checkpoint, score, options.bar - 1, seed=options.seed, settings=settings, part=part)
    write_whole(out, write(written))
    console.print(f"{out}: bar {options.bar} is new", highlight=False)
    return DONE
