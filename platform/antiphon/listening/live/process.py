"""The rooms of one web process: who takes a seat finds the room's hub, or opens it."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from weakref import WeakKeyDictionary, WeakValueDictionary

from antiphon.accounts.models import Listener
from antiphon.listening.live.hub import Hub
from antiphon.listening.live.seat import Seat, Send
from antiphon.listening.live.shared import Shared
from antiphon.listening.live.snapshots import room_snapshot
from antiphon.listening.threads import in_thread

YOUNG_MAX, ROUNDS_MAX = 20_000, 20  # Python's garbage collector: how many new objects, rounds, call for the next step

_lives: WeakKeyDictionary[asyncio.AbstractEventLoop, "Live"] = WeakKeyDictionary()


class Live:
    """The live side of listening on one event loop; opened with the first seat, closed with the last."""

    def __init__(self) -> None:
        self.shared = Shared()
        self._hubs: dict[str, Hub] = {}
        self._doors: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._at_doors = 0  # who is on the way in or out
        self._is_closed = False

    async def take_seat(
        self, code: str, *, listener: Listener, send_text: Send, drop: Callable[[], None]
    ) -> Seat | None:
        """A seat in the room of this code; None where there is no such room.

        Who comes as the last one leaves finds everything closed, and goes to the rooms that are open.
        """
        rooms = _lives.setdefault(asyncio.get_running_loop(), self)
        if rooms is not self:
            return await rooms.take_seat(code, listener=listener, send_text=send_text, drop=drop)
        if self._is_closed:
            self.shared, self._is_closed = Shared(), False
        async with self._door(code):
            hub = self._hubs.get(code) or await self._open(code)
            if hub is None:
                return None
            seat = Seat(hub, listener=listener, send_text=send_text, drop=drop, give_up=self._leave_seat)
            hub.seats.add(seat)
            return seat

    async def _leave_seat(self, seat: Seat) -> None:
        """Give a seat up; a hub without seats is stopped."""
        hub = seat.hub
        try:
            await seat.leave()
        finally:
            hub.seats.discard(seat)  # only now: the last one out closes what the others still leave by
            async with self._door(hub.snapshot.code):
                if not hub.seats and self._hubs.get(hub.snapshot.code) is hub:
                    del self._hubs[hub.snapshot.code]
                    await hub.stop()

    async def _open(self, code: str) -> Hub | None:
        snapshot = await in_thread(room_snapshot, code)
        if snapshot is None:
            return None
        hub = Hub(self.shared, snapshot)
        await hub.start()
        self._hubs[code] = hub
        return hub

    @asynccontextmanager
    async def _door(self, code: str) -> AsyncIterator[None]:
        """One at a time through the door of a room, and rooms open side by side; the last one out closes everything."""
        self._at_doors += 1
        try:
            async with self._doors.setdefault(code, asyncio.Lock()):
                yield
        finally:
            self._at_doors -= 1
            if not self._hubs and not self._at_doors and not self._is_closed:
                _lives.pop(asyncio.get_running_loop(), None)
                self._is_closed = True
                await self.shared.close()


def live() -> Live:
    """The live side on the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _lives:
        _calm_collector()
        _lives[loop] = Live()
    return _lives[loop]


@cache
def _calm_collector() -> None:
    """Once a process: what it loaded stays for good, and is not to be gone through while hundreds wait.

    A connection leaves few cycles behind; with Python's own thresholds a full room spent a fifth of its time, and
    waited up to 0.2 s at a stretch, on collections that found nothing.
    """
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, ROUNDS_MAX, ROUNDS_MAX)
