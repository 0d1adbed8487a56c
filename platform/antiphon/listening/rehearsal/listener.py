"""What one simulated listener does: agrees, hears, rates, now and then passes over, takes back, revises, drops out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from antiphon.listening.rehearsal.client import AGAIN_SECONDS, LOST, Conversation, TurnedAway
from antiphon.listening.rehearsal.minds import Minds
from antiphon.listening.rehearsal.tally import Tally

HEARTBEAT_SECONDS = 15.0  # well within what the protocol asks for
THINKING_SECONDS = 2.0  # after a phrase was heard whole, on average
CLICKER_HASTE = 0.3  # of the time that others take
PACE_SHAPE = 4.0  # of the gamma distribution of how long an answer takes: seldom half or twice as long
COMING_BACK_SECONDS = 1.0  # at most, until a page whose connection was lost comes back
SKIP_REASONS = ("heard_before", "unpleasant", "no_answer", "other")
CHOICES = ("left", "equal", "right")


@dataclass(frozen=True)
class Habits:
    """How long an answer takes, in seconds on average, and how often one answer out of many is something else.

    `pace_seconds` None hears each phrase whole and thinks a moment; 0 answers as soon as the last answer is kept.
    """

    pace_seconds: float | None = 2.0
    skips: float = 0.03
    revises: float = 0.04
    retracts: float = 0.02
    drops_out: float = 0.01  # loses the connection, and comes back


class SimulatedListener:
    """One listener with a cookie, a mind and habits. `run` goes on until `stop` is set."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        index: int,
        minds: Minds,
        habits: Habits,
        tally: Tally,
        stop: asyncio.Event,
        rng: np.random.Generator,
    ) -> None:
        self.conversation = conversation
        self._index = index
        self._minds = minds
        self._habits = habits
        self._tally = tally
        self._stop = stop
        self._rng = rng

    async def run(self) -> None:
        """Be in the room until it is time to go; whatever happens to the server meanwhile, come back."""
        while not self._stop.is_set():
            try:
                await self._visit()
            except TurnedAway as turned_away:
                self._tally.turned_away[str(turned_away)] += 1
                return
            except LOST:
                self._tally.reconnections += 1
                await asyncio.sleep(AGAIN_SECONDS + float(self._rng.random()) * COMING_BACK_SECONDS)
        await self._go()

    async def _visit(self) -> None:
        await self.conversation.open()
        self._tally.connections += 1
        while not self._stop.is_set():
            await self._act()

    async def _go(self) -> None:
        """Hear the answer that is still due, and leave."""
        try:
            if self.conversation.pending is not None:
                await self.conversation.settle()
        except (*LOST, TurnedAway):
            pass
        await self.conversation.close(says_so=True)

    async def _act(self) -> None:
        """One thing that a listener does."""
        page = self.conversation
        if page.pending is not None:
            await page.settle()
        elif page.consent is not None:
            await page.say("consent", version=page.consent["version"], language="en")
            page.consent = None
        elif page.duels:
            await self._fight(*page.duels[0])
        elif page.offers:
            await self._hear(page.offers[0])
        else:
            await page.listen(HEARTBEAT_SECONDS, is_idle=True)
            if not page.has_work and not self._stop.is_set():
                await page.ping()

    async def _hear(self, offer: str) -> None:
        """Hear a phrase and answer, unless it is gone by then."""
        page = self.conversation
        impression = self._minds.impression(page.phrases[offer])
        seconds = self._takes_seconds(impression.duration_seconds)
        if self._happens(self._habits.drops_out):
            await page.close()
            raise ConnectionError("dropped out")
        await self._wait(seconds)
        if self._stop.is_set() or offer not in page.offers:
            return
        page.offers.remove(offer)
        heard_ms = round(1000 * min(seconds, impression.duration_seconds))
        if self._happens(self._habits.skips):
            await page.say("skip", offer=offer, reason=self._one_of(SKIP_REASONS), heard_ms=heard_ms)
            return
        await self._rate(offer, heard_ms)
        if page.rated and self._happens(self._habits.revises):
            await self._rate(self._one_of(page.rated), heard_ms)
        if page.rated and self._happens(self._habits.retracts):
            await page.say("retract", offer=page.rated[-1])

    async def _rate(self, offer: str, heard_ms: int) -> None:
        value = self._minds.rate(self._index, self.conversation.phrases[offer])
        await self.conversation.say("rate", offer=offer, value=value, heard_ms=heard_ms)

    async def _fight(self, duel: str, left: str, right: str) -> None:
        """Say which of two phrases is better: the one that would be rated higher now."""
        seconds = [self._takes_seconds(self._minds.impression(one).duration_seconds) for one in (left, right)]
        await self._wait(sum(seconds))
        page = self.conversation
        if self._stop.is_set() or (duel, left, right) not in page.duels:
            return
        page.duels.remove((duel, left, right))
        better = np.sign(self._minds.rate(self._index, right) - self._minds.rate(self._index, left))
        heard_left_ms, heard_right_ms = (round(1000 * one) for one in seconds)
        await page.say(
            "duel",
            duel=duel,
            choice=CHOICES[int(better) + 1],
            heard_left_ms=heard_left_ms,
            heard_right_ms=heard_right_ms,
        )

    def _happens(self, share: float) -> bool:
        return bool(self._rng.random() < share)

    def _one_of(self, choices: Sequence[str]) -> str:
        return choices[int(self._rng.integers(len(choices)))]

    async def _wait(self, seconds: float) -> None:
        """Listen for so long, saying now and then that the page is there."""
        while seconds > 0 and not self._stop.is_set():
            part = min(seconds, HEARTBEAT_SECONDS)
            await self.conversation.listen(part)
            seconds -= part
            if seconds > 0:
                await self.conversation.ping()

    def _takes_seconds(self, duration_seconds: float) -> float:
        """How long an answer to a phrase of this length takes them now."""
        pace = self._habits.pace_seconds
        if pace is None:
            seconds = duration_seconds + float(self._rng.exponential(THINKING_SECONDS))
        else:
            seconds = pace * float(self._rng.gamma(PACE_SHAPE)) / PACE_SHAPE
        return seconds * (CLICKER_HASTE if self._minds.is_clicker(self._index) else 1.0)


def name_of(index: int) -> str:
    """What a simulated listener is called in the room."""
    return f"Simulated {index + 1}"
