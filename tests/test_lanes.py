"""Lanes of commands: side by side, told in one piece, and no failure overlooked."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lanes import read

ROOT = Path(__file__).resolve().parents[1]


def lanes(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.lanes", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def test_lanes_run_side_by_side_and_a_lane_in_order(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"  # each lane waits for the other one
    done = lanes(
        f"meet=touch '{here}'; until [ -e '{there}' ]; do sleep 0.05; done; echo met",
        "part=echo parted",
        "--",
        f"other=until [ -e '{here}' ]; do sleep 0.05; done; touch '{there}'",
    )
    assert done.stdout.index("met\n") < done.stdout.index("parted\n")
    assert done.returncode == 0


def test_what_fails_is_named_fails_the_whole_and_holds_up_nothing() -> None:
    done = lanes("good=true", "--", "bad=echo so it went >&2; exit 3", "after=echo still here")
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines() if line.endswith("failed")] == ["bad"]
    assert "so it went\n" in done.stdout
    assert "still here\n" in done.stdout


def test_the_second_lane_is_told_in_one_piece() -> None:
    done = lanes("first=for n in 1 2 3 4; do echo first; sleep 0.1; done", "--", "second=echo a; sleep 0.2; echo b")
    assert "a\nb\n" in done.stdout


def test_a_word_that_names_no_command_is_told() -> None:
    with pytest.raises(ValueError, match="'lint' should be NAME=COMMAND"):
        read(["lint"])
