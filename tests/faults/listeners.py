"""Listeners' pages while servers are killed: the product's own client, rating until so much is acknowledged."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from antiphon.listening.rehearsal.client import AGAIN_SECONDS, LOST, Conversation
from antiphon.listening.rehearsal.doors import Door, door_at
from antiphon.listening.rehearsal.tally import Tally

PAUSE_SECONDS = 0.08  # between a listener's ratings
HEARD_MS = 900
PATIENCE_SECONDS = 8.0  # a page that is offered nothing for so long connects anew


@dataclass
class Page:
    """One listener in one room, who rates whatever is offered."""

    url: str
    code: str
    cookie: str
    tally: Tally = field(default_factory=Tally)
    connections: int = 0

    @property
    def acknowledged(self) -> dict[str, int]:
        """Ratings that the server says are kept: message id -> value."""
        return {str(UUID(bytes=one)): value for one, value in self.tally.ratings.items()}

    async def rate(self, count: int) -> None:
        """Rate until so many ratings are acknowledged, whatever happens to the servers meanwhile."""
        page = Conversation(self._door, self.code, self.cookie, "Listener", self.tally)
        while len(self.tally.ratings) < count:
            try:
                await page.open()
                while len(self.tally.ratings) < count:
                    await self._rate_one(page)
                    await asyncio.sleep(PAUSE_SECONDS)
            except LOST:
                await asyncio.sleep(AGAIN_SECONDS)
        self.connections = page.connections
        await page.close()

    @property
    def _door(self) -> Door:
        return door_at(self.url, origin=self.url)

    async def _rate_one(self, page: Conversation) -> None:
        """Settle what is pending, or else rate the next phrase."""
        if page.pending is not None:
            answer = await page.settle()
        else:
            await page.listen(PATIENCE_SECONDS, is_idle=True)
            if not page.offers:
                raise TimeoutError("nothing was offered")
            offer = page.offers.popleft()
            answer = await page.say("rate", offer=offer, value=ord(offer[0]) % 6, heard_ms=HEARD_MS)
        assert answer["type"] == "kept", answer
