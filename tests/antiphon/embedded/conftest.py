"""Homes for the embedded tests: deep, with a space in the name, as a checkout may be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.embedded.home import Home
from antiphon.embedded.postgres import PostgresServer
from antiphon.embedded.valkey import ValkeyServer

DEEP = Path("a checkout whose folder has a long name and spaces in it") / ("deep-" * 14)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose path is longer than a unix socket's may be."""
    home = Home(tmp_path_factory.mktemp("home") / DEEP / "var")
    assert len(str(home.root)) > 108
    home.prepare()
    return home


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    """A home without servers."""
    home = Home(tmp_path / "var")
    home.prepare()
    return home


@pytest.fixture(scope="module")
def postgres(home: Home) -> Iterator[PostgresServer]:
    """A running server with durable settings."""
    server = PostgresServer(home)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def valkey(home: Home) -> Iterator[ValkeyServer]:
    """A running server with durable settings."""
    server = ValkeyServer(home)
    server.start()
    yield server
    server.stop()
