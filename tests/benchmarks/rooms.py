"""`rooms`: acknowledged (committed) ratings a second, against a bare websocket echo in the same server."""

import asyncio
import gc
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from antiphon.embedded.environment import Address, platform_environment
from antiphon.embedded.home import Home
from antiphon.embedded.postgres import PostgresServer
from antiphon.embedded.table import WEB_OPTIONS
from antiphon.embedded.valkey import ValkeyServer
from antiphon.listening.protocol.terms import HEARTBEAT_SECONDS, PROTOCOL_VERSION
from tests.benchmarks.result import Result

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
TARGET = 0.5
ECHO_PATH = "/echo"
READY_SECONDS = 60.0
VALKEY_DATABASE = 9
OPENING_AT_ONCE = 50
PACE_SECONDS = 2.0  # between a listener's ratings in the paced round; a phrase is heard four times as long
OFFER = re.compile(r'"offer":"([^"]+)"')
ECHOED = json.dumps({"type": "rate", "id": str(uuid4()), "offer": "x" * 40, "value": 3, "heard_ms": 1500})


@dataclass
class Tally:
    """What the listeners of one round counted."""

    seconds: float = 0.0
    opening_seconds: float = 0.0  # until all were in
    latencies_seconds: list[float] = field(default_factory=list)
    refused: int = 0

    def add(self, other: "Tally") -> None:
        """Count another round as part of this one."""
        self.seconds += other.seconds
        self.latencies_seconds += other.latencies_seconds
        self.refused += other.refused

    @property
    def per_second(self) -> float:
        """Answers a second over all listeners."""
        return len(self.latencies_seconds) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """How long an answer took, in ms."""
        return float(np.percentile(self.latencies_seconds, percent)) * 1000 if self.latencies_seconds else 0.0


def run(*, small: bool) -> Result:
    """Ratings as fast as all listeners can give them, and echoes of messages as long, one after the other.

    With everybody waiting for the server all the time, an answer takes listeners / throughput, whatever the server
    does. So there is a third round, paced like listeners who are quick, for how long an acknowledgement takes.
    """
    n_listeners, seconds = (20, 1.0) if small else (1000, 8.0)
    with servers() as environment, web_process(environment) as port:
        prepared = prepare(environment, n_listeners)
        echoes = asyncio.run(listen_all([port], prepared, seconds / 2, echoing))
        paced = asyncio.run(listen_all([port], prepared, seconds, partial(rating, pace_seconds=PACE_SECONDS)))
        ratings = asyncio.run(listen_all([port], prepared, seconds, rating))
        echoes.add(asyncio.run(listen_all([port], prepared, seconds / 2, echoing)))  # the machine may be another by now
    return Result(
        name="rooms",
        ratio=ratings.per_second / echoes.per_second,
        target=TARGET,
        ours=ratings.per_second,
        peer=echoes.per_second,
        unit="messages/s",
        detail={
            "listeners": n_listeners,
            "ratings": len(ratings.latencies_seconds),
            "refused": ratings.refused + paced.refused,
            "p50_ms": round(ratings.percentile_ms(50), 1),
            "p99_ms": round(ratings.percentile_ms(99), 1),
            "paced_per_second": round(paced.per_second, 1),
            "paced_p50_ms": round(paced.percentile_ms(50), 1),
            "paced_p99_ms": round(paced.percentile_ms(99), 1),
            "p99_target_ms": 250,
            "echo_p99_ms": round(echoes.percentile_ms(99), 1),
        },
    )


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The environment of a PostgreSQL and a Valkey: those that are named already, or durable ones of our own."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL") and os.environ.get("ANTIPHON_SECRET_KEY"):
        # Tests number their populations as we do, in a database of their own; so Valkey has one for us as well.
        redis_url = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{VALKEY_DATABASE}").geturl()
        yield dict(os.environ) | {"REDIS_URL": redis_url}
        return
    with ExitStack() as stack:
        home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))).resolve())
        home.root.chmod(0o711)
        stack.enter_context(home.held())
        postgres, valkey = PostgresServer(home), ValkeyServer(home)
        for server in (postgres, valkey):
            stack.callback(server.stop)
            server.start()
        yield dict(os.environ) | platform_environment(
            home, database_url=postgres.url, redis_url=valkey.url, address=Address(HOST, 8000)
        )


@contextmanager
def web_process(environment: dict[str, str]) -> Iterator[int]:
    """One uvicorn process; the database is migrated first. Gives its port."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.rooms_server:application", "--host", HOST]
    command += ["--port", str(port), "--log-level", "error", *WEB_OPTIONS]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the web process ended with {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the web process did not answer within {READY_SECONDS:.0f} s")


@dataclass(frozen=True)
class Place:
    """A listener's cookie, and the room where they are to go."""

    code: str
    cookie: str


def prepare(environment: dict[str, str], n_listeners: int, **world: int | bool) -> list[Place]:
    """So many listeners, each in a room; `world` is what tests.benchmarks.rooms_server.prepare takes beside them."""
    order = json.dumps({"n_listeners": n_listeners, **world})
    command = [sys.executable, "-m", "tests.benchmarks.rooms_server", order]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return [Place(*place) for place in json.loads(done.stdout.splitlines()[-1])]


