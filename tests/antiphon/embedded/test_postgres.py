"""The embedded PostgreSQL, started, killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from antiphon.embedded import ports
from antiphon.embedded.errors import StartFailed
from antiphon.embedded.home import Home
from antiphon.embedded.postgres import PostgresServer
from antiphon.embedded.processes import Record, record_path, wait_for


def ask(server: PostgresServer, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchall() if cursor.description else []


def kill(server: PostgresServer) -> None:
    """What a power cut does to the server's processes."""
    assert server.child.pid is not None
    leader = psutil.Process(server.child.pid)
    backends = leader.children(recursive=True)
    leader.kill()
    while (status := server.poll()) is None:
        time.sleep(0.01)
    assert status == -signal.SIGKILL
    assert wait_for(backends, seconds=10) == []


def test_it_is_durable_and_lets_two_hundred_in(postgres: PostgresServer) -> None:
    assert ask(postgres, "SELECT current_setting('fsync'), current_setting('max_connections')") == [("on", "200")]
    assert ask(postgres, "SELECT current_setting('server_encoding'), current_database()") == [("UTF8", "antiphon")]


def test_a_stranger_without_the_password_is_refused(postgres: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://antiphon:guess@{ports.LOOPBACK}:{postgres.port}/antiphon")


def test_what_was_committed_survives_a_kill_and_the_address_stays(postgres: PostgresServer) -> None:
    ask(postgres, "CREATE TABLE kept AS SELECT 7 AS note")
    address = postgres.url
    kill(postgres)
    assert (postgres.data / "postmaster.pid").exists()
    postgres.start()
    assert postgres.url == address
    assert ask(postgres, "SELECT note FROM kept") == [(7,)]


def test_a_stale_lock_file_that_names_a_living_stranger_is_no_obstacle(postgres: PostgresServer) -> None:
    kill(postgres)
    lock = postgres.data / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        postgres.start()
        assert stranger.poll() is None
        stranger.kill()
    assert ask(postgres, "SELECT 1") == [(1,)]


def test_a_server_left_by_a_killed_supervisor_is_replaced(postgres: PostgresServer, home: Home) -> None:
    ask(postgres, "CREATE TABLE left_by_the_first AS SELECT 1 AS note")
    orphan = postgres.child.pid
    record_path(home, "postgres").unlink()  # not even its record is left
    successor = PostgresServer(home)
    successor.start()
    assert postgres.poll() == 0
    assert successor.child.pid != orphan
    assert ask(successor, "SELECT note FROM left_by_the_first") == [(1,)]
    successor.stop()
    assert Record.read(record_path(home, "postgres")) is None
    postgres.start()


def test_another_process_finds_the_running_server_and_moves_nothing(postgres: PostgresServer, home: Home) -> None:
    before = home.run("postgres.port").read_text()
    assert PostgresServer(home).url == postgres.url
    assert home.run("postgres.port").read_text() == before


def test_a_port_that_somebody_took_meanwhile_is_left_to_them(postgres: PostgresServer, home: Home) -> None:
    taken = ports.remembered(home.run("postgres.port"))
    assert taken is not None
    postgres.stop()
    with socket.create_server((ports.LOOPBACK, taken)):
        successor = PostgresServer(home)
        successor.start()
        assert successor.port not in {None, taken}
        assert ask(successor, "SELECT 1") == [(1,)]
        successor.stop()
    postgres.port = None
    postgres.start()


def test_a_lost_password_is_said_at_once_and_not_after_a_minute(postgres: PostgresServer, home: Home) -> None:
    postgres.stop()
    path = home.secret("postgres_password")
    password = path.read_text()
    path.write_text("another")
    began = time.monotonic()
    with pytest.raises(StartFailed, match="make reset"):
        PostgresServer(home).start()
    assert time.monotonic() - began < 30
    path.write_text(password)
    postgres.start()


def test_a_server_that_cannot_start_says_why_and_where_to_read_on(empty_home: Home) -> None:
    server = PostgresServer(empty_home)
    server.data.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        os.chown(server.data, 65534, 65534)
    with pytest.raises(StartFailed, match=r"postgresql\.conf") as caught:
        server.start()
    assert str(empty_home.log("postgres")) in str(caught.value)
