"""`presets`: the networks that can be trained, and what each is for."""

import argparse

from rich.console import Console
from rich.padding import Padding

from generation.presets import PRESETS
from generation.terminal.refusals import DONE

HELP = "the networks that can be trained"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes nothing."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the presets; returns the exit code."""
    for name, preset in PRESETS.items():
        config = preset.config
        limit = "" if config.max_seconds is None else f", at most {config.max_seconds:g} s"
        facts = f"{config.codec} codec, {config.lstm_layers} x LSTM {config.lstm_units}, {config.epochs} epochs{limit}"
        console.print(f"[bold]{name}[/bold]: {facts}", highlight=False)
        console.print(Padding(preset.description, (0, 0, 1, 2)), soft_wrap=False)
    return DONE
