"""Who hears what next. Counters and reservations are in Valkey, shared by all web processes, rebuilt from PostgreSQL.

A listener is offered each phrase of a generation once; a reservation runs out when nobody answers it in time. Until
each phrase has its floor of ratings the one with the fewest ratings and reservations comes first, ties at random. From
then on it is the one whose next answer teaches most about who the parents are (evolution.informative). Where a crowd
has parted, a listener hears the phrases of one island before the rest. Every 8th play is an anchor (every other where
the crowd may part, until all were heard), every 12th a hidden repeat, where the room has them. Why so:
docs/decisions/0028 and 0026.
"""

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, WatchError

from antiphon.listening.assigning import scripts
from antiphon.listening.assigning.heard import Heard, heard_in, individuals_to_hear
from antiphon.listening.assigning.homes import Homes
from antiphon.listening.assigning.plays import KINDS, Kind, Play
from antiphon.listening.batching import Batcher
from antiphon.listening.threads import in_thread

OFFERS_AHEAD = 2  # the phrase that is heard and the one after it
RESERVATION_SECONDS = 180.0  # longer than a phrase is heard, shorter than anybody waits for someone who left
KEYS_TTL_SECONDS = 2 * 24 * 3600  # longer than a generation stays open in practice; what is gone is rebuilt
BATCH_MAX = 500
KEPT_PLAYS, CYCLE = 48, 24  # as many earlier plays as repeats are chosen from; anchors and repeats recur every 24
SCRIPT = (Path(__file__).parent / "assignment.lua").read_text()
LETTERS = {kind: kind.value[0] for kind in KINDS}
KINDS_BY_LETTER = {letter: kind for kind, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Round:
    """An open generation, as assignment has to know it."""

    generation_id: int
    number: int
    population_id: int
    coverage: int  # ratings that each phrase gets before any is preferred
    anchors: tuple[int, ...] = ()  # individuals; none while they are phrases of the generation
    tells_apart: bool = False  # anchors are there so that everybody hears each of them once, soon
    homes: Homes = field(default_factory=Homes, compare=False)  # on islands, where the crowd has parted

    @property
    def telling(self) -> tuple[int, ...]:
        """The phrases by which the crowd is told apart; none where it can't part."""
        return self.anchors if self.tells_apart else ()

    def play(self, code: str) -> Play:
        """The play that a letter and an individual stand for."""
        kind = KINDS_BY_LETTER[code[0]]
        return Play(int(code[1:]), self.generation_id, kind, 0 if kind is Kind.NEW else self.number + 1)

    def key(self, name: str) -> str:
        """The name of a key of the generation."""
        return f"{self.population_key('')}{self.generation_id}:{name}"

    def population_key(self, name: str) -> str:
        """The name of a key of the population: one hash slot for all that one script touches."""
        return f"antiphon:assignment:{{{self.population_id}}}:{name}"


@dataclass(frozen=True, slots=True)
class Request:
    """A listener wants phrases of a generation, perhaps having answered one, while the page still holds some."""

    round: Round
    listener_id: UUID
    holds: tuple[Play, ...] = ()
    answered: Play | None = None
    is_first: bool = False  # whether that was the first answer to it, not a revision
    is_rating: bool = True  # and not a skip
    has_anchors: bool = False
    has_repeats: bool = False

    def encode(self, rng: random.Random) -> list[object]:
        """The request as assignment.lua takes it; the island is drawn by how probably it is the listener's."""
        dice, island = rng.random(), self.round.homes.island_of(self.listener_id, rng)
        answered = "" if self.answered is None else code_of(self.answered)
        holds = [code_of(play) for play in self.holds]
        return [
            str(self.listener_id), dice, answered, self.is_first, self.is_rating, self.has_anchors, self.has_repeats,
            holds, -1 if island is None else island,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Belief:
    """What is known of a phrase: its mean's squared distance from the cut, how sure that is, and after what."""

    individual_id: int
    squared_distance: float
    precision: float
    ratings: int


class Assignment:
    """Requests of one process, sent to Valkey many at a time."""

    def __init__(self, valkey: "Redis", rng: random.Random) -> None:
        self._valkey = valkey
        self._rng = rng
        self._serve = valkey.register_script(SCRIPT)
        self._release = valkey.register_script(scripts.RELEASE)
        self._remember = valkey.register_script(scripts.REMEMBER)
        self._take_back = valkey.register_script(scripts.TAKE_BACK)
        self._believe = valkey.register_script(scripts.BELIEVE)
        self._batcher: Batcher[Request, list[Play]] = Batcher(
            self._answer, key=lambda request: request.listener_id.int, size_max=BATCH_MAX
        )

    async def next(self, request: Request) -> list[Play]:
        """What is this listener's to answer now, at most OFFERS_AHEAD plays; none once all phrases are answered."""
        return await self._batcher.ask(request)

    async def load(self, of: Round) -> dict[int, int]:
        """Ratings and reservations of each individual, as assignment sees them."""
        pairs: Any = await self._valkey.zrange(of.key("load"), 0, -1, withscores=True)
        return {int(member): int(score) for member, score in pairs}

    async def least(self, of: Round) -> int:
        """Ratings that each phrase has at least, given or on their way; 0 where nothing is loaded."""
        found: Any = await self._valkey.zrange(of.key("load"), 0, 0, withscores=True)
        return int(found[0][1]) if found else 0

    async def release(self, of: Round, listener_id: UUID) -> None:
        """Give back what is reserved for a listener who has left."""
        keys = [of.key(name) for name in ("load", "held", f"open:{listener_id}")]
        await self._release(keys=keys, args=[str(listener_id)])

    async def remember(self, of: Round, listener_id: UUID, heard: Sequence[Heard]) -> None:
        """Tell Valkey what PostgreSQL says that this listener has heard, in case it was not told or forgot."""
        if not heard:
            return
        now = [[code_of(one.play), one.is_rating] for one in heard if one.number == of.number]
        args: list[str | int] = [
            str(listener_id),
            KEYS_TTL_SECONDS,
            of.number,
            json.dumps(now),
            json.dumps(_kept_entries(of, heard)),
        ]
        await self._remember(keys=self._listener_keys(of, listener_id), args=args)

    async def take_back(self, of: Round, listener_id: UUID, play: Play, *, was_rating: bool) -> None:
        """Turn an answer of a listener into a reservation again: the phrase lies on their page."""
        expiry_ms = int((time.time() + RESERVATION_SECONDS) * 1000)
        args: list[str | int] = [str(listener_id), code_of(play), expiry_ms, int(was_rating), of.number]
        await self._take_back(keys=self._listener_keys(of, listener_id), args=args)

    async def believe(self, of: Round, beliefs: Iterable[Belief]) -> None:
        """Prefer phrases from here on by what another answer teaches."""
        told = [[one.individual_id, one.squared_distance, one.precision, one.ratings] for one in beliefs]
        keys = [of.key(name) for name in ("load", "belief", "worth")]
        await self._believe(keys=keys, args=[KEYS_TTL_SECONDS, json.dumps(told)])

    async def set_finalists(self, of: Round, above: Sequence[int], below: Sequence[int]) -> None:
        """Keep who is next to the cut on either side, the closest first."""
        await self._valkey.set(of.key("finalists"), json.dumps([above, below]), ex=KEYS_TTL_SECONDS)

    async def finalists(self, of: Round) -> tuple[list[int], list[int]]:
        """Who is next to the cut on either side; nobody before that is known."""
        kept: Any = await self._valkey.get(of.key("finalists"))
        above, below = ([], []) if kept is None else json.loads(kept)
        return above, below

    async def finish(self) -> None:
        """Wait for the requests under way."""
        await self._batcher.finish()

    async def _answer(self, requests: list[Request]) -> list[list[Play]]:
        """Ask for each generation's requests in one call, and for all generations in one round trip."""
        answers: list[list[Play]] = [[] for _ in requests]
        places: dict[int, list[int]] = defaultdict(list)
        for place, request in enumerate(requests):
            places[request.round.generation_id].append(place)
        asked = [
            (requests[own[0]].round, json.dumps([requests[place].encode(self._rng) for place in own]))
            for own in places.values()
        ]
        replies = await self._ask(asked)
        for number, (of, asked_of_it) in enumerate(asked):
            if replies[number] is None:
                await self._rebuild(of)
                [replies[number]] = await self._ask([(of, asked_of_it)])
        for own, reply, (of, _) in zip(places.values(), replies, asked, strict=True):
            for place, mine in zip(own, json.loads(reply or "[]"), strict=reply is not None):
                answers[place] = [of.play(code) for code in mine]
        return answers

    async def _ask(self, asked: Sequence[tuple[Round, str]]) -> list[bytes | None]:
        """The script's reply for each of some generations; None for one that is not loaded."""
        now_ms = int(time.time() * 1000)
        expiry_ms = now_ms + int(RESERVATION_SECONDS * 1000)
        async with self._valkey.pipeline(transaction=False) as pipe:
            for of, requests in asked:
                pipe.evalsha(
                    self._serve.sha, 1, of.key("load"),
                    of.key(""), of.population_key(""), now_ms, expiry_ms, OFFERS_AHEAD, KEYS_TTL_SECONDS, of.number,
                    of.coverage, json.dumps(of.anchors), int(of.tells_apart), json.dumps(of.homes.of), requests,
                )  # fmt: skip
            try:
                replies: list[bytes | None] = await pipe.execute()
            except NoScriptError:  # a Valkey that was started anew
                await self._valkey.script_load(SCRIPT)
                return await self._ask(asked)
        return replies

    async def _rebuild(self, of: Round) -> None:
        """Load the counters of a generation from its answers; where two processes do it at once, the first one does."""
        individuals = await in_thread(individuals_to_hear, generation_id=of.generation_id)
        numbers = (of.number - 1, of.number)
        heard = await in_thread(heard_in, population_id=of.population_id, numbers=numbers, always=of.telling)
        if not individuals:
            return
        load = dict.fromkeys(map(str, individuals), 0)
        by_listener: dict[UUID, list[Heard]] = defaultdict(list)
        for one in heard:
            by_listener[one.listener_id].append(one)
            is_counted = one.is_rating and one.play.generation_id == of.generation_id and one.play.kind is Kind.NEW
            if is_counted and str(one.play.individual_id) in load:
                load[str(one.play.individual_id)] += 1
        async with self._valkey.pipeline(transaction=True) as pipe:
            await pipe.watch(of.key("load"))
            if await pipe.exists(of.key("load")):
                return  # another process was first, and may have reserved phrases since
            pipe.multi()  # type: ignore[no-untyped-call]
            for listener_id, theirs in by_listener.items():
                now = [code_of(one.play) for one in theirs if one.number == of.number]
                if now:
                    pipe.sadd(of.key(f"heard:{listener_id}"), *now)
                    pipe.expire(of.key(f"heard:{listener_id}"), KEYS_TTL_SECONDS)
                plays = of.population_key(f"plays:{listener_id}")
                pipe.delete(plays)
                pipe.rpush(plays, *(_entry(one) for one in theirs))
                pipe.expire(plays, KEYS_TTL_SECONDS)
            pipe.zadd(of.key("load"), load)
            pipe.delete(of.key("held"), of.key("belief"), of.key("worth"))
            with suppress(WatchError):  # likewise
                await pipe.execute()

    def _listener_keys(self, of: Round, listener_id: UUID) -> list[str]:
        names = ("load", "held", f"open:{listener_id}", f"heard:{listener_id}")
        return [*(of.key(name) for name in names), of.population_key(f"plays:{listener_id}")]


def code_of(play: Play) -> str:
    """A play as Valkey holds it: a letter and an individual."""
    return f"{LETTERS[play.kind]}{play.individual_id}"


def _entry(heard: Heard) -> str:
    return f"{code_of(heard.play)}:{heard.number}"


def _kept_entries(of: Round, heard: Sequence[Heard]) -> list[str]:
    """The latest plays of earlier generations; so many that anchors and repeats come when they would have come.

    All of them where the crowd may part: what tells it apart is heard once only, however long ago that was.
    """
    before = [_entry(one) for one in heard if one.number < of.number]
    return before if of.tells_apart else before[-(KEPT_PLAYS + len(before) % CYCLE) :]
