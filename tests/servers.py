"""A pytest plugin (`-p tests.servers`): a PostgreSQL and a Valkey of the run's own, under a temporary folder.

Django reads DATABASE_URL when pytest-django loads, which is before any conftest is read: hence a plugin. The
addresses are chosen then; the servers start only when a collected test may need them. DATABASE_URL and REDIS_URL of
the caller win. Workers of pytest-xdist have a database each on the one PostgreSQL (pytest-django sees to it) and a
Valkey each, because what is published there is heard whatever the number of the database.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from antiphon.embedded.environment import Address, platform_environment
from antiphon.embedded.errors import AlreadyRunning
from antiphon.embedded.home import Home
from antiphon.embedded.ports import LOOPBACK
from antiphon.embedded.postgres import THROWAWAY, PostgresServer
from antiphon.embedded.processes import stop_leftovers
from antiphon.embedded.valkey import ValkeyServer

PREFIX = "antiphon-tests-"
BEGUN_SECONDS = 60.0  # a run that has just made its folder may not hold it yet
WITHOUT_SERVERS = ("tests/generation/", "tests/evolution/")


class Servers:
    """The servers of one test run."""

    def __init__(self) -> None:
        self.home = Home(Path(tempfile.mkdtemp(prefix=PREFIX)).resolve())
        self.home.root.chmod(0o711)  # PostgreSQL runs as another user when root tests
        self._stack = ExitStack()
        self._stack.callback(shutil.rmtree, self.home.root, ignore_errors=True)
        self._stack.enter_context(self.home.held())
        self.postgres = None if os.environ.get("DATABASE_URL") else PostgresServer(self.home, durability=THROWAWAY)
        self.valkey = None if os.environ.get("REDIS_URL") else ValkeyServer(self.home, durable=False)
        for server in (self.postgres, self.valkey):
            if server is not None:
                server.claim_port()
        self._started = False

    def environment(self) -> dict[str, str]:
        """What the tests' processes are told."""
        return platform_environment(
            self.home,
            database_url=self.postgres.url if self.postgres else os.environ["DATABASE_URL"],
            redis_url=self.valkey.url if self.valkey else os.environ["REDIS_URL"],
            address=Address(LOOPBACK, 8000),
        )

    def start(self) -> None:
        """Start what the caller did not name."""
        if self._started:
            return
        self._started = True
        for server in (self.postgres, self.valkey):
            if server is not None:
                self._stack.callback(server.stop)
                server.start()

    def stop(self) -> None:
        """Stop them and forget their data."""
        self._stack.close()


def sweep_leftovers() -> None:
    """End and forget the servers of test runs that were killed."""
    for root in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (
            not root.is_dir()
            or root.stat().st_uid != os.geteuid()
            or time.time() - root.stat().st_mtime < BEGUN_SECONDS
        ):
            continue
        home = Home(root.resolve())
        try:
            with home.held():
                stop_leftovers(home)
                shutil.rmtree(root, ignore_errors=True)
        except (AlreadyRunning, OSError):
            continue  # its run goes on


_servers = pytest.StashKey[Servers]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Choose the addresses before Django's settings are read."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ.pop("REDIS_URL", None)  # the controller's; its PostgreSQL stays
    elif os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL") and os.environ.get("ANTIPHON_SECRET_KEY"):
        return  # the caller's servers
    else:
        sweep_leftovers()
    servers = Servers()
    early_config.stash[_servers] = servers
    early_config.add_cleanup(servers.stop)
    os.environ.update(servers.environment())


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Generator[None, object, object]:
    """With pytest-xdist only the workers collect, so the controller starts the servers at once."""
    if session.config.getoption("dist", "no") != "no" and _servers in session.config.stash:
        session.config.stash[_servers].start()
    return (yield)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the servers when a collected test may need them."""
    needed = any(not item.nodeid.startswith(WITHOUT_SERVERS) for item in session.items)
    if needed and not session.config.option.collectonly and _servers in session.config.stash:
        session.config.stash[_servers].start()
