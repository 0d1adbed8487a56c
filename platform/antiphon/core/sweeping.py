"""What the sweep looks after beside jobs: apps name it here, and the process that sweeps knows none of them."""

import logging
from collections.abc import Callable

from django.db import Error

log = logging.getLogger(__name__)

_chores: list[Callable[[], None]] = []


def on_sweep(chore: Callable[[], None]) -> None:
    """Have something done with every sweep; called once from AppConfig.ready. It must be safe to do twice at once."""
    _chores.append(chore)


def do_chores() -> None:
    """Do all of them. One that fails is logged, and does not keep the others from being done."""
    for chore in _chores:
        try:
            chore()
        except Error:
            raise  # the database is away: it is for all of them
        except Exception:
            log.exception("a chore of the sweep went wrong, and is tried again with the next one")
