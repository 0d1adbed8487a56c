"""The whole platform as `make demo` starts it, in a folder of its own, for tests of all of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

READY_SECONDS = 120.0
STOP_SECONDS = 60.0
# What the test run's own servers are named by; the stack under test has its own.
LEFT_OUT = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


class Stack:
    """Servers, web, worker, node and sweep under one supervisor."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log, self._console_log = root / "supervisor.log", root / "console.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._console: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start everything and return when pages are answered."""
        command = [sys.executable, "-m", "antiphon.embedded", "up", "--port", str(self.port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The platform did not start:\n{self.words()}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop everything, as Ctrl-C does."""
        if self._console is not None:
            self._console.communicate(timeout=STOP_SECONDS)  # nothing more is asked: it ends
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    def ask(self, script: str) -> str:
        """What a script prints that runs beside the platform, with its database. Raises RuntimeError where it fails."""
        console = self._console = self._console or self._open_console()
        assert console.stdin is not None
        assert console.stdout is not None
        console.stdin.write(json.dumps(script) + "\n")
        console.stdin.flush()
        said = console.stdout.readline()
        answer = json.loads(said) if said else {"failed": "The console ended."}
        if "failed" in answer:
            raise RuntimeError(f"The script failed: {answer['failed']}\n{self.words()}")
        return str(answer["printed"]).strip()

    def kill(self, name: str) -> int:
        """End one of its processes with no chance to say goodbye; returns the pid that it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def pid(self, name: str) -> int:
        """The pid of one of its processes, as the supervisor wrote it down."""
        return int(json.loads((self.root / "var" / "run" / f"{name}.pid.json").read_text())["pid"])

    def words(self) -> str:
        """The ends of all logs, for whoever reads a failure."""
        logs = [self._log, self._console_log, *sorted((self.root / "var" / "log").glob("*.log"))]
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs if log.exists())

    def _open_console(self) -> "subprocess.Popen[str]":
        within = [sys.executable, "-m", "antiphon.embedded", "run", "--", sys.executable, "-m", "tests.e2e.console"]
        with self._console_log.open("wb") as log:
            pipe = subprocess.PIPE
            return subprocess.Popen(within, env=self._environment(), stdin=pipe, stdout=pipe, stderr=log, text=True)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in LEFT_OUT and not name.startswith("ANTIPHON_")
        }
        return {**kept, "ANTIPHON_VAR": str(self.root / "var")}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
