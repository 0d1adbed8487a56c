"""What one rating costs, process by process, in microseconds: `python -m tests.measurements.rooms_costs`.

Processor time says nearly the same on a busy machine as on a quiet one, which ratings a second do not. Listeners rate
as fast as their acknowledgements allow, as in the `rooms` benchmark, of which this is the bookkeeping.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Iterable
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from tests.benchmarks import rooms


class Clock:
    """Processor time of the four processes that a rating passes, since `start`."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        ports = {
            "web": port,
            "PostgreSQL": urlsplit(environment["DATABASE_URL"]).port,
            "Valkey": urlsplit(environment["REDIS_URL"]).port,
        }
        self._roots = {"client": psutil.Process(os.getpid())}
        for listening in psutil.net_connections("tcp"):
            for role, its_port in ports.items():
                is_it = listening.status == psutil.CONN_LISTEN and listening.laddr.port == its_port
                if is_it and listening.pid:
                    self._roots[role] = psutil.Process(listening.pid)
        self._begun = self._seconds()

    def start(self) -> None:
        """Count from here on."""
        self._begun = self._seconds()

    def microseconds_each(self, count: int) -> dict[str, float]:
        """Microseconds of each for each of so many ratings."""
        now = self._seconds()
        return {role: round((now[role] - self._begun[role]) / count * 1e6, 1) for role in now}

    def _seconds(self) -> dict[str, float]:
        return {
            role: sum(_processor_seconds(process) for process in [root, *_children(root, role)])
            for role, root in self._roots.items()
        }


def _children(root: psutil.Process, role: str) -> Iterable[psutil.Process]:
    return root.children() if role == "PostgreSQL" else ()


def _processor_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def measure(n_listeners: int, seconds: float) -> dict[str, object]:
    """Ratings, and then echoes, of so many listeners for so long."""
    with rooms.servers() as environment, rooms.web_process(environment) as port:
        prepared = rooms.prepare(environment, n_listeners)
        clock = Clock(environment, port)
        told: dict[str, object] = {"listeners": n_listeners}
        for name, listen in (("rating", rooms.rating), ("echo", rooms.echoing)):
            tally = asyncio.run(rooms.listen_all([port], prepared, seconds, listen, begin=clock.start))
            each = clock.microseconds_each(len(tally.latencies_seconds))
            told[name] = each | {"all": round(sum(each.values()), 1), "a second": round(tally.per_second)}
    return told


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=6.0)
    given = parser.parse_args()
    print(json.dumps(measure(given.listeners, given.seconds)))
