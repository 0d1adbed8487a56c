"""What changes often, told to the pages of rooms in turns: a full room is not told all at once, nor are many rooms."""

import asyncio
from collections.abc import Collection

from pydantic import BaseModel

from antiphon.listening.live.page import RoomPage

TOLD_AT_ONCE, TOLD_PER_SECOND = 50, 1_000  # pages: where 1,000 are open each is told once a second


class Pace:
    """How fast the pages of all rooms of a process are told what changes often."""

    def __init__(self) -> None:
        self._free_at = 0.0

    async def turn(self, pages: int) -> None:
        """Wait until so many pages may be told."""
        now = asyncio.get_running_loop().time()
        at = max(self._free_at, now)
        self._free_at = at + pages / TOLD_PER_SECOND
        if at > now:
            await asyncio.sleep(at - now)


class InTurns:
    """Tells every page the newest of one kind of message; what it was before its turn came, no page hears of."""

    def __init__(self, pages: Collection[RoomPage], pace: Pace) -> None:
        self._pages = pages  # those of the room, as they come and go
        self._pace = pace
        self._newest: str | None = None
        self._task: asyncio.Task[None] | None = None

    def tell(self, message: BaseModel) -> None:
        """Have this told to everybody, in place of what is being told."""
        self._newest = message.model_dump_json()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go_round())

    def forget(self) -> None:
        """Whoever has not heard of it yet does not: it is no longer true."""
        self._newest = None

    async def stop(self) -> None:
        """Tell nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _go_round(self) -> None:
        told: str | None = None  # what the first pages of the last round were told
        while self._newest is not told:
            pages = tuple(self._pages)
            for start in range(0, len(pages), TOLD_AT_ONCE):
                some = pages[start : start + TOLD_AT_ONCE]
                await self._pace.turn(len(some))
                if self._newest is None:
                    return
                if start == 0:
                    told = self._newest
                for page in some:
                    page.push(self._newest)
            if not pages:
                return
