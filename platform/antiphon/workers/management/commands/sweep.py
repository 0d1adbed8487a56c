"""`manage.py sweep`: announce again what is due."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from antiphon.core.sweeping import do_chores
from antiphon.workers.sweeping import sweep

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Announce jobs that are due again (unclaimed ones, and those whose worker fell silent), and do what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, sweeping so often")

    def handle(self, *args: Any, every: float | None, **options: Any) -> None:
        if every is None:
            self.stdout.write(f"{sweep()} jobs announced again")
            do_chores()
            return
        is_over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: is_over.set())
        while not is_over.wait(every):
            try:
                sweep()
                do_chores()
            except DatabaseError as error:
                log.warning("the sweep could not reach the database, and goes on: %s", error)
                connection.close()
