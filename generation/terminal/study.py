"""`study DIR`: the study's sweeps over a folder of MIDI files."""

import argparse
from pathlib import Path

from rich.console import Console

from generation.study import terminal
from generation.terminal.files import read_folder
from generation.terminal.refusals import DONE, STOPPED
from generation.terminal.starting import start_networks
from generation.terminal.stopping import asked_to_stop

HELP = terminal.HELP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="MIDI files, folders below included")
    terminal.add_arguments(parser)


def run(options: argparse.Namespace, console: Console) -> int:
    """Run the sweeps; returns the exit code. Raises TerminalRefused and StudyRefused."""
    pieces, _ = read_folder(options.folder)
    start_networks(console)
    with asked_to_stop() as should_stop:
        written = terminal.run(options, pieces, console, should_stop)
        for path in written:
            console.print(str(path), highlight=False)
        return STOPPED if should_stop() else DONE
