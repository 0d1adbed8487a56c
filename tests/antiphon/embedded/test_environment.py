"""Secrets, addresses, and what each process is told."""

import re
import socket
import stat

import pytest

from antiphon.embedded import ports
from antiphon.embedded.__main__ import web_address
from antiphon.embedded.environment import Address, node_environment, platform_environment
from antiphon.embedded.errors import StartFailed
from antiphon.embedded.home import Home
from antiphon.embedded.secret_files import password, secret

ADDRESS = Address("127.0.0.1", 8123)
SERVERS = {"database_url": "postgresql://there", "redis_url": "redis://there"}


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(empty_home: Home) -> None:
    first = secret(empty_home, "django_secret_key")
    assert secret(empty_home, "django_secret_key") == first
    assert secret(empty_home, "node_token") != first
    assert len(first) == 64
    assert re.fullmatch(r"[a-z]{5}-[a-z]{5}-[a-z]{5}", password(empty_home, "demo_password"))
    assert password(empty_home, "demo_password") == password(empty_home, "demo_password")
    assert stat.S_IMODE(empty_home.secret("django_secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(empty_home.secret("").stat().st_mode) == 0o700


def test_a_node_is_told_neither_the_database_nor_the_secret_key(empty_home: Home) -> None:
    callers = {"PATH": "/bin", "DATABASE_URL": "x", "ANTIPHON_SECRET_KEY": "x", "ANTIPHON_MEDIA_ROOT": "x"}
    node = node_environment(empty_home, redis_url="redis://there", address=ADDRESS, base=callers)
    assert node.keys().isdisjoint({"DATABASE_URL", "ANTIPHON_SECRET_KEY", "ANTIPHON_MEDIA_ROOT"})
    assert node["PATH"] == "/bin"
    assert node["ANTIPHON_API_URL"] == "http://127.0.0.1:8123"
    assert node["ANTIPHON_NODE_TOKEN"] == secret(empty_home, "node_token")


def test_what_the_caller_sets_wins(empty_home: Home) -> None:
    callers = {"ANTIPHON_SECRET_KEY": "mine", "ANTIPHON_BASE_URL": "https://choir.example", "ANTIPHON_NODE_TOKEN": "x"}
    told = platform_environment(empty_home, address=ADDRESS, base=callers, **SERVERS)
    assert told["ANTIPHON_SECRET_KEY"] == "mine"
    assert told["ANTIPHON_BASE_URL"] == "https://choir.example"
    assert "choir.example" in told["ANTIPHON_ALLOWED_HOSTS"].split(",")
    assert "ANTIPHON_NODE_TOKEN" not in told


def test_phones_on_the_network_get_a_link_that_they_can_open(empty_home: Home) -> None:
    everywhere = Address("0.0.0.0", 8123)
    told = platform_environment(empty_home, address=everywhere, base={}, **SERVERS)
    assert "0.0.0.0" not in told["ANTIPHON_BASE_URL"]
    assert told["ANTIPHON_BASE_URL"].endswith(":8123")
    assert "0.0.0.0" not in told["ANTIPHON_ALLOWED_HOSTS"].split(",")
    assert everywhere.local_url == "http://127.0.0.1:8123"


def test_the_web_process_keeps_its_port_and_takes_the_next_when_it_is_taken(empty_home: Home) -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as somebody:
        taken = somebody.getsockname()[1]
        empty_home.run("web.port").write_text(f"{taken}\n")
        moved = web_address(empty_home, ports.LOOPBACK, None)
        assert moved.port != taken
        assert moved.port >= ports.WEB_PORT
        assert web_address(empty_home, ports.LOOPBACK, None) == moved
        with pytest.raises(StartFailed, match="No free port"):
            web_address(empty_home, ports.LOOPBACK, taken)
