"""How far a training has come, in plain numbers that a training state keeps. Knows no TensorFlow."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from generation.progress import Progress

COUNTS = ("first_epoch", "epoch", "steps", "step", "since_better")


class CourseRefused(ValueError):
    """Data that is no training's course; the message says what is wrong."""

    code = "course_refused"


@dataclass
class Course:
    """How far a training has come; another process can go on from here."""

    first_epoch: int = 0  # where it began: after those of a checkpoint
    epoch: int = 0  # completed
    steps: int = 0  # in all
    step: int = 0  # of the epoch under way
    loss_sum: float = 0.0  # over those
    best_loss: float | None = None
    since_better: int = 0  # epochs
    seconds: float = 0.0  # spent by earlier processes
    history: list[Progress] = field(default_factory=list)  # one an epoch

    def to_json(self) -> dict[str, Any]:
        """Plain numbers; `from_json` gives an equal course."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> "Course":
        """The course that `to_json` wrote. Raises CourseRefused."""
        _check_names(data, cls)
        if any(type(data[name]) is not int or data[name] < 0 for name in COUNTS):
            raise CourseRefused(f"expected whole numbers for {', '.join(COUNTS)}; upload it again")
        _check_numbers(data, ("loss_sum", "seconds"))
        _check_numbers(data, ("best_loss",), is_optional=True)
        if not isinstance(data["history"], list):
            raise CourseRefused(f"expected a list for history, got {data['history']!r:.40}; upload it again")
        return cls(**{**data, "history": [_progress(row) for row in data["history"]]})


def _progress(row: Any) -> Progress:
    _check_names(row, Progress)
    _check_numbers(row, ("epoch", "epochs", "seconds_elapsed", "fraction"))
    _check_numbers(row, ("loss", "held_out_loss", "seconds_left", "terms_per_second"), is_optional=True)
    return Progress(**row)


def _check_names(data: Any, kind: type[Any]) -> None:
    names = sorted(one.name for one in fields(kind))
    if not isinstance(data, dict) or sorted(data) != names:
        raise CourseRefused(f"expected an object with {', '.join(names)}, got {data!r:.40}; upload it again")


def _check_numbers(data: dict[str, Any], names: Iterable[str], *, is_optional: bool = False) -> None:
    for name in names:
        value = data[name]
        if not (value is None and is_optional) and not (type(value) in (int, float) and math.isfinite(value)):
            raise CourseRefused(f"expected a number for {name}, got {value!r:.40}; upload it again")
