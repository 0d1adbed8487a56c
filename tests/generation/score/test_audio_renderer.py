"""The renderer process: started when wanted, again when it died, given up in time, gone with its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from generation.score import audio_renderer
from generation.score.audio import AudioRefused, Messages, Renderer, render
from generation.score.soundfont import SOUNDFONT
from tests.generation.score.sound import RATE_HZ, level_db, one_note

PARENT = """
import sys, time
from generation.score.audio import Renderer, render
from tests.generation.score.sound import one_note
renderer = Renderer()
render(one_note(), renderer=renderer)
print(renderer.pid, flush=True)
time.sleep(60)
"""

FORKED = """
import os
import numpy as np
from generation.score.audio import Renderer, render
from tests.generation.score.sound import one_note
renderer = Renderer()
first, pid = render(one_note(), renderer=renderer).samples, renderer.pid
child = os.fork()
is_same = np.array_equal(render(one_note(), renderer=renderer).samples, first)
if child == 0:
    print(is_same, renderer.pid != pid, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(is_same and renderer.pid == pid)
"""


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()


def is_gone(pid: int, *, within_seconds: float) -> bool:
    """Whether no such process runs any more; one that nobody has asked about counts as gone."""
    end = time.monotonic() + within_seconds
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_one_process_renders_again_and_again(renderer: Renderer) -> None:
    assert renderer.pid is None
    first = render(one_note(), renderer=renderer)
    pid = renderer.pid
    assert np.array_equal(render(one_note(), renderer=renderer).samples, first.samples)
    assert renderer.pid == pid is not None


def test_a_process_that_died_is_started_again(renderer: Renderer) -> None:
    first = render(one_note(), renderer=renderer)
    pid = renderer.pid or 0
    os.kill(pid, signal.SIGKILL)
    assert np.array_equal(render(one_note(), renderer=renderer).samples, first.samples)
    assert renderer.pid != pid
    assert is_gone(pid, within_seconds=1)


def test_a_process_that_dies_in_the_midst_is_started_once_more(renderer: Renderer) -> None:
    render(one_note(), renderer=renderer)
    pid = renderer.pid or 0
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    assert render(one_note(), renderer=renderer).duration_seconds > 1


def test_a_render_that_takes_too_long_is_given_up_and_the_next_one_is_made(renderer: Renderer) -> None:
    render(one_note(), renderer=renderer)
    os.kill(renderer.pid or 0, signal.SIGSTOP)
    renderer.timeout_seconds = 0.3
    began = time.monotonic()
    with pytest.raises(AudioRefused, match=r"expected sound within 0\.3 seconds") as refused:
        render(one_note(), renderer=renderer)
    assert (refused.value.code, time.monotonic() - began < 2) == ("too_slow", True)
    renderer.timeout_seconds = 30
    assert render(one_note(), renderer=renderer).duration_seconds > 1


def test_threads_each_get_their_own_sound(renderer: Renderer) -> None:
    alone = {pitch: render(one_note(pitch), renderer=renderer).samples for pitch in (48, 60, 72)}
    found: dict[int, object] = {}
    threads = [
        threading.Thread(target=lambda p=pitch: found.update({p: render(one_note(p), renderer=renderer).samples}))
        for pitch in alone
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert all(np.array_equal(found[pitch], alone[pitch]) for pitch in alone)  # type: ignore[arg-type]


def test_the_process_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert not is_gone(pid, within_seconds=0.1)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert is_gone(pid, within_seconds=5)


def test_a_process_forked_from_another_starts_its_own() -> None:
    answer = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.split() == ["True", "True", "True"]


def test_sound_that_never_ends_is_faded_out(renderer: Renderer) -> None:
    held = Messages.of([(0.0, bytes([0xC0, 48])), (0.0, bytes([0x90, 60, 100]))])
    samples = renderer.render(held, soundfont=SOUNDFONT, sample_rate=RATE_HZ)
    assert len(samples) == 12 * RATE_HZ
    assert level_db(samples[10 * RATE_HZ : 11 * RATE_HZ]) > -50
    assert level_db(samples[-RATE_HZ // 100 :]) < -60


def test_without_node_the_refusal_says_what_to_install(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AudioRefused, match=r"^expected Node 20 or newer [^\n]+ got none: install it[^\n]+$") as refused:
        render(one_note(), renderer=renderer)
    assert refused.value.code == "no_sound"


def test_without_the_built_program_the_refusal_says_how_to_build_it(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(audio_renderer, "PROGRAM", tmp_path / "renderer.mjs")
    with pytest.raises(AudioRefused, match="run `make setup`"):
        render(one_note(), renderer=renderer)
