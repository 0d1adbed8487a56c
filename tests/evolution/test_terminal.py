"""The program at a terminal, as a person runs it: in a process of its own, with piped answers."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generation.score.midi import read

ROOT = Path(__file__).parents[2]
SMALL = [
    "--num-bars",
    "1",
    "--num-notes",
    "4",
    "--num-steps",
    "1",
    "--pauses",
    "true",
    "--key",
    "C",
    "--scale",
    "major",
]
SMALL += ["--root", "4", "--population-size", "4", "--num-mutations", "2", "--mutation-probability", "0.5"]
QUIET = ["--seed", "7", "--no-play"]


def evolve(arguments: list[str], answers: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evolution", *arguments]
    return subprocess.run(command, cwd=ROOT, input=answers, capture_output=True, text=True, timeout=60, check=False)


def music_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.mid"))}


def test_the_studys_questions_are_asked_and_all_phrases_kept(tmp_path: Path) -> None:
    done = evolve([*QUIET, "--out", str(tmp_path), "--generation-limit", "1"], "1\n\n\n\n\n\n\n3\n\n\n1\n5\n2\n")
    assert done.returncode == 0, done.stderr
    for prompt in ("Number of bars:", "Notes per bar:", "Number of steps:", "Introduce Pauses?", "Key:", "Scale:",
                   "Scale Root:", "Population size:", "Number of mutations:", "Mutations probability:"):  # fmt: skip
        assert prompt in done.stdout
    assert done.stdout.count("Rating (0-5)") == 3
    assert "the best rated 5" in done.stdout
    assert len(music_of(tmp_path)) == 3


@pytest.mark.parametrize("genome", ["bits", "grid"])
def test_a_run_stopped_anywhere_and_taken_up_goes_on_as_if_it_had_not_been(tmp_path: Path, genome: str) -> None:
    more = [*SMALL, *QUIET, "--genome", genome, "--generation-limit", "2"]
    whole = evolve([*more, "--out", str(tmp_path / "whole")], "1\n5\n2\n3\n4\n0\n")
    assert whole.returncode == 0, whole.stderr
    stops = {"later": "1\n5\n2\n3\n4\n"} | ({"early": "1\n"} if genome == "bits" else {})
    for folder, first in stops.items():
        path = tmp_path / folder
        stopped = evolve([*more, "--out", str(path)], first + "q\n")
        assert "--resume" in stopped.stdout
        rest = "1\n5\n2\n3\n4\n0\n"[len(first) :]
        resumed = evolve(["--resume", str(path), "--no-play"], rest)
        assert resumed.returncode == 0, resumed.stderr
        assert music_of(path) == music_of(tmp_path / "whole")
    assert len({name.split("/")[0] for name in music_of(tmp_path / "whole")}) == 2


def test_a_killed_run_has_kept_every_answer(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "evolution", *SMALL, *QUIET, "--out", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stdin is not None
    process.stdin.write("3\n4\n")
    process.stdin.flush()
    until = time.monotonic() + 30
    while time.monotonic() < until and told_in(tmp_path) != [0, 1]:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    assert told_in(tmp_path) == [0, 1]
    resumed = evolve(["--resume", str(tmp_path), "--no-play"], "q\n")
    assert "phrase 3 of 4" in resumed.stdout


def told_in(folder: Path) -> list[int]:
    path = folder / "run.json"
    return list(json.loads(path.read_bytes())["told"]) if path.exists() else []


def test_an_answer_is_taken_back_and_nonsense_is_asked_again(tmp_path: Path) -> None:
    done = evolve([*SMALL, *QUIET, "--out", str(tmp_path)], "1\nlovely\n9\nr\n5\nb\n2\nq\n")
    assert done.stdout.count("Please answer with 0 to 5") == 2
    ratings = json.loads((tmp_path / "run.json").read_bytes())["run"]["content"]["ratings"]
    assert ratings == [1.0, 2.0, None, None]


def test_the_faithful_loop_counts_nonsense_as_0_and_asks_elites_again(tmp_path: Path) -> None:
    more = [*SMALL, *QUIET, "--faithful", "--generation-limit", "2", "--out", str(tmp_path)]
    done = evolve(more, "lovely\n" + "3\n" * 7)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Rating (0-5)") == 8


def test_a_phrase_that_reaches_the_limit_ends_the_run(tmp_path: Path) -> None:
    done = evolve([*SMALL, *QUIET, "--fitness-limit", "5", "--out", str(tmp_path)], "1\n5\n2\n3\n")
    assert done.returncode == 0
    assert "reached the rating 5" in done.stdout


def test_a_run_begins_from_the_phrases_of_another(tmp_path: Path) -> None:
    evolve([*SMALL, *QUIET, "--out", str(tmp_path / "first")], "q\n")
    more = ["--genome", "grid", "--phrases", str(tmp_path / "first"), "--out", str(tmp_path / "second")]
    done = evolve([*SMALL, *QUIET, *more], "q\n")
    assert done.returncode == 0, done.stderr
    assert all(len(read(data).notes) for data in music_of(tmp_path / "second").values())


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--resume", "nowhere"], "There is no run in nowhere"),
        ([*SMALL, "--root", "9"], "root_octave"),
        ([*SMALL, "--genome", "grid", "--faithful"], "--faithful"),
        ([*SMALL, "--phrases", "x.mid"], "--genome grid"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: list[str], reason: str, tmp_path: Path) -> None:
    done = evolve([*arguments, *QUIET, "--out", str(tmp_path / "new")], "")
    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
