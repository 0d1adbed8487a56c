"""What lives because of whom: told to each page of a room by itself, after everything that is more urgent."""

import asyncio
import logging
from collections.abc import Collection
from typing import Protocol

from antiphon.listening.credit import credited
from antiphon.listening.exhibition import shown_at
from antiphon.listening.live.page import RoomPage
from antiphon.listening.live.shared import Shared
from antiphon.listening.live.snapshots import RoomSnapshot
from antiphon.listening.live.turns import TOLD_AT_ONCE
from antiphon.listening.threads import in_thread

log = logging.getLogger(__name__)


class CreditedRoom(Protocol):
    """A room as far as credit goes."""

    shared: Shared
    snapshot: RoomSnapshot


class Crediting:
    """Tells pages of one room what descends from what their listeners liked, some at a time."""

    def __init__(self, room: CreditedRoom) -> None:
        self._room = room
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, pages: Collection[RoomPage]) -> None:
        """Have these told, unless the room moves on before."""
        task = asyncio.create_task(self._tell(tuple(pages)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Tell nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, pages: tuple[RoomPage, ...]) -> None:
        of = self._room.snapshot.generation
        if of is None:
            return
        try:
            gallery = await in_thread(shown_at, self._room.snapshot.population_id)
            for start in range(0, len(pages), TOLD_AT_ONCE):
                some = pages[start : start + TOLD_AT_ONCE]
                await self._room.shared.telling.turn(len(some))
                listeners = [page.listener_id for page in some]
                told = await in_thread(credited, listener_ids=listeners, generation_id=of.id, gallery=gallery)
                newest = self._room.snapshot.generation
                if newest is None or newest.id != of.id:
                    return
                for page, message in zip(some, told, strict=True):
                    page.push(message.model_dump_json())
        except Exception:  # a courtesy: nobody waits for it, and the next generation brings another
            log.exception("nobody else in room %s was told of their credit", self._room.snapshot.code)
