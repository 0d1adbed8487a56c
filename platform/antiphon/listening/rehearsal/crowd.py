"""A crowd of simulated listeners in one room, for so long, or until somebody says that it is enough."""

import asyncio
import resource
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from antiphon.core.errors import Invalid, Unavailable
from antiphon.listening.rehearsal.client import Conversation
from antiphon.listening.rehearsal.doors import Door
from antiphon.listening.rehearsal.guests import Guest
from antiphon.listening.rehearsal.listener import Habits, SimulatedListener
from antiphon.listening.rehearsal.minds import Minds
from antiphon.listening.rehearsal.tally import Tally

LISTENERS_MAX, MINUTES_MAX, PACE_MAX_SECONDS = 5_000, 30.0, 120.0
COMING_PER_SECOND = 80.0  # listeners: below what a server takes from one address
LEAVING_SECONDS = 12.0  # for the last answers and goodbyes; then connections are cut
SPARE_FILES = 128  # that a process needs beside its sockets
EVERY_SECONDS = 1.0

Watch = Callable[[Tally, float, int], Coroutine[Any, Any, bool]]


@dataclass(frozen=True)
class Order:
    """How many listeners, for how long, how quick, and which ones. Raises Invalid where a bound is passed."""

    n_listeners: int
    minutes: float
    habits: Habits = field(default_factory=Habits)
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.n_listeners <= LISTENERS_MAX:
            raise Invalid(f"listeners: expected 1 to {LISTENERS_MAX:,}, got {self.n_listeners}.")
        if not 0 < self.minutes <= MINUTES_MAX:
            raise Invalid(f"minutes: expected more than 0 and at most {MINUTES_MAX:g}, got {self.minutes:g}.")
        pace = self.habits.pace_seconds
        if pace is not None and not 0 <= pace <= PACE_MAX_SECONDS:
            raise Invalid(f"pace: expected 0 to {PACE_MAX_SECONDS:g} seconds, got {pace:g}.")


class Crowd:
    """All listeners of one order; `listen` lets them come, be there and leave. `stop` ends it early."""

    def __init__(self, order: Order, *, door: Door, code: str, guests: Sequence[Guest], minds: Minds) -> None:
        self.tally = Tally()
        self.seconds = 0.0
        self._order = order
        self._stop = asyncio.Event()
        self._listeners = [
            SimulatedListener(
                Conversation(door, code, guest.cookie, guest.name, self.tally),
                index=index,
                minds=minds,
                habits=order.habits,
                tally=self.tally,
                stop=self._stop,
                rng=np.random.default_rng([order.seed, 1, index]),
            )
            for index, guest in enumerate(guests)
        ]

    @property
    def here(self) -> int:
        """How many have a connection now."""
        return sum(one.conversation.is_connected for one in self._listeners)

    def stop(self) -> None:
        """Have everybody finish what they say, and leave."""
        self._stop.set()
        for one in self._listeners:
            one.conversation.wake()

    async def listen(self, watch: Watch | None = None) -> Tally:
        """Be there until the time is up. `watch` is told every second how it goes, and says whether to go on."""
        began = time.monotonic()
        tasks = [asyncio.create_task(self._come(number, one)) for number, one in enumerate(self._listeners)]
        try:
            await self._watch_over(tasks, began, watch)
            self.stop()
            await asyncio.wait(tasks, timeout=LEAVING_SECONDS)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*(one.conversation.close() for one in self._listeners))
            self.seconds = time.monotonic() - began
        _raise_faults(tasks)
        return self.tally

    async def _watch_over(self, tasks: Sequence["asyncio.Task[None]"], began: float, watch: Watch | None) -> None:
        ends = began + self._order.minutes * 60
        while not self._stop.is_set() and (left := ends - time.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), min(left, EVERY_SECONDS))
            _raise_faults(tasks)
            if all(task.done() for task in tasks):  # everybody was turned away
                return
            if watch is not None and not await watch(self.tally, time.monotonic() - began, self.here):
                return

    async def _come(self, number: int, listener: SimulatedListener) -> None:
        """Come after those before, as through a door, and not all in the same moment."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), number / COMING_PER_SECOND)
        await listener.run()


def _raise_faults(tasks: Sequence["asyncio.Task[None]"]) -> None:
    """Raise what ended a listener: they live on whatever servers do, so it is a fault of ours, or a worker's end."""
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error


def make_room_for(n_listeners: int) -> None:
    """Let this process have so many sockets at once. Raises Unavailable where the machine does not allow it."""
    wanted = n_listeners + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Unavailable(
            f"Expected to be allowed {wanted:,} open files, one a listener, got {hard:,}. Raise the limit (ulimit -n), "
            f"or send at most {max(hard - SPARE_FILES, 0):,} listeners."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
