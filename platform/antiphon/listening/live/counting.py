"""How far a room's open generation is: counted after answers, told to everybody, and closed once there is enough."""

import asyncio
import logging
import time
from typing import Protocol

from antiphon.core.broadcast import abroadcast, host_group, population_group
from antiphon.core.events import RatingsCame
from antiphon.listening import services
from antiphon.listening.events import ProgressCame
from antiphon.listening.live.coalescing import Coalesced
from antiphon.listening.live.presence import RENEW_SECONDS, Here
from antiphon.listening.live.shared import Shared
from antiphon.listening.live.snapshots import RoomSnapshot
from antiphon.listening.protocol.told import Progress
from antiphon.listening.threads import in_thread

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 0.25  # between two countings, over all web processes
REST_FOR_EACH = 10  # times as long as counting took, together with the other rooms that asked; until the next
REST_MAX_SECONDS = 2.0
NEAR_THE_END = 16  # times as many answers as came between two countings: so few are lacking before nobody rests
AGAIN_SECONDS = 0.5
LAST_TRIES = 20  # to close what the last listener to leave has completed, where the database does not answer


class Counted(Protocol):
    """A room as far as counting goes."""

    shared: Shared
    snapshot: RoomSnapshot
    progress: Progress | None  # that was told last
    here: Here


class Counting:
    """Counts the answers of one room's population, soon after they have come."""

    def __init__(self, room: Counted) -> None:
        self._room = room
        self._came, self._enough_at = 0, -1  # answers kept here, and after how many of them there may be enough
        self._counted = 0  # of those that came, by the last counting
        self._look_again: asyncio.TimerHandle | None = None
        self._counting = Coalesced(
            room.shared.valkey,
            key=f"progress:{room.snapshot.population_id}",
            interval_seconds=INTERVAL_SECONDS,
            tell=self._count,
        )

    def answer_came(self) -> None:
        """An answer was kept, or may have been.

        Everybody waits for what follows the last one that was missing: that is told at once and not in its turn.
        """
        self._came += 1
        self._counting.ask(at_once=self._came == self._enough_at)

    async def stop(self) -> None:
        """Count no more."""
        if self._look_again is not None:
            self._look_again.cancel()
        await self._counting.stop()

    async def close_after_the_last(self, tries: int = LAST_TRIES) -> None:
        """Close a generation whose last rating came from somebody who left before it was counted."""
        room = self._room.snapshot
        if room.generation is None or room.stage != "rating":
            return
        try:
            await in_thread(services.close_if_complete, generation_id=room.generation.id)
        except Exception:  # where the database stays away, whoever comes next has it counted
            log.exception("room %s was left, and its generation not looked at", room.code)
            if tries > 1:
                self._room.shared.spawn(self._close_later(tries - 1))

    async def _close_later(self, tries: int) -> None:
        await asyncio.sleep(AGAIN_SECONDS)
        await self.close_after_the_last(tries)

    async def _count(self) -> None:
        room = self._room.snapshot
        if room.generation is None or room.stage != "rating":
            return
        came = self._came
        began = time.monotonic()
        standing = await self._room.shared.standings.ask(room.generation.id)
        took_seconds = time.monotonic() - began
        if standing is None:  # its population was deleted
            return
        lacking = standing.progress.needed - standing.progress.ratings
        if lacking > NEAR_THE_END * (came - self._counted):  # else another process may have the last one any moment
            await self._counting.rest(min(REST_FOR_EACH * took_seconds, REST_MAX_SECONDS))
        self._counted, self._enough_at = came, came + lacking
        if 0 < lacking <= self._came - came:  # they came while we counted
            self._counting.ask(at_once=True)
        if standing.progress != self._room.progress:
            await self._broadcast(room, standing.progress)
        if standing.is_enough:
            await in_thread(services.close_if_complete, generation_id=room.generation.id)
        elif self._look_again is None and (wait_seconds := standing.next_look_seconds(RENEW_SECONDS)) is not None:
            self._look_again = asyncio.get_running_loop().call_later(wait_seconds, self._ask_again)

    def _ask_again(self) -> None:
        self._look_again = None
        self.answer_came()

    async def _broadcast(self, room: RoomSnapshot, progress: Progress) -> None:
        await abroadcast(population_group(room.population_id), ProgressCame(progress=progress))
        await abroadcast(
            host_group(room.owner_id),
            RatingsCame(
                room=room.code,
                population=room.population_id,
                generation=progress.generation,
                ratings=progress.ratings,
                complete=progress.complete,
                size=progress.size,
                here=self._room.here.here,
            ),
        )
