"""Child processes that can be found again: each leaves its pid and start time in a file."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from antiphon.embedded.home import Home

# Every child carries this variable with its home, so that what a dead child left behind is told from strangers.
MARK = "ANTIPHON_SUPERVISED_FROM"
START_TIME_TOLERANCE_SECONDS = 2.0
LOG_LIMIT_BYTES = 5_000_000
ERROR_LINE = re.compile(r"[\w.]*(Error|Exception|Improperly\w+): .+")  # the last line of a traceback


@dataclass(frozen=True)
class Record:
    """Enough to know a process again after a restart of the supervisor: a pid alone may belong to a stranger."""

    pid: int
    started_at: float

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        """The record in a file, or None where there is none that can be read."""
        try:
            fields = json.loads(path.read_text())
            return cls(pid=int(fields["pid"]), started_at=float(fields["started_at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def process(self) -> psutil.Process | None:
        """The process itself if it still runs and is the one that was recorded."""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started_at) < START_TIME_TOLERANCE_SECONDS
            return process if same and is_alive(process) else None
        return None


class Child:
    """One child process in a session of its own, with its log and its record."""

    def __init__(self, home: Home, name: str, *, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        self.home = home
        self.name = name
        self.stop_signal = stop_signal
        self.log = home.log(name)
        self._log_start = 0
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The pid of the running process, or None."""
        return self._popen.pid if self._popen is not None else None

    def start(self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> None:
        """Start the command in `folder`, its output appended to its log."""
        with suppress(OSError):
            if self.log.stat().st_size > LOG_LIMIT_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._popen = subprocess.Popen(  # noqa: S603 - commands come from this package only
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**environment, MARK: str(self.home.root)},
                start_new_session=True,
            )
        started_at = time.time()
        with suppress(psutil.Error):
            started_at = psutil.Process(self._popen.pid).create_time()
        record_path(self.home, self.name).write_text(json.dumps(asdict(Record(self._popen.pid, started_at))))

    def poll(self) -> int | None:
        """The exit status once the process has ended, else None."""
        return 0 if self._popen is None else self._popen.poll()

    def ask_to_stop(self) -> None:
        """Ask the process to end; it is left to end its own children."""
        if self._popen is not None and self._popen.poll() is None:
            self._popen.send_signal(self.stop_signal)

    def finish(self, *, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds) for the end, then kill; leaves nothing of its group behind."""
        if self._popen is None:
            return
        try:
            self._popen.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill_group(self._popen.pid)
            self._popen.wait()
        _kill_group(self._popen.pid)
        self._popen = None
        record_path(self.home, self.name).unlink(missing_ok=True)

    def last_words(self) -> str:
        """The line of this run's log that says why it ended: the last error, else the last line."""
        lines = [line.strip() for line in self.output().splitlines() if line.strip()]
        errors = [line for line in lines if ERROR_LINE.match(line)]
        return (errors or lines or ["it wrote nothing"])[-1][:300]

    def output(self) -> str:
        """What this run of the process has written to its log (the last 20,000 bytes)."""
        with suppress(OSError), self.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, size - 20_000))
            return log.read().decode(errors="replace")
        return ""


def record_path(home: Home, name: str) -> Path:
    """Where the record of a process lies."""
    return home.run(f"{name}.pid.json")


def stop_leftovers(home: Home, *, grace_seconds: float = 5.0) -> list[str]:
    """End what an earlier supervisor of this home left running; returns the names. Strangers are never touched."""
    stopped = []
    for path in sorted(home.run("").glob("*.pid.json")):
        record = Record.read(path)
        if record is not None and _stop_recorded(home, record, grace_seconds):
            stopped.append(path.name.removesuffix(".pid.json"))
        path.unlink(missing_ok=True)
    return stopped


def end(processes: Sequence[psutil.Process], first_signal: signal.Signals, *, grace_seconds: float) -> None:
    """Ask processes to end, and kill those that have not within the grace."""
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(first_signal)
    for process in wait_for(processes, seconds=grace_seconds):
        with suppress(psutil.Error):
            process.kill()
    wait_for(processes, seconds=grace_seconds)


def wait_for(processes: Sequence[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Wait until they have ended; returns those that have not."""
    deadline = time.monotonic() + seconds
    while alive := [process for process in processes if is_alive(process)]:
        if time.monotonic() > deadline:
            return alive
        time.sleep(0.02)
    return []


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs. One that has ended and that nobody collects (pid 1 of many containers does not) is dead."""
    with suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def processes_in(folder: Path, name: str) -> list[psutil.Process]:
    """Servers of this name whose working folder is `folder`: that is where a server works on its data."""
    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if (process.info["name"] or "").startswith(name) and Path(process.cwd()) == folder:
                found.append(process)
    return found


def _stop_recorded(home: Home, record: Record, grace_seconds: float) -> bool:
    leader = record.process()
    if leader is None and _is_pid_alive(record.pid):
        return False  # the pid was given to somebody else
    # SIGINT is PostgreSQL's quick stop; its other processes follow their leader.
    is_postgres = leader is not None and leader.name().startswith("postgres")
    members = [leader] if leader is not None else []
    if not is_postgres:
        members += [one for one in _group(record.pid) if one.pid != record.pid and _is_marked(one, home)]
    end(members, signal.SIGINT if is_postgres else signal.SIGTERM, grace_seconds=grace_seconds)
    return bool(members)


def _group(group_id: int) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):
            if os.getpgid(process.pid) == group_id:
                yield process


def _is_marked(process: psutil.Process, home: Home) -> bool:
    with suppress(psutil.Error, OSError):
        return bool(process.environ().get(MARK) == str(home.root))
    return False


def _is_pid_alive(pid: int) -> bool:
    with suppress(psutil.Error):
        return is_alive(psutil.Process(pid))
    return False


def _kill_group(group_id: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group_id, signal.SIGKILL)
