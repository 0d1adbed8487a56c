"""Ratings a second and how long their acknowledgement takes, by listeners, rooms and web processes.

`python -m tests.measurements.rooms_table [--listeners 10 100 1000 5000] [--seconds 5]` prints a table for the docs.
Listeners are paced as the quick ones of a room, and then rate as fast as their acknowledgements allow. One process
plays all of them, and needs processor time itself: it is what one machine bears with both sides on it.
"""

import argparse
import asyncio
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial

from tests.benchmarks import rooms

COLUMNS = (
    "listeners",
    "rooms",
    "web processes",
    "all in after s",
    "paced: p50, p99 ms",
    "ratings/s",
    "p99 ms",
    "refused",
)


def table(listeners: Iterable[int], *, n_rooms: Iterable[int], processes: Iterable[int], seconds: float) -> None:
    """Print a row for each combination, as it is measured."""
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
    wanted = [(web, room, count) for web in processes for room in n_rooms for count in listeners if count >= room]
    for web, room, count in wanted:
        with rooms.servers() as environment, ExitStack() as stack:
            ports = [stack.enter_context(rooms.web_process(environment)) for _ in range(web)]
            places = rooms.prepare(environment, count, n_rooms=room)
            slow = partial(rooms.rating, pace_seconds=rooms.PACE_SECONDS)
            paced = asyncio.run(rooms.listen_all(ports, places, seconds, slow))
            fast = asyncio.run(rooms.listen_all(ports, places, seconds, rooms.rating))
        acknowledged = f"{paced.percentile_ms(50):.0f}, {paced.percentile_ms(99):.0f}"
        print(
            f"| {count:,} | {room} | {web} | {paced.opening_seconds:.1f} | {acknowledged} "
            f"| {fast.per_second:,.0f} | {fast.percentile_ms(99):.0f} | {paced.refused + fast.refused} |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, nargs="+", default=[10, 100, 1000, 5000])
    parser.add_argument("--rooms", type=int, nargs="+", default=[1, 50])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    table(given.listeners, n_rooms=given.rooms, processes=given.processes, seconds=given.seconds)
