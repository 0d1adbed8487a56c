"""The process that makes sound: the page's synthesiser on Node, kept warm, one render at a time.

Frames go through its standard input and output: four bytes with the length of a JSON head, the head, and as many bytes
as its `bytes` says. The process ends by itself when its input does, so that it never outlives its parent.
"""

import atexit
import json
import os
import shutil
import struct
import subprocess
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.audio_messages import Messages

PROGRAM = Path(__file__).parents[1] / "renderer" / "renderer.mjs"  # built by `make setup` from frontend/renderer
TIMEOUT_SECONDS = 60.0
HEAD_MAX_BYTES = 65_536


class AudioRefused(ValueError):
    """Sound that cannot be made. The message is one line: what was expected, what came, what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RendererDied(Exception):
    """The process went away in the midst of a render."""


class Renderer:
    """One renderer process, started when first wanted and again when it died; threads wait for one another."""

    def __init__(self, *, timeout_seconds: float = TIMEOUT_SECONDS, niceness: int = 0) -> None:
        self.timeout_seconds = timeout_seconds
        self._niceness = niceness  # 0-19: how far its claim to the processor stands back
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner_pid = 0

    def render(self, messages: Messages, *, soundfont: Path, sample_rate: int) -> NDArray[np.float32]:
        """Samples, shape (n, 2), of the messages and what rings on after them. Raises AudioRefused."""
        with self._lock:
            try:
                return self._ask(messages, soundfont, sample_rate)
            except RendererDied:
                pass  # it may have been ended from outside while it waited: a new one is asked once more
            try:
                return self._ask(messages, soundfont, sample_rate)
            except RendererDied:
                message = "expected sound, but the renderer ended twice without giving any: look at the server's memory"
                raise AudioRefused("renderer_died", message) from None

    @property
    def pid(self) -> int | None:
        """The process's id, while there is one."""
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        """End the process; the next render starts a new one."""
        with self._lock:
            self._end()

    def _ask(self, messages: Messages, soundfont: Path, sample_rate: int) -> NDArray[np.float32]:
        process = self._running()
        timed_out = threading.Event()

        def give_up() -> None:
            timed_out.set()
            process.kill()

        timer = threading.Timer(self.timeout_seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            head = {"soundfont": str(soundfont), "sample_rate": sample_rate, "messages": len(messages.seconds)}
            _write_frame(process, head, messages.seconds.tobytes() + messages.data.tobytes())
            return _read_samples(process)
        except (RendererDied, OSError):
            self._end()
            if timed_out.is_set():
                message = f"expected sound within {self.timeout_seconds:g} seconds, got none: take fewer bars or loops"
                raise AudioRefused("too_slow", message) from None
            raise RendererDied from None
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started where there is none of this very process."""
        if self._process is None or self._owner_pid != os.getpid() or self._process.poll() is not None:
            self._process = _start(self._niceness)
            self._owner_pid = os.getpid()
            atexit.register(self.close)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        atexit.unregister(self.close)
        if process is None or self._owner_pid != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close_quietly(pipe)


def _close_quietly(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was still to be written has no reader


def _start(niceness: int) -> subprocess.Popen[bytes]:
    """A new process. Raises AudioRefused where Node or the built program is missing."""
    node = shutil.which("node")
    if node is None:
        message = "expected Node 20 or newer to make sound with, got none: install it, or take the phrase as MIDI"
        raise AudioRefused("no_sound", message)
    if not PROGRAM.is_file():
        message = f"expected the renderer at {PROGRAM.name}, got none: run `make setup`, or take the phrase as MIDI"
        raise AudioRefused("no_sound", message)
    try:
        return subprocess.Popen(  # noqa: S603  # our own program, and arguments without anything of a user's
            [node, str(PROGRAM), str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise AudioRefused("no_sound", f"expected Node to start, got {error.strerror}: look at {node}") from None


def _write_frame(process: subprocess.Popen[bytes], head: dict[str, object], payload: bytes) -> None:
    text = json.dumps({**head, "bytes": len(payload)}).encode()
    assert process.stdin is not None
    process.stdin.write(struct.pack("<I", len(text)) + text + payload)
    process.stdin.flush()


def _read_samples(process: subprocess.Popen[bytes]) -> NDArray[np.float32]:
    """All chunks of an answer as one array, shape (n, 2). Raises RendererDied, and AudioRefused for an error told."""
    received = bytearray()  # grows in place: ten minutes are 200 MB, of which one copy is enough
    while True:
        (length,) = struct.unpack("<I", _read(process, 4))
        head = json.loads(_read(process, length))
        if "error" in head:
            raise AudioRefused("no_sound", f"expected sound, got: {head['error']}. Is the SoundFont whole?")
        if "end" in head:
            return np.frombuffer(received, dtype="<f4").reshape(-1, 2)
        received += _read(process, head["bytes"])


def _read(process: subprocess.Popen[bytes], count: int) -> bytes:
    assert process.stdout is not None
    data = process.stdout.read(count)
    if len(data) < count:
        raise RendererDied
    return data
