"""Keeps servers and processes running until it is told to stop, and leaves none of them behind."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol

from antiphon.embedded import ports
from antiphon.embedded.errors import StartFailed
from antiphon.embedded.home import Home
from antiphon.embedded.processes import Child, stop_leftovers
from antiphon.embedded.table import ProcessSpec

LOOK_SECONDS = 0.2
GRACE_SECONDS = 5.0
FIRST_BACKOFF_SECONDS, LAST_BACKOFF_SECONDS = 1.0, 30.0
HEALTHY_SECONDS = 60.0
READY_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


class Server(Protocol):
    """PostgreSQL or Valkey."""

    name: str

    @property
    def url(self) -> str:
        """Where clients find it."""

    def start(self) -> None:
        """Return when it answers."""

    def poll(self) -> int | None:
        """The exit status once it has ended."""

    def stop(self) -> None:
        """Stop it, keeping its data."""


@dataclass
class Kept:
    """One thing that is kept running, and how it has fared."""

    name: str
    log: Path
    start: Callable[[], None]
    poll: Callable[[], int | None]
    last_words: Callable[[], str]
    started_at: float = 0.0
    backoff_seconds: float = FIRST_BACKOFF_SECONDS
    due_at: float | None = None  # when to start it again; None while it runs


class Supervisor:
    """Starts servers first and processes after them, restarts what dies, stops in the opposite order."""

    def __init__(self, home: Home, *, say: Say, grace_seconds: float = GRACE_SECONDS) -> None:
        self.home = home
        self.say = say
        self.grace_seconds = grace_seconds
        self._servers: list[Server] = []
        self._children: list[Child] = []
        self._kept: list[Kept] = []
        self._asked = threading.Event()
        self._times_asked = 0

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether a signal, or `ask_to_stop`, has come."""
        return self._asked.is_set()

    def ask_to_stop(self) -> None:
        """What Ctrl-C does; a second time, processes get no more time to end."""
        self._times_asked += 1
        self._asked.set()

    @contextmanager
    def running(self) -> Iterator["Supervisor"]:
        """Hold the home, clean up after an earlier supervisor, listen to signals; at the end stop everything.

        Raises AlreadyRunning when another supervisor holds the home.
        """
        with self.home.held():
            before = {which: signal.signal(which, self._on_signal) for which in STOP_SIGNALS}
            try:
                for name in stop_leftovers(self.home, grace_seconds=self.grace_seconds):
                    self.say(f"{name} was still running after an unclean stop; it was ended.")
                yield self
            finally:
                self.stop()
                for which, handler in before.items():
                    signal.signal(which, handler)

    def serve(self, server: Server, log: Path, last_words: Callable[[], str]) -> str:
        """Start a server and keep it running; returns its URL."""
        self._servers.append(server)
        server.start()
        self._kept.append(Kept(server.name, log, server.start, server.poll, last_words, time.monotonic()))
        return server.url

    def keep(self, spec: ProcessSpec) -> None:
        """Start a process and keep it running."""
        child = Child(self.home, spec.name)

        def start() -> None:
            child.start(spec.command, environment=spec.environment, folder=Path.cwd())

        self._children.append(child)
        start()
        self._kept.append(Kept(spec.name, child.log, start, child.poll, child.last_words, time.monotonic()))

    def run_once(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a command to its end, its output in its log. Raises StartFailed when it fails."""
        child = Child(self.home, name)
        self._children.append(child)
        child.start(command, environment=environment, folder=Path.cwd())
        while (status := child.poll()) is None and not self._asked.wait(0.05):
            self.look()
        self._children.remove(child)
        if status is None:
            child.ask_to_stop()
        child.finish(deadline=time.monotonic() + self.grace_seconds)
        if status:
            raise StartFailed(f"{name} failed: {child.last_words()} See {child.log}.")

    def run_attached(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a command on this terminal while keeping everything running; returns its exit status."""
        # It shares our process group, so Ctrl-C in the terminal reaches it without our help.
        attached = subprocess.Popen(list(command), env=dict(environment))  # noqa: S603 - the caller's own command
        while (status := attached.poll()) is None and not self._asked.wait(LOOK_SECONDS / 4):
            self.look()
        if status is None:
            status = self._end_attached(attached)
        return status

    def wait_until_ready(self, spec: ProcessSpec, *, timeout_seconds: float = READY_SECONDS) -> None:
        """Return when the process answers at its address. Raises StartFailed when it does not in time."""
        if spec.ready is None:
            return
        host = ports.LOOPBACK if spec.ready.host in {"0.0.0.0", "::"} else spec.ready.host  # noqa: S104
        deadline = time.monotonic() + timeout_seconds
        while not ports.answers(spec.ready.port, host):
            self.look()
            if self._asked.wait(LOOK_SECONDS / 4):
                return
            if time.monotonic() > deadline:
                raise StartFailed(
                    f"{spec.name} does not answer after {timeout_seconds:g} s. See {self.home.log(spec.name)}."
                )

    def watch(self) -> None:
        """Keep everything running until a signal comes."""
        while not self._asked.wait(LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Look at everything once: note what has died, start again what is due."""
        now = time.monotonic()
        for kept in self._kept:
            if kept.due_at is None:
                status = kept.poll()
                if status is not None:
                    self._note_death(kept, status, now)
            elif now >= kept.due_at:
                self._start_again(kept)

    def stop(self) -> None:
        """Stop processes, then servers; what does not end within the grace is killed."""
        self._kept.clear()
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + self.grace_seconds
        for child in reversed(self._children):
            self._finish(child, deadline)
        self._children.clear()
        for server in reversed(self._servers):
            server.stop()
        self._servers.clear()

    def _finish(self, child: Child, deadline: float) -> None:
        asked = self._times_asked
        while child.poll() is None and time.monotonic() < deadline and self._times_asked <= max(asked, 1):
            time.sleep(0.02)
        child.finish(deadline=time.monotonic())

    def _note_death(self, kept: Kept, status: int, now: float) -> None:
        if now - kept.started_at > HEALTHY_SECONDS:
            kept.backoff_seconds = FIRST_BACKOFF_SECONDS
        kept.due_at = now + kept.backoff_seconds
        self.say(
            f"{kept.name} {_describe(status, kept.last_words)} "
            f"Again in {kept.backoff_seconds:g} s; log: {_short(kept.log)}"
        )
        kept.backoff_seconds = min(kept.backoff_seconds * 2, LAST_BACKOFF_SECONDS)

    def _start_again(self, kept: Kept) -> None:
        kept.started_at = time.monotonic()
        kept.due_at = None
        try:
            kept.start()
        except (StartFailed, OSError) as error:
            kept.due_at = time.monotonic() + kept.backoff_seconds
            kept.backoff_seconds = min(kept.backoff_seconds * 2, LAST_BACKOFF_SECONDS)
            self.say(f"{kept.name} could not be started again: {error}")

    def _end_attached(self, attached: "subprocess.Popen[bytes]") -> int:
        try:
            return attached.wait(timeout=2.0)  # a Ctrl-C reached it too
        except subprocess.TimeoutExpired:
            attached.terminate()
        try:
            return attached.wait(timeout=self.grace_seconds)
        except subprocess.TimeoutExpired:
            attached.kill()
            return attached.wait()

    def _on_signal(self, which: int, frame: FrameType | None) -> None:
        self.ask_to_stop()


def _describe(status: int, last_words: Callable[[], str]) -> str:
    if status < 0:
        return f"was killed ({signal.Signals(-status).name})."
    return f"stopped (exit {status}): {last_words()}"


def _short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
