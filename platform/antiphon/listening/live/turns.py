"""What changes often, told to the pages of a room in turns: a full room is not told all at once."""

import asyncio
from collections.abc import Collection

from pydantic import BaseModel

from antiphon.listening.live.page import RoomPage

TOLD_AT_ONCE, TOLD_PER_SECOND = 50, 1_000  # pages: in a room of 1,000 each is told once a second


class InTurns:
    """Tells every page the newest of one kind of message; what it was before its turn came, no page hears of."""

    def __init__(self, pages: Collection[RoomPage]) -> None:
        self._pages = pages  # those of the room, as they come and go
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
        told: str | None = None
        while self._newest is not told:
            told, pages = self._newest, tuple(self._pages)
            for start in range(0, len(pages), TOLD_AT_ONCE):
                some = pages[start : start + TOLD_AT_ONCE]
                if self._newest is None:
                    return
                for page in some:
                    page.push(self._newest)
                await asyncio.sleep(len(some) / TOLD_PER_SECOND)
