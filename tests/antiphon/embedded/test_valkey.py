"""The embedded Valkey, started, killed and started again."""

import signal
import stat

import psutil  # type: ignore[import-untyped]
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from antiphon.embedded import ports
from antiphon.embedded.home import Home
from antiphon.embedded.processes import record_path
from antiphon.embedded.valkey import ValkeyServer


def client(server: ValkeyServer) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_what_was_written_survives_a_kill(valkey: ValkeyServer) -> None:
    with client(valkey) as wire:
        wire.set("phrase", "kept")
    assert valkey.child.pid is not None
    psutil.Process(valkey.child.pid).kill()
    while valkey.poll() is None:
        pass
    assert valkey.poll() == -signal.SIGKILL
    valkey.start()
    with client(valkey) as wire:
        assert wire.get("phrase") == "kept"
        assert wire.config_get("appendfsync") == {"appendfsync": "everysec"}


def test_a_server_left_by_a_killed_supervisor_is_replaced(valkey: ValkeyServer, home: Home) -> None:
    record_path(home, "valkey").unlink()
    successor = ValkeyServer(home)
    successor.start()
    assert valkey.poll() == 0
    with client(successor) as wire:
        assert wire.get("phrase") == "kept"
    successor.stop()
    valkey.start()


def test_a_stranger_without_the_password_is_refused(valkey: ValkeyServer, home: Home) -> None:
    stranger = redis.Redis(host=ports.LOOPBACK, port=valkey.port or 0, retry=Retry(NoBackoff(), 0))
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.get("phrase")
    assert stat.S_IMODE(home.run("valkey.conf").stat().st_mode) == 0o600


def test_two_homes_run_side_by_side(valkey: ValkeyServer, empty_home: Home) -> None:
    neighbour = ValkeyServer(empty_home)
    neighbour.start()
    with client(neighbour) as wire:
        assert wire.get("phrase") is None
    assert neighbour.port != valkey.port
    neighbour.stop()
    assert valkey.poll() is None
