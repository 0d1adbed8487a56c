"""What is bred at a terminal: the study's bits, or phrases on the bar grid, behind one shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from evolution.classic import ClassicRun, score
from generation.score.notes import Score


class Run(Protocol):
    """A population that one person rates. A value: telling and breeding give another."""

    @property
    def generation(self) -> int: ...

    @property
    def asked(self) -> Sequence[int]: ...

    @property
    def best_rating(self) -> float: ...

    def scores(self) -> list[Score]: ...

    def tell(self, place: int, rating: float) -> "Run": ...

    def untell(self, place: int) -> "Run": ...

    def breed(self) -> "Run": ...

    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class BitsRun:
    """The study's loop."""

    run: ClassicRun

    @property
    def generation(self) -> int:
        """Counted from 0."""
        return self.run.generation

    @property
    def asked(self) -> Sequence[int]:
        """Places still to be rated."""
        return self.run.asked

    @property
    def best_rating(self) -> float:
        """The highest rating of the generation."""
        return float(np.nanmax(self.run.ratings))

    def scores(self) -> list[Score]:
        """All phrases, in order."""
        return [score(bits, self.run.frame, self.run.settings) for bits in self.run.bits]

    def tell(self, place: int, rating: float) -> "BitsRun":
        """With one more rating."""
        return BitsRun(self.run.tell({place: rating}))

    def untell(self, place: int) -> "BitsRun":
        """With one rating less."""
        return BitsRun(self.run.untell(place))

    def breed(self) -> "BitsRun":
        """The next generation; whether there is to be one is for the session to say."""
        return BitsRun(self.run.breed())

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"genome": "bits", "content": self.run.to_json()}


def run_from_json(data: Mapping[str, Any]) -> Run:
    """The run that `to_json` wrote. Raises ClassicError or BreedingError."""
    if data["genome"] == "bits":
        return BitsRun(ClassicRun.from_json(data["content"]))
    from evolution.terminal.grid import grid_run_from_json

    return grid_run_from_json(data)
