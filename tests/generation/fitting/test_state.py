import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from generation import training
from generation.archive import pack
from generation.checkpoint import load
from generation.fitting.state import is_state, read_state
from generation.presets import NetworkConfig
from generation.progress import Progress
from generation.training import StateRefused, TrainingResult, train
from tests.generation.pieces import melody, pieces_of, tiny

PIECES = pieces_of(melody(40, seed=seed) for seed in range(6))
CONFIGS = {
    "quick": tiny("quick", epochs=6, window=4, transpositions=12),
    "bars": tiny("bars", epochs=4, window=4, transpositions=12),
    "paper-bidirectional": tiny("paper-bidirectional", epochs=4, window=3, batch_size=32),
    "paper": tiny("paper", epochs=6, window=5, batch_size=32),
}


class Run:
    """A training with what it handed out; it can be stopped after some steps of an epoch."""

    def __init__(self, config: NetworkConfig, *, stop_at: tuple[int, int] | None = None, **changes: Any) -> None:
        self.states: list[bytes] = []
        self.checkpoints: list[bytes] = []
        self.moments: list[Progress] = []
        self.stop_at = stop_at
        self.steps = 0
        self.result: TrainingResult = train(
            changes.pop("pieces", PIECES),
            config,
            seed=changes.pop("seed", 3),
            on_progress=self.moments.append,
            on_checkpoint=lambda data, progress: self.checkpoints.append(data),
            on_state=lambda data, progress: self.states.append(data),
            should_stop=self.should_stop,
            **changes,
        )

    def should_stop(self) -> bool:
        epoch = self.moments[-1].epoch
        self.steps = self.steps + 1 if self.stop_at and epoch == self.stop_at[0] else 0
        return self.stop_at is not None and epoch >= self.stop_at[0] and self.steps > self.stop_at[1]

    @property
    def losses(self) -> list[tuple[int, float | None, float | None]]:
        return [(row.epoch, row.loss, row.held_out_loss) for row in self.result.history]


@pytest.fixture(autouse=True)
def asked_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports at every step, so that a test can stop at any; a state at every epoch's end."""
    monkeypatch.setattr("generation.fitting.watch.REPORT_SECONDS", 0.0)
    monkeypatch.setattr(training, "STATE_SECONDS", 0.0)


@cache
def straight(name: str) -> Run:
    """A training from its beginning to its end."""
    return Run(CONFIGS[name])


def weights(data: bytes) -> list[Any]:
    return list(load(data).model.get_weights())


def arrays(state: bytes) -> dict[str, bytes]:
    """What the state says of the network and its optimizer, byte for byte."""
    contents = members(state)
    return {name: contents[name] for name in ("variables.npz", "optimizer.npz")}


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", list(CONFIGS))
def test_a_training_stopped_in_the_midst_of_an_epoch_goes_on_bit_for_bit(name: str) -> None:
    stopped = Run(CONFIGS[name], stop_at=(2, 2))
    assert stopped.result.reason == "asked"
    course = read_state(stopped.states[-1], CONFIGS[name]).course
    assert (course.epoch, course.step > 0) == (2, True)
    resumed = Run(CONFIGS[name], resume_from=stopped.states[-1])
    assert arrays(resumed.states[-1]) == arrays(straight(name).states[-1])
    assert resumed.losses == straight(name).losses
    assert len(resumed.losses) == CONFIGS[name].epochs
    assert resumed.result.best.epoch == straight(name).result.best.epoch
    best, expected = weights(resumed.result.checkpoint), weights(straight(name).result.checkpoint)
    assert all(np.array_equal(a, b) for a, b in zip(best, expected, strict=True))


def test_a_killed_training_goes_on_from_its_last_state() -> None:
    # What the process did after this state is lost with it.
    resumed = Run(CONFIGS["paper"], resume_from=straight("paper").states[1])
    assert arrays(resumed.states[-1]) == arrays(straight("paper").states[-1])
    assert resumed.losses == straight("paper").losses


