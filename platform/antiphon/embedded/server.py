"""What an embedded server is, whichever it is: a process over a folder, on a loopback port that it keeps."""

import time
from abc import ABC, abstractmethod

from antiphon.embedded import ports
from antiphon.embedded.errors import StartFailed
from antiphon.embedded.home import Home
from antiphon.embedded.processes import Child
from antiphon.embedded.secret_files import secret

PORT_ATTEMPTS = 5
PORT_TAKEN = "in use"  # as both servers say it


class EmbeddedServer(ABC):
    """`start` returns when the server answers; clients find it at `url`."""

    name: str
    stop_seconds: float

    def __init__(self, home: Home, child: Child) -> None:
        self.home = home
        self.child = child
        self.port: int | None = None
        self._has_run = False

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients find it, password included."""

    @abstractmethod
    def end_strays(self) -> None:
        """End servers that still work on our data: what an unclean stop left behind."""

    @abstractmethod
    def _prepare(self) -> None:
        """Make the folders, and data where there are none."""

    @abstractmethod
    def _launch(self) -> None:
        """Start the process."""

    @abstractmethod
    def _wait_until_ready(self) -> None:
        """Return when it answers. Raises StartFailed."""

    def start(self) -> None:
        """Start over the data that is there, or over new data; raises StartFailed with what the server said."""
        self._prepare()
        if self.port is None:
            self.claim_port()
        for attempt in range(PORT_ATTEMPTS):
            self._launch()
            try:
                self._wait_until_ready()
            except StartFailed:
                if PORT_TAKEN not in self.child.output() or attempt == PORT_ATTEMPTS - 1:
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
        self.child.finish(deadline=time.monotonic() + self.stop_seconds)

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
        return secret(self.home, f"{self.name}_password")