Listening = Callable[["Listener", asyncio.Event, Tally], Coroutine[Any, Any, None]]


@dataclass
class Listener:
    """One connection, ready to go."""

    connection: ClientConnection
    offered: deque[str] = field(default_factory=deque)
    is_done: bool = False  # has answered whatever there is


async def open_one(port: int, place: Place, *, is_echo: bool = False) -> Listener:
    """A listener who has joined, or who only hears an echo."""
    origin: Any = f"http://{HOST}:{port}"
    path = ECHO_PATH if is_echo else f"/ws/rooms/{place.code}/"
    headers = {"Cookie": f"antiphon_listener={place.cookie}"}
    connection = await connect(
        f"ws://{HOST}:{port}{path}",
        origin=origin,
        additional_headers=headers,
        compression=None,
        open_timeout=60,
        max_queue=None,  # those who wait for the others to come still take what they are sent
        ping_interval=None,
    )
    listener = Listener(connection)
    if not is_echo:
        await _join(listener)
    return listener


async def open_all(ports: Sequence[int], places: Sequence[Place], *, is_echo: bool = False) -> list[Listener]:
    """All listeners in the order of their places, some at a time, spread over the web processes."""
    gate, inside = asyncio.Semaphore(OPENING_AT_ONCE), list[Listener]()
    waiting = None if is_echo else asyncio.create_task(_stay(inside))

    async def opened(number: int, place: Place) -> Listener:
        async with gate:
            inside.append(listener := await open_one(ports[number % len(ports)], place, is_echo=is_echo))
            return listener

    listeners = await asyncio.gather(*(opened(number, place) for number, place in enumerate(places)))
    if waiting is not None:
        waiting.cancel()
    return listeners


async def _stay(listeners: Sequence[Listener]) -> None:
    """Have those who are in already say that they are, as pages do, until the others are."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for listener in tuple(listeners):
            await listener.connection.send(f'{{"type":"ping","id":"{uuid4()}"}}')


async def listen_all(
    ports: Sequence[int],
    places: Sequence[Place],
    seconds: float,
    listen: Listening,
    *,
    begin: Callable[[], None] | None = None,
) -> Tally:
    """All listeners connect; then all go at once, for some seconds. `begin` is called in between."""
    tally, stop = Tally(), asyncio.Event()
    began = time.perf_counter()
    listeners = await open_all(ports, places, is_echo=listen is echoing)
    tally.opening_seconds = time.perf_counter() - began
    gc.collect()
    gc.freeze()  # thousands of connections' worth of objects are not to be gone through while we measure
    if begin is not None:
        begin()
    began = time.perf_counter()
    tasks = [asyncio.create_task(listen(listener, stop, tally)) for listener in listeners]
    await asyncio.sleep(seconds)
    stop.set()
    tally.seconds = time.perf_counter() - began
    counted = len(tally.latencies_seconds)
    await asyncio.gather(*tasks)
    del tally.latencies_seconds[counted:]
    await asyncio.gather(*(listener.connection.close() for listener in listeners))
    return tally


async def _join(listener: Listener) -> None:
    await listener.connection.send(
        json.dumps({"type": "join", "id": str(uuid4()), "protocol": PROTOCOL_VERSION, "name": "Listener"})
    )
    while not listener.offered:
        note(str(await listener.connection.recv()), listener)


async def echoing(listener: Listener, stop: asyncio.Event, tally: Tally) -> None:
    while not stop.is_set():
        sent = time.perf_counter()
        await listener.connection.send(ECHOED)
        await listener.connection.recv()
        tally.latencies_seconds.append(time.perf_counter() - sent)


async def rating(listener: Listener, stop: asyncio.Event, tally: Tally, *, pace_seconds: float = 0.0) -> None:
    await _pause(stop, random.random() * pace_seconds)
    while not stop.is_set():
        while not listener.offered and not listener.is_done:
            note(str(await listener.connection.recv()), listener)
        if not listener.offered:
            return
        said = f'{{"type":"rate","id":"{uuid4()}","offer":"{listener.offered.popleft()}","value":3,"heard_ms":1500}}'
        sent = time.perf_counter()
        await listener.connection.send(said)
        while True:
            text = str(await listener.connection.recv())
            if text.startswith('{"type":"kept"'):
                tally.latencies_seconds.append(time.perf_counter() - sent)
                await _pause(stop, pace_seconds)
                break
            if text.startswith('{"type":"refused"'):
                tally.refused += 1
                break
            note(text, listener)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Listen for some seconds, or until the round is over."""
    if seconds > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


def note(text: str, listener: Listener) -> None:
    """Take an offer up, or that there are no more; whatever else is said is passed over."""
    listener.is_done = listener.is_done or text.startswith('{"type":"done"')
    if text.startswith('{"type":"offer"'):
        found = OFFER.search(text)
        assert found is not None
        listener.offered.append(found.group(1))
