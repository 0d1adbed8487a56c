"""The command line itself: which commands there are, and how they end."""

import argparse
import os
from collections.abc import Sequence
from typing import Protocol

from rich.console import Console

from generation.terminal import presets, render, report, rewrite, sample, study, train
from generation.terminal.refusals import REFUSED, STOPPED, reason_of


class Command(Protocol):
    """A module of a command: what it is for, what it takes, and what it does."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes to its parser."""

    def run(self, options: argparse.Namespace, console: Console) -> int:
        """Do it, and return the exit code. Raises ValueErrors with a `code`, and OSErrors."""


COMMANDS: dict[str, Command] = {
    "train": train,
    "sample": sample,
    "rewrite": rewrite,
    "report": report,
    "render": render,
    "study": study,
    "presets": presets,
}
DESCRIPTION = "Make music from MIDI files: train a network, draw samples, measure, render. No server, no database."


def parser_of(commands: dict[str, Command]) -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(prog="python -m generation", description=DESCRIPTION)
    parser.add_argument("--debug", action="store_true", help="show where an error came from")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in commands.items():
        command.add_arguments(subparsers.add_parser(name, help=command.HELP, description=command.HELP + "."))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the process's exit code: 0 done, 1 refused, 2 misused, 130 stopped by Ctrl-C.

    Errors are one line on the error stream; --debug raises them instead.
    """
    options = parser_of(COMMANDS).parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow, which would greet
    console = Console(soft_wrap=True)
    try:
        return COMMANDS[options.command].run(options, console)
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped.")
        return STOPPED
    except Exception as error:
        if options.debug:
            raise
        Console(stderr=True, soft_wrap=True).print(reason_of(error), markup=False, highlight=False)
        return REFUSED
