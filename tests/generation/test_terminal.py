import contextlib
import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from generation.checkpoint import load, save
from generation.progress import Progress
from generation.score.expression import HUMAN, Mood, Performance, timing_deviations_of
from generation.score.midi import read, write
from generation.score.scales import SCALES
from generation.terminal.command import main
from generation.terminal.playing import rendition
from generation.terminal.train import describe, duration
from tests.generation.networks import untrained
from tests.generation.pieces import melody

ROOT = Path(__file__).parents[2]
SMALL = ["lstm_units=8", "lstm_layers=1", "dense_units=8", "embedding_units=4", "window=8", "batch_size=8"]
SET = [word for change in SMALL for word in ("--set", change)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of six tunes, one of them in a folder below, and a file that is no MIDI."""
    made = tmp_path_factory.mktemp("tunes")
    (made / "more").mkdir()
    for seed in range(6):
        path = made / ("more" if seed == 5 else "") / f"tune{seed}.mid"
        path.write_bytes(write(melody(60, seed=seed)))
    (made / "broken.mid").write_bytes(b"MThd, but no more")
    return made


@dataclass(frozen=True)
class Run:
    """A training run that Ctrl-C stopped and that was then resumed to its end, and what it said."""

    checkpoint: Path
    said_stopped: str
    said_resumed: str
    stopped_at: int  # epoch of the checkpoint, when it was stopped
    left_when_stopped: set[str]  # names of files


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Training that is stopped at its first checkpoint and resumed for three epochs more."""
    out = tmp_path_factory.mktemp("checkpoints") / "new" / "small.antiphon"
    command = ["train", str(folder), *SET, "--seed", "5", "--out", str(out)]

    def press() -> None:
        while not out.exists():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    code, stopped = said_by([*command, "--epochs", "100000", "--max-seconds", "60"])
    assert code == 130
    left = {path.name for path in out.parent.iterdir()}
    epoch = load(out.read_bytes()).facts["epoch"]
    code, resumed = said_by([*command, "--resume", "--epochs", str(epoch + 3), "--max-seconds", "0"])
    assert code == 0
    return Run(out, stopped, resumed, epoch, left)


@pytest.fixture(scope="module")
def checkpoint(run: Run) -> Path:
    """The checkpoint alone."""
    return run.checkpoint


def said_by(arguments: list[str]) -> tuple[int, str]:
    """A command's exit code, and what it said."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = main(arguments)
    return code, said.getvalue()


def test_training_leaves_a_checkpoint_and_says_what_became_of_it(run: Run) -> None:
    facts = load(run.checkpoint.read_bytes()).facts
    assert (facts["seed"], facts["n_scores"] + facts["n_held_out"]) == (5, 6)
    assert "6 pieces" in run.said_resumed
    assert "broken.mid: expected" in run.said_resumed
    assert "all epochs are done" in run.said_resumed
    assert [path.name for path in run.checkpoint.parent.iterdir()] == ["small.antiphon"]


def test_ctrl_c_keeps_a_checkpoint_and_a_state_to_go_on_from(run: Run) -> None:
    assert run.left_when_stopped == {"small.antiphon", "small.antiphon.state"}
    assert "it was stopped" in run.said_stopped
    assert "--resume" in run.said_stopped
    resumed = load(run.checkpoint.read_bytes())
    assert run.stopped_at <= resumed.facts["epoch"] <= run.stopped_at + 3
    assert resumed.config.lstm_units == 8


def test_samples_are_as_asked_for_and_played_as_people_do(checkpoint: Path, folder: Path, tmp_path: Path) -> None:
    where = ["--key", "D", "--scale", "dorian", "--tempo", "96", "--program", "24", "--out", str(tmp_path)]
    ask = ["--count", "2", "--length", "80", "--seed", "3", "--prime", f"{folder / 'tune0.mid'}:1-2", "--bars", "1-6"]
    assert main(["sample", str(checkpoint), *where, *ask, "--format", "midi,musicxml"]) == 0
    names = [f"small-seed3-{number}{suffix}" for number in (1, 2) for suffix in (".mid", ".musicxml")]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for path in tmp_path.glob("*.mid"):
        score = read(path.read_bytes())
        assert {int(pitch - 2) % 12 for pitch in score.notes["pitch"]} <= set(SCALES["dorian"])
        assert score.parts[0].program == 24
        assert score.end_quarters <= 24.5
        assert np.median([tempo.tempo_bpm for tempo in score.tempos]) == pytest.approx(96, rel=0.1)
        assert 5 <= timing_deviations_of(score).std() <= 25
    assert b"<score-partwise" in (tmp_path / names[1]).read_bytes()


def test_a_rendition_is_the_same_for_the_same_seed_and_plain_where_asked() -> None:
    tune = melody(80)
    first, again, other = (rendition(tune, HUMAN, None, seed=seed, key=None, scale=None) for seed in (1, 1, 2))
    assert first.played == again.played != other.played
    assert first.written == tune
    assert rendition(tune, Performance(), None, seed=1, key=None, scale=None).played == tune


def test_a_mood_changes_tempo_loudness_and_mode_of_what_is_written_and_played() -> None:
    tune = melody(80)
    glad, sad = (
        rendition(tune, Performance(), mood, seed=1, key="C", scale="major") for mood in (Mood(0.2, 1), Mood(-0.8, -1))
    )
    assert glad.played.tempos[0].tempo_bpm > 1.2 * sad.played.tempos[0].tempo_bpm
    assert glad.played.notes["velocity"].mean() > sad.played.notes["velocity"].mean() + 15
    assert 3 in sad.written.notes["pitch"] % 12
    assert 3 not in glad.written.notes["pitch"] % 12


def test_a_bar_is_written_anew_and_the_others_stay(folder: Path, tmp_path: Path) -> None:
    bars = tmp_path / "bars.antiphon"
    network = untrained("bars")
    progress = Progress(0, 1, None, None, 0.0, None, 0.0)
    bars.write_bytes(save(network.model, network.config, network.codec, progress=progress))
    tune, out = folder / "tune0.mid", tmp_path / "new.mid"
    assert main(["rewrite", str(bars), str(tune), "--bar", "3", "--out", str(out)]) == 0
    before, after = (read(path.read_bytes()).notes for path in (tune, out))

    def outside(notes: np.ndarray) -> list[tuple[float, int]]:
        kept = (notes["onset_quarters"] < 7.9) | (notes["onset_quarters"] >= 12)
        return [(round(float(row["onset_quarters"]), 2), int(row["pitch"])) for row in notes[kept]]

    assert outside(before) == outside(after)


def test_a_report_is_a_page_and_numbers(checkpoint: Path, folder: Path, tmp_path: Path) -> None:
    ask = ["--samples", "2", "--length", "40", "--out", str(tmp_path)]
    assert main(["report", str(checkpoint), "--data", str(folder), *ask]) == 0
    assert isinstance(json.loads((tmp_path / "small-report.json").read_text()), dict)
    assert "<html" in (tmp_path / "small-report.html").read_text()[:500].lower()


def test_a_midi_file_is_rendered_with_loops_and_a_beat(folder: Path, tmp_path: Path) -> None:
    ask = ["--bars", "1-1", "--loops", "2", "--format", "wav,ogg", "--out", str(tmp_path)]
    assert main(["render", str(folder / "tune0.mid"), *ask]) == 0
    wav = (tmp_path / "tune0.wav").read_bytes()
    assert wav[:4] == b"RIFF"
    assert len(wav) / (44_100 * 4) > 4  # two bars at 120, and what rings on
    assert (tmp_path / "tune0.ogg").read_bytes()[:4] == b"OggS"


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says when it refuses: never a stack trace."""
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return said.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["train", "nowhere"], "There is no folder nowhere: check the path."),
        (["train", "empty"], "empty is empty: put some MIDI files there"),
        (["train", "words"], "words has no MIDI file (.mid) in it"),
        (["train", "words/a.txt"], "words/a.txt is a file; expected a folder"),
        (["train", "broken"], "None of the 2 files in broken can be read:"),
        (["train", "short", *SET], "Expected "),
        (["train", "short", "--set", "colour=3"], "--set: expected NAME=VALUE with a name of batch_size"),
        (["train", "short", "--set", "lstm_units=many"], "--set lstm_units: expected a whole number, got 'many'"),
        (["train", "short", "--epochs", "0"], "epochs should be at least 1"),
        (["train", "short", "--resume"], "There is nothing to resume"),
        (["sample", "nothing.antiphon"], "There is no checkpoint nothing.antiphon"),
        (["sample", "words/a.txt"], "words/a.txt is no checkpoint that can be read: "),
        (["sample", "words/a.txt", "--temperature", "-1"], "Temperature: expected 0 to 10"),
        (["sample", "words/a.txt", "--mood", "glad"], "--mood: expected valence,arousal"),
        (["sample", "words/a.txt", "--mood", "3,0"], "Valence: expected a number from -1 to 1"),
        (["sample", "words/a.txt", "--format", "mp3"], "--format: expected some of midi,musicxml,wav,ogg; got 'mp3'"),
        (["sample", "words/a.txt", "--bars", "0-4"], "Expected bars as 5-8"),
        (["sample", "words/a.txt", "--prime", "nothing.mid:1-2"], "There is no MIDI file nothing.mid"),
        (["sample", "words/a.txt", "--play", "reverb=1"], "--play: expected NAME=VALUE with a name of deviation_ms"),
        (["rewrite", "words/a.txt", "short/tune.mid", "--bar", "0"], "--bar: expected a bar from 1 on"),
        (
            ["rewrite", "words/a.txt", "short/tune.mid", "--bar", "2"],
            "Expected bars from 1 to 1, for there are no more",
        ),
        (["render", "short/tune.mid", "--bars", "3-4"], "Expected bars from 1 to 1, for there are no more; got 3-4"),
        (["report", "words/a.txt", "--data", "empty"], "empty is empty"),
        (["render", "broken/one.mid"], "broken/one.mid can't be read: expected"),
        (["render", "short/tune.mid", "--format", "midi"], "--format: expected wav, ogg or wav,ogg"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line_that_says_why(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "words", "broken", "short"):
        Path(name).mkdir()
    Path("words/a.txt").write_text("no music")
    for name in ("one", "two"):
        Path(f"broken/{name}.mid").write_bytes(b"MThd")
    Path("short/tune.mid").write_bytes(write(melody(3)))
    assert reason in refusal(arguments, capsys)


def test_all_reasons_are_listed_when_no_file_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.mid").write_bytes(b"MThd")
    said = refusal(["train", str(tmp_path)], capsys)
    assert "one.mid: expected" in said
    assert "two.mid: expected" in said


def test_nothing_is_overwritten_unless_asked(
    checkpoint: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = [tmp_path / name for name in ("small-seed1-1.mid", "small-report.html", "tune0.ogg", "net.antiphon")]
    for path in there:
        path.write_bytes(b"old")
    out = ["--out", str(tmp_path)]
    for command in (
        ["sample", str(checkpoint), *out],
        ["report", str(checkpoint), "--data", str(folder), *out],
        ["render", str(folder / "tune0.mid"), "--format", "wav,ogg", *out],
        ["train", str(folder), "--out", str(there[-1])],
        ["rewrite", str(checkpoint), str(folder / "tune0.mid"), "--bar", "1", "--out", str(there[0])],
    ):
        assert "exists already: add --force" in refusal(command, capsys)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"old"}


def test_a_full_disk_is_said_and_leaves_what_was_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "tune0.ogg"
    old.write_bytes(b"old")

    def full(path: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", full)
    ask = ["render", str(folder / "tune0.mid"), "--bars", "1-1", "--format", "ogg", "--out", str(tmp_path), "--force"]
    assert "No space left on the disk" in refusal(ask, capsys)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(old.name, b"old")]


def test_a_fault_of_ours_is_told_in_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> int:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("generation.terminal.presets.run", fail)
    assert "ZeroDivisionError: by nought. See where with --debug." in refusal(["presets"], capsys)
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "presets"])


def test_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    said = capsys.readouterr().out
    assert "quick: expressive codec, 2 x LSTM 160" in said
    assert "paper: classic codec, 3 x LSTM 512" in said


def test_as_a_process_it_starts_without_tensorflow_and_ends_with_its_code(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "generation", "train", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 1
    assert "is empty" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "tensorflow" not in ended.stderr
    assert (
        subprocess.run([*command[:1], "-m", "generation"], capture_output=True, cwd=ROOT, check=False).returncode == 2
    )


def test_progress_is_told_in_words_and_figures() -> None:
    told = describe(Progress(3, 9, 2.5, 2.75, 10.0, 65.4, 0.3, terms_per_second=12345.6))
    assert told == "loss 2.500, held out 2.750, 12,346 terms/s, 1:05 left"
    assert describe(Progress(0, 9, None, None, 0.0, None, 0.0)) == ""
    assert duration(3725) == "1:02:05"
