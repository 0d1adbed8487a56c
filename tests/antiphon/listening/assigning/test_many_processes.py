"""Assignment asked by several processes at once: nothing twice by accident, nobody and nothing left out."""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from redis.asyncio import Redis

from antiphon.listening.assigning.assignment import Assignment, Request, Round
from antiphon.listening.assigning.homes import Homes
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.rounds import round_of
from tests.antiphon.listening.worlds import make_world

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = (
    "import django; django.setup(); from tests.antiphon.listening.assigning.test_many_processes import main; main()"
)
PROCESSES, LISTENERS, SIZE, QUORUM = 3, 8, 20, 4


async def listen(assignment: Assignment, of: Round, listener_id: UUID, rng: random.Random) -> list[str]:
    """One listener who answers everything, skips now and then, comes back, and gives up for a while."""
    heard: list[str] = []
    holds: list[Play] = await assignment.next(Request(of, listener_id, has_anchors=True, has_repeats=True))
    while holds:
        await asyncio.sleep(rng.random() * 0.01)
        if rng.random() < 0.1:  # the page was reloaded: it holds nothing until it is told
            holds = await assignment.next(Request(of, listener_id, has_anchors=True, has_repeats=True))
            continue
        play = holds[0]
        heard.append(f"{play.kind.value} {play.individual_id}")
        holds = await assignment.next(
            Request(
                of,
                listener_id,
                holds=tuple(holds[1:]),
                answered=play,
                is_first=True,
                is_rating=rng.random() > 0.1,
                has_anchors=True,
                has_repeats=True,
            )
        )
    return heard


async def listen_all(of: Round, listeners: list[str], seed: int) -> dict[str, list[str]]:
    """The listeners of one process, all at once."""
    valkey, rng = Redis.from_url(os.environ["REDIS_URL"]), random.Random(seed)
    assignment = Assignment(valkey, rng)
    heard = await asyncio.gather(*(listen(assignment, of, UUID(one), rng) for one in listeners))
    await assignment.finish()
    await valkey.aclose()
    return dict(zip(listeners, heard, strict=True))


def main() -> None:
    """One of the processes: its listeners are in its arguments, what they heard is what it prints."""
    told = json.loads(sys.argv[1])
    of = Round(**told["round"] | {"anchors": tuple(told["round"]["anchors"]), "homes": Homes()})
    print(json.dumps(asyncio.run(listen_all(of, told["listeners"], told["seed"]))))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_phrase_comes_twice_by_accident_and_none_is_left_out(seed: int) -> None:
    world = await in_thread(make_world, size=SIZE, quorum=QUORUM)
    others = await in_thread(make_world, size=4)
    anchors = tuple(await in_thread(lambda: list(others.newest.individuals.values_list("pk", flat=True))))
    of = await in_thread(round_of, world, anchors=anchors)
    each = [[str(uuid4()) for _ in range(LISTENERS)] for _ in range(PROCESSES)]
    shared = str(uuid4())  # one listener with a page in every process
    each = [[*theirs, shared] for theirs in each]

    heard: list[tuple[str, list[str]]] = []
    for said in await asyncio.gather(*(_run(of, theirs, seed + place) for place, theirs in enumerate(each))):
        heard += json.loads(said).items()

    by_listener: dict[str, list[str]] = {}
    for listener, plays in heard:
        by_listener.setdefault(listener, []).extend(plays)
    for listener, plays in by_listener.items():
        new = [play for play in plays if play.startswith(Kind.NEW)]
        assert len(set(new)) == SIZE, "somebody was not offered everything"
        if listener != shared:  # several pages of one listener may lie on the same two phrases
            assert len(plays) == len(set(plays)), "a phrase came twice by accident"
            assert len(new) == SIZE
    valkey = Redis.from_url(settings.REDIS_URL)
    load = await Assignment(valkey, random.Random(1)).load(of)
    held = await valkey.zcard(of.key("held"))
    await valkey.aclose()
    given = Counter(play for plays in by_listener.values() for play in set(plays) if play.startswith(Kind.NEW))
    assert held == 0
    assert set(given.values()) == {PROCESSES * LISTENERS + 1}
    assert max(load.values()) <= PROCESSES * (LISTENERS + 1)
    assert min(load.values()) > QUORUM  # skips count for nothing, and there were about a tenth of them


async def _run(of: Round, listeners: list[str], seed: int) -> str:
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"REDIS_URL": settings.REDIS_URL, "DATABASE_URL": url}
    order = json.dumps({"round": asdict(of), "listeners": listeners, "seed": seed})
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", PROGRAM, order],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
