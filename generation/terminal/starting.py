"""Starting TensorFlow, which takes seconds and greets on the error stream whatever one tells it."""

import importlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from generation.terminal.refusals import TerminalRefused

ERROR_STREAM = 2


def start_networks(console: Console) -> None:
    """Import Keras and its backend, in silence. Raises TerminalRefused where they are not installed."""
    if "keras" in sys.modules:
        return
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # its warnings speak to those who write networks
    try:
        with console.status("Starting TensorFlow"), _silent():
            importlib.import_module("keras")
    except ModuleNotFoundError as error:
        raise TerminalRefused(f"There is no {error.name} here: install the extra `node` (or `cuda`) first.") from None


@contextmanager
def _silent() -> Iterator[None]:
    """The error stream of the whole process closed: TensorFlow's own code writes there before it reads its settings."""
    sys.stderr.flush()
    kept = os.dup(ERROR_STREAM)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, ERROR_STREAM)
    try:
        yield
    finally:
        os.dup2(kept, ERROR_STREAM)
        os.close(kept)
        os.close(null)
