"""The supervisor, with processes that behave badly."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from antiphon.embedded.__main__ import main
from antiphon.embedded.errors import AlreadyRunning, StartFailed
from antiphon.embedded.home import Home
from antiphon.embedded.processes import MARK, Record, is_alive, record_path, stop_leftovers
from antiphon.embedded.supervisor import Supervisor
from antiphon.embedded.table import ProcessSpec

DRIVER = Path(__file__).with_name("driver.py")
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def watch_until(supervisor: Supervisor, true: Callable[[], bool]) -> None:
    def look() -> bool:
        supervisor.look()
        return true()

    until(look)


def marked(home: Home) -> list[psutil.Process]:
    """Every living process that a supervisor of this home started."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(home.root) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def until_settled(home: Home) -> None:
    """Wait until the polite, the stubborn and its child run."""
    until(lambda: home.log("stubborn").read_text().strip() and home.log("polite").read_text().strip())
    assert len(marked(home)) >= 3


@contextmanager
def driven(home: Home, *, grace_seconds: float = 0.5) -> Iterator[tuple["subprocess.Popen[str]", list[str]]]:
    """The driver once it is ready, and the lines that it said until then."""
    command = [sys.executable, str(DRIVER), str(home.root), str(grace_seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        said = []
        for line in driver.stdout:
            if line == "ready\n":
                break
            said.append(line)
        try:
            yield driver, said
        finally:
            driver.kill()


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_every_process_even_the_stubborn_and_their_children(
    empty_home: Home, which: signal.Signals
) -> None:
    with driven(empty_home) as (driver, _):
        until_settled(empty_home)
        driver.send_signal(which)
        assert driver.wait(timeout=30) == 0
        assert marked(empty_home) == []
    assert list(empty_home.run("").glob("*.pid.json")) == []


def test_after_a_killed_supervisor_the_next_one_ends_what_was_left(empty_home: Home) -> None:
    with driven(empty_home) as (driver, _):
        until_settled(empty_home)
        driver.kill()
        driver.wait()
    orphans = marked(empty_home)
    assert len(orphans) >= 3
    with driven(empty_home) as (driver, said):
        assert any("stubborn was still running" in line for line in said)
        assert not any(is_alive(orphan) for orphan in orphans)
        driver.terminate()
        driver.wait(timeout=30)
    assert marked(empty_home) == []


def test_a_child_of_a_leader_that_died_alone_is_found_too(empty_home: Home) -> None:
    with driven(empty_home) as (driver, _):
        until_settled(empty_home)
        driver.kill()
        driver.wait()
    leader = Record.read(record_path(empty_home, "stubborn"))
    assert leader is not None
    psutil.Process(leader.pid).kill()
    until(lambda: leader.process() is None)
    stop_leftovers(empty_home, grace_seconds=0.5)
    assert marked(empty_home) == []


def test_a_stranger_that_got_an_old_pid_is_left_alone(empty_home: Home) -> None:
    with subprocess.Popen(SLEEP, start_new_session=True) as stranger:
        started_at = psutil.Process(stranger.pid).create_time()
        record = Record(stranger.pid, started_at - 3600)
        record_path(empty_home, "web").write_text(json.dumps(asdict(record)))
        assert stop_leftovers(empty_home) == []
        assert stranger.poll() is None
        assert not record_path(empty_home, "web").exists()
        stranger.kill()


def test_a_torn_record_is_forgotten(empty_home: Home) -> None:
    record_path(empty_home, "web").write_text('{"pid": 1')
    assert stop_leftovers(empty_home) == []
    assert not record_path(empty_home, "web").exists()


def test_a_second_supervisor_and_a_reset_are_refused_while_one_runs(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(empty_home, say=print)
    monkeypatch.setenv("ANTIPHON_VAR", str(empty_home.root))
    with driven(empty_home) as (driver, _):
        with pytest.raises(AlreadyRunning, match=str(driver.pid)), supervisor.running():
            pytest.fail("two supervisors hold one home")
        assert main(["reset"]) == 1
        assert "Ctrl-C" in capsys.readouterr().err
        until_settled(empty_home)
        driver.terminate()
        driver.wait(timeout=30)
    assert main(["reset"]) == 0
    assert not empty_home.root.exists()


def test_a_process_that_dies_is_started_again_and_said_with_its_last_words(empty_home: Home) -> None:
    said: list[str] = []
    supervisor = Supervisor(empty_home, say=said.append, grace_seconds=1.0)
    once = empty_home.root / "died"
    source = f"""
import pathlib, time
died = pathlib.Path({str(once)!r})
if not died.exists():
    died.touch()
    raise SystemExit("the strings are out of tune")
died.with_name("played").touch()
time.sleep(600)
"""
    with supervisor.running():
        supervisor.keep(ProcessSpec("web", [sys.executable, "-c", source], {}))
        watch_until(supervisor, once.with_name("played").exists)
    assert len(said) == 1
    assert "the strings are out of tune" in said[0]
    assert "web.log" in said[0]
    assert "exit 1" in said[0]


def test_a_process_that_keeps_dying_is_started_ever_more_rarely(empty_home: Home) -> None:
    said: list[str] = []
    supervisor = Supervisor(empty_home, say=said.append, grace_seconds=1.0)
    with supervisor.running():
        supervisor.keep(ProcessSpec("node", [sys.executable, "-c", "raise SystemExit(3)"], {}))
        watch_until(supervisor, lambda: len(said) == 2)
    assert "Again in 1 s" in said[0]
    assert "Again in 2 s" in said[1]


def test_a_command_that_fails_is_said_with_its_last_words_and_its_log(empty_home: Home) -> None:
    supervisor = Supervisor(empty_home, say=print)
    with supervisor.running():
        with pytest.raises(StartFailed, match="no such table") as caught:
            supervisor.run_once("migrate", [sys.executable, "-c", "raise SystemExit('no such table')"], {})
        assert str(empty_home.log("migrate")) in str(caught.value)
        supervisor.run_once("migrate", [sys.executable, "-c", "print('fine')"], {})


def test_the_reason_is_found_among_what_others_said_after_it(empty_home: Home) -> None:
    source = "import sys; sys.stderr.write('ModuleNotFoundError: No module named lute\\nI leave too\\n'); sys.exit(2)"
    supervisor = Supervisor(empty_home, say=print)
    with supervisor.running(), pytest.raises(StartFailed, match="No module named lute"):
        supervisor.run_once("node", [sys.executable, "-c", source], {})


def test_an_attached_command_gives_its_exit_status(empty_home: Home) -> None:
    supervisor = Supervisor(empty_home, say=print)
    with supervisor.running():
        assert supervisor.run_attached([sys.executable, "-c", "raise SystemExit(4)"], {}) == 4
        supervisor.ask_to_stop()
        assert supervisor.run_attached(SLEEP, {}) == -signal.SIGTERM