def test_a_training_goes_on_for_more_epochs_than_it_was_begun_for() -> None:
    short = Run(CONFIGS["paper"].with_changes(epochs=4))
    resumed = Run(CONFIGS["paper"], resume_from=short.states[-1])
    assert arrays(resumed.states[-1]) == arrays(straight("paper").states[-1])
    assert resumed.losses == straight("paper").losses


def test_a_finished_training_ends_at_once_with_what_it_had() -> None:
    first = straight("paper")
    again = Run(CONFIGS["paper"], resume_from=first.states[-1])
    assert again.result.checkpoint == first.result.checkpoint
    assert again.losses == first.losses
    assert again.checkpoints == []


def test_states_come_seldom_but_for_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "STATE_SECONDS", 1000.0)
    assert len(Run(CONFIGS["paper"]).states) == 1


def test_a_state_is_told_from_a_checkpoint() -> None:
    assert is_state(straight("paper").states[-1])
    assert not is_state(straight("paper").result.checkpoint)
    assert not is_state(b"nothing")


@pytest.fixture
def state() -> bytes:
    return straight("paper").states[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"config": CONFIGS["paper"].with_changes(lstm_units=4)},
        {"config": CONFIGS["paper"].with_changes(dropout=0.1)},
        {"pieces": PIECES[:5]},
        {"held_out": 0.5},
    ],
)
def test_a_state_of_another_training_is_refused(state: bytes, changes: dict[str, Any]) -> None:
    with pytest.raises(StateRefused, match="go on from its checkpoint"):
        Run(changes.pop("config", CONFIGS["paper"]), resume_from=state, **changes)


def test_a_truncated_state_is_refused_wherever_it_ends(state: bytes) -> None:
    for end in range(0, len(state), len(state) // 17):
        with pytest.raises(StateRefused):
            read_state(state[:end], CONFIGS["paper"])


def _without(name: str) -> Callable[[dict[str, Any]], None]:
    def change(course: dict[str, Any]) -> None:
        del course[name]

    return change


def _with(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(course: dict[str, Any]) -> None:
        course[name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _without("step"),
        _with("step", -1),
        _with("step", 1.5),
        _with("epoch", "2"),
        _with("seconds", None),
        _with("best_loss", "low"),
        _with("history", {}),
        _with("history", [[1, 2]]),
        _with("history", [{"epoch": 1}]),
        _with("surprise", 1),
    ],
)
def test_an_odd_course_is_refused(state: bytes, change: Callable[[dict[str, Any]], None]) -> None:
    contents = members(state)
    facts = json.loads(contents["course.json"])
    change(facts["course"])
    with pytest.raises(StateRefused, match=r"course\.json"):
        read_state(pack({**contents, "course.json": json.dumps(facts).encode()}), CONFIGS["paper"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"seed": 1}', b'{"seed": -1, "corpus": "", "course": {}}'])
def test_odd_facts_are_refused(state: bytes, content: bytes) -> None:
    with pytest.raises(StateRefused):
        read_state(pack({**members(state), "course.json": content}), CONFIGS["paper"])


@pytest.mark.parametrize("name", ["variables.npz", "optimizer.npz", "best.checkpoint"])
def test_damaged_arrays_are_refused(state: bytes, name: str) -> None:
    contents = members(state)
    damaged = bytearray(contents[name])
    damaged[len(damaged) // 2 :] = b""
    with pytest.raises(training.StateRefused if name != "best.checkpoint" else ValueError):
        Run(CONFIGS["paper"], resume_from=pack({**contents, name: bytes(damaged)}))


def test_arrays_of_another_kind_are_refused(state: bytes) -> None:
    contents = members(state)
    values = dict(np.load(io.BytesIO(contents["optimizer.npz"])))
    values["003"] = values["003"].astype(np.float64)
    buffer = io.BytesIO()
    np.savez(buffer, **values)
    with pytest.raises(StateRefused, match="003"):
        Run(CONFIGS["paper"], resume_from=pack({**contents, "optimizer.npz": buffer.getvalue()}))
