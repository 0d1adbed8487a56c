"""The fitness benchmark in its small form, and the command that prints benchmarks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import fitness
from tests.benchmarks.result import Result

ROOT = Path(__file__).parents[2]


def test_the_command_measures_both_sides_on_the_same_ratings_and_ends_with_one_json_object(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["fitness", "--small", "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("fitness")
    last = json.loads(lines[-1])
    assert set(last) == {"name", "ratio", "target", "ours", "peer", "unit", "detail"}
    assert last["ratio"] == pytest.approx(last["peer"] / last["ours"])
    assert last["detail"]["spearman_ours"] > 0.5
    assert last["detail"]["spearman_peer"] > 0.4
    assert last["detail"]["large_ratings"] == 10_000


def test_the_package_runs_as_a_command_and_refuses_an_unknown_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "speed"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert (
        "expected names among parse, train, train-gpu, sample, sample-many, render, breed, fitness, crowd, rooms, "
        "advance; got speed" in done.stderr
    )


def test_a_missed_target_is_shown_and_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = Result(name="fitness", ratio=1.0, target=5.0, ours=1.0, peer=1.0, unit="s")
    monkeypatch.setattr(fitness, "run", lambda *, small: missed)
    assert command.main(["fitness"]) == 0
    assert "missed" in capsys.readouterr().out


def test_a_crash_is_shown_as_an_error_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*, small: bool) -> Result:
        raise RuntimeError(f"no peer, small={small}")

    monkeypatch.setattr(fitness, "run", crash)
    assert command.main(["fitness", "--json"]) == 1
    out = capsys.readouterr().out
    assert "error: RuntimeError: no peer" in out
    assert json.loads(out.splitlines()[-1])["name"] == "fitness"
