"""`advance`: from the last rating of a generation until all listeners show the next one; a bound, without a peer."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from tests.benchmarks import rooms
from tests.benchmarks.result import Result

TARGET_SECONDS = 1.0
SIZE = 10
PATIENCE_SECONDS = 60.0


def run(*, small: bool) -> Result:
    """One listener gives the last ratings; all others wait for the next generation and its first phrase.

    The web process and the worker that breeds are those of an installation. `ratio` is the target over what it took in
    a room where nobody else has rated; in a second room nearly everybody has rated nearly everything before.
    """
    n_listeners = SIZE + 1 if small else 1000
    with (
        rooms.servers() as environment,
        rooms.web_process(environment) as port,
        worker(environment),
    ):
        places = rooms.prepare(environment, n_listeners, size=SIZE, quorum=1)
        seconds = sorted(asyncio.run(_advance(port, places)))
        places = rooms.prepare(environment, n_listeners, size=SIZE, is_rated=True)
        rated = sorted(asyncio.run(_advance(port, places)))
    last = seconds[-1]
    return Result(
        name="advance",
        ratio=TARGET_SECONDS / last,
        target=1.0,
        ours=last,
        peer=TARGET_SECONDS,
        unit="s",
        detail={
            "listeners": n_listeners,
            "first_seconds": round(seconds[0], 3),
            "median_seconds": round(seconds[len(seconds) // 2], 3),
            "last_seconds": round(last, 3),
            "rated_first_seconds": round(rated[0], 3),
            "rated_last_seconds": round(rated[-1], 3),
        },
    )


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    """The platform's worker, which closes, judges and breeds."""
    command = [sys.executable, "-m", "dramatiq", "antiphon.config.dramatiq", "--processes", "1", "--threads", "2"]
    command += ["--queues", "ingest", "breed", "render"]
    process = subprocess.Popen(
        command, cwd=rooms.ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


async def _advance(port: int, places: list[rooms.Place]) -> list[float]:
    """Seconds from the last rating until each listener has a phrase of the next generation."""
    listeners = await rooms.open_all([port], places)
    await asyncio.sleep(1.0)  # what the arrival of so many has set going comes to rest
    for number in range(SIZE):
        sent = await _rate(listeners[0], is_last=number == SIZE - 1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        arrived = await asyncio.gather(*(_next_generation(one) for one in listeners))
    await asyncio.gather(*(one.connection.close() for one in listeners))
    return [at - sent for at in arrived]


async def _rate(listener: rooms.Listener, *, is_last: bool) -> float:
    """Rate the next phrase, and say when that was; the answer to the last one comes with all the rest.

    Raises TimeoutError where no phrase or no answer comes, RuntimeError where the room says that all are answered.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not listener.offered:
            text = str(await listener.connection.recv())
            if text.startswith('{"type":"done"'):
                raise RuntimeError(f"Expected {SIZE} phrases to rate, was told that all are answered: {text}")
            rooms.note(text, listener)
        offer = listener.offered.popleft()
        message = {"type": "rate", "id": str(uuid4()), "offer": offer, "value": 3, "heard_ms": 1500}
        sent = time.perf_counter()
        await listener.connection.send(json.dumps(message))
        while not is_last and not (text := str(await listener.connection.recv())).startswith('{"type":"kept"'):
            rooms.note(text, listener)
    return sent


async def _next_generation(listener: rooms.Listener) -> float:
    is_open = False
    while True:
        text = str(await listener.connection.recv())
        is_open = is_open or text.startswith('{"type":"generation_opened"')
        if is_open and text.startswith('{"type":"offer"'):
            return time.perf_counter()
