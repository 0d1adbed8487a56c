"""The folder that holds everything the embedded default writes: `var/`."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from antiphon.embedded.errors import AlreadyRunning

CHECKOUT = Path(__file__).resolve().parents[3]
FORGOTTEN_ON_RESET = ("postgres", "valkey", "media", "secrets", "run", "log")


@dataclass(frozen=True)
class Home:
    """Paths under one root; two homes share nothing, so two checkouts never collide."""

    root: Path

    @classmethod
    def default(cls) -> "Home":
        """The checkout's `var/`, or the folder that ANTIPHON_VAR names."""
        return cls(Path(os.environ.get("ANTIPHON_VAR") or CHECKOUT / "var").resolve())

    @property
    def postgres(self) -> Path:
        """Where PostgreSQL keeps its data."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """Where Valkey keeps its append-only file."""
        return self.root / "valkey"

    @property
    def media(self) -> Path:
        """Where uploads go."""
        return self.root / "media"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.root / "log" / f"{name}.log"

    def run(self, name: str) -> Path:
        """A file about the processes that run now: pids, ports, the lock."""
        return self.root / "run" / name

    def secret(self, name: str) -> Path:
        """A file that holds one secret."""
        return self.root / "secrets" / name

    def prepare(self) -> None:
        """Create the folders; secrets and run files are for the owner only."""
        self.root.mkdir(parents=True, exist_ok=True)
        for name, mode in (("run", 0o700), ("secrets", 0o700), ("log", 0o755), ("media", 0o755)):
            (self.root / name).mkdir(exist_ok=True)
            (self.root / name).chmod(mode)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold this home for one supervisor. The kernel lets go when the process ends, however it ends.

        Raises AlreadyRunning when another process holds it.
        """
        self.prepare()
        path = self.run("supervisor.lock")
        with path.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                raise AlreadyRunning(
                    f"Antiphon already runs from {self.root} (process {lock.read().strip() or 'unknown'}). "
                    "Stop it there with Ctrl-C first."
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield
            lock.truncate(0)

    def is_held(self) -> bool:
        """Whether a supervisor runs here now."""
        path = self.run("supervisor.lock")
        if not path.exists():
            return False
        with path.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def forget(self) -> list[str]:
        """Delete what the embedded default wrote, and nothing else; returns the names of what went.

        The caller holds the home, so that nothing is deleted under a running server.
        """
        gone = [name for name in FORGOTTEN_ON_RESET if (self.root / name).exists()]
        for name in gone:
            path = self.root / name
            if path.is_symlink():
                path.unlink()
            else:
                shutil.rmtree(path)
        with suppress(OSError):
            self.root.rmdir()
        return gone
