"""Commands in lanes, `python -m tests.lanes NAME=COMMAND... -- NAME=COMMAND...`: lanes side by side, a lane in order.

The first lane speaks as it goes; what a command of another one says is kept and shown when it has ended, in one piece.
A command that fails holds up no other. The end is a table of how long each took, and the names of what failed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO


@dataclass
class Step:
    """A command for a shell, and how it went."""

    name: str
    command: str
    status: int | None = None  # None: it was not run
    seconds: float = 0.0
    processor_seconds: float = 0.0  # of it and of all that it waited for

    def run(self, *, speaks: bool) -> None:
        """Run it; what it says is shown as it comes, or else in the end."""
        if speaks:
            self._run(None)
        else:
            with tempfile.TemporaryFile() as kept:
                self._run(kept)
                kept.seek(0)
                shutil.copyfileobj(kept, sys.stdout.buffer)
                sys.stdout.buffer.flush()

    def _run(self, out: IO[bytes] | None) -> None:
        began = time.monotonic()
        process = subprocess.Popen(self.command, shell=True, stdout=out, stderr=out and subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        self.status = process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - began
        self.processor_seconds = usage.ru_utime + usage.ru_stime

    @property
    def outcome(self) -> str:
        """In a word."""
        return "not run" if self.status is None else "failed" if self.status else "passed"


def read(words: Sequence[str]) -> list[list[Step]]:
    """The lanes that a command line names. Raises ValueError where a word is no NAME=COMMAND."""
    lanes: list[list[Step]] = [[]]
    for word in words:
        name, _, command = word.partition("=")
        if word == "--":
            lanes.append([])
        elif name and command:
            lanes[-1].append(Step(name, command))
        else:
            raise ValueError(f"{word!r} should be NAME=COMMAND, such as lint='make lint', or -- between two lanes.")
    return lanes


def run(lanes: list[list[Step]]) -> None:
    """Run everything. After Ctrl-C, which all commands hear, nothing more is begun."""
    stopped = threading.Event()

    def run_lane(lane: list[Step]) -> None:
        for step in lane:
            if not stopped.is_set():
                step.run(speaks=lane is lanes[0])

    threads = [threading.Thread(target=run_lane, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        try:
            time.sleep(0.2)
        except KeyboardInterrupt:
            stopped.set()


def main(words: Sequence[str]) -> int:
    """Run what the command line says, tell how it went; 1 where not everything passed."""
    lanes = read(words)
    run(lanes)
    steps = [step for lane in lanes for step in lane]
    for step in steps:
        print(f"{step.name:<16} {step.seconds:5.0f} s {step.processor_seconds:5.0f} s of a processor  {step.outcome}")
    return int(any(step.status != 0 for step in steps))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
