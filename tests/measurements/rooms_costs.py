"""What a join and a rating cost, process by process, in microseconds: `python -m tests.measurements.rooms_costs`.

Processor time says nearly the same on a busy machine as on a quiet one, which ratings a second do not. Listeners rate
as fast as their acknowledgements allow, as in the `rooms` benchmark, of which this is the bookkeeping.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from tests.benchmarks import rooms

WARM_UP = 20  # listeners


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


def measure(n_listeners: int, seconds: float, n_rooms: int) -> dict[str, Any]:
    """So many listeners join together; then they rate, and then hear echoes, for so long."""
    with rooms.servers() as environment, rooms.web_process(environment) as port:
        prepared = rooms.prepare(environment, n_listeners, n_rooms=n_rooms)
        clock = Clock(environment, port)
        told: dict[str, Any] = {"listeners": n_listeners, "rooms": n_rooms}
        asyncio.run(_come_and_go(port, prepared[:WARM_UP]))
        clock.start()
        told["join"] = {"seconds": round(asyncio.run(_come_and_go(port, prepared)), 1)}
        told["join"] |= clock.microseconds_each(n_listeners)
        for name, listen in (("rating", rooms.rating), ("echo", rooms.echoing)):
            tally = asyncio.run(rooms.listen_all([port], prepared, seconds, listen, begin=clock.start))
            each = clock.microseconds_each(len(tally.latencies_seconds))
            told[name] = each | {"all": round(sum(each.values()), 1), "a second": round(tally.per_second)}
    return told


async def _come_and_go(port: int, places: Sequence[rooms.Place]) -> float:
    """Everybody joins, as after a restart, and leaves; seconds until all were in."""
    began = time.perf_counter()
    listeners = await rooms.open_all([port], places)
    seconds = time.perf_counter() - began
    await asyncio.gather(*(listener.connection.close() for listener in listeners))
    return seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--rooms", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(measure(given.listeners, given.seconds, given.rooms)))
