"""What a study takes at a terminal. Knows no TensorFlow, so that the platform can ask for a study too."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from generation.study.plan import PLANS, StudyPlan

HELP = "train the sweeps over batch size, dropout and epochs, and write a table and plots"
OPTIONS = ("out", "size", "epochs", "batch_sizes", "dropouts", "seeds", "units", "notes_per_piece", "title")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside its folder of MIDI files."""
    parser.add_argument("--out", type=Path, default=Path("study"), help="folder for table, plots and what is half done")
    parser.add_argument("--size", choices=sorted(PLANS), default="workstation", help="the paper's size takes days")
    parser.add_argument("--epochs", type=_numbers(int), help="epochs to look after, as 100,256,512,1000")
    parser.add_argument("--batch-sizes", type=_numbers(int), help="as 32,64,128")
    parser.add_argument("--dropouts", type=_numbers(float), help="as 0.1,0.3,0.5,0.7")
    parser.add_argument("--seeds", type=_numbers(int), help="each network is trained once for each, as 1,2,3")
    parser.add_argument("--units", type=int, help="of each LSTM layer")
    parser.add_argument("--notes-per-piece", type=int, help="of each piece's beginning; 0 for all")
    parser.add_argument("--title", help="what the pieces are called in the table; the folder's name without")


def to_arguments(options: Mapping[str, Any]) -> list[str]:
    """The options, as far as they are given, as a command's arguments."""
    arguments: list[str] = []
    for name in OPTIONS:
        value = options.get(name)
        if value is not None:
            said = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            arguments += [f"--{name.replace('_', '-')}", said]
    return arguments


def plan_of(options: argparse.Namespace) -> StudyPlan:
    """The plan that the options ask for. Raises StudyRefused."""
    changes: dict[str, Any] = {
        "epochs": options.epochs,
        "batch_sizes": options.batch_sizes,
        "dropouts": options.dropouts,
        "seeds": options.seeds,
        "lstm_units": options.units,
        "dense_units": options.units,
    }
    plan = replace(PLANS[options.size](), **{name: value for name, value in changes.items() if value is not None})
    if options.notes_per_piece is not None:
        plan = replace(plan, notes_per_piece=options.notes_per_piece or None)
    return plan


def _numbers(kind: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """What reads numbers with commas between; argparse turns its ValueError into a message."""

    def numbers(text: str) -> tuple[Any, ...]:
        return tuple(kind(part) for part in text.split(","))

    return numbers
