"""The rooms of one web process: who takes a seat finds the room's hub, or opens it."""

import asyncio
import gc
from collections.abc import Callable
from functools import cache
from weakref import WeakKeyDictionary

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
        self._lock = asyncio.Lock()
        self._is_closed = False

    async def take_seat(
        self, code: str, *, listener: Listener, send_text: Send, drop: Callable[[], None]
    ) -> Seat | None:
        """A seat in the room of this code; None where there is no such room.

        Who waited for the door while the last one left finds everything closed, and goes to the rooms that are open.
        """
        async with self._lock:
            rooms = _lives.setdefault(asyncio.get_running_loop(), self)
            if rooms is not self:
                return await rooms.take_seat(code, listener=listener, send_text=send_text, drop=drop)
            if self._is_closed:
                self.shared, self._is_closed = Shared(), False
            hub = self._hubs.get(code)
            if hub is None:
                snapshot = await in_thread(room_snapshot, code)
                if snapshot is None:
                    await self._close_if_empty()
                    return None
                hub = Hub(self.shared, snapshot)
                await hub.start()
                self._hubs[code] = hub
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
            async with self._lock:
                if not hub.seats and self._hubs.get(hub.snapshot.code) is hub:
                    del self._hubs[hub.snapshot.code]
                    await hub.stop()
                await self._close_if_empty()

    async def _close_if_empty(self) -> None:
        if self._hubs:
            return
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
