"""What both parsers give: the lines of a file, its marks, and how it counts; times still in ticks."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.notes import Part

Ticks = NDArray[np.integer[Any]]
Bends = tuple[Ticks, NDArray[np.float64]]  # when, and how many cents

LONGEST_NAME = 100
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]+")


@dataclass(frozen=True)
class Lines:
    """What each channel of each track plays with one program, as far as it has notes.

    All lines share their columns, line by line: n notes in any order, and m bends in order of time.
    """

    parts: tuple[Part, ...]
    n_notes: list[int]  # of each line
    onsets: NDArray[np.int64]  # shape (n,)
    ends: NDArray[np.int64]
    pitches: NDArray[np.integer[Any]]
    velocities: NDArray[np.integer[Any]]
    n_bends: list[int]  # of each line
    bends: Bends  # shape (m,) each


NO_TICKS = np.zeros(0, dtype=np.int64)
NO_BENDS: Bends = (NO_TICKS, np.zeros(0))
NO_LINES = Lines((), [], NO_TICKS, NO_TICKS, NO_TICKS, NO_TICKS, [], NO_BENDS)


@dataclass(frozen=True)
class Parsed:
    """A file's lines, in order, and its marks, each with its tick."""

    ticks_per_quarter: int
    lines: Lines
    tempos: tuple[Ticks, NDArray[np.integer[Any]]]  # when, and how many microseconds a quarter lasts
    meters: list[tuple[int, int, int]]  # tick, numerator, denominator
    keys: list[tuple[int, int, int]]  # tick, fifths, 1 for minor

    @property
    def n_marks(self) -> int:
        """How many tempo, meter and key marks and bends there are."""
        return len(self.tempos[0]) + len(self.meters) + len(self.keys) + len(self.lines.bends[0])


def clean_name(name: str) -> str:
    """A track's name without control characters, of bounded length."""
    return CONTROL_CHARACTERS.sub(" ", name[: 4 * LONGEST_NAME]).strip()[:LONGEST_NAME]


def groups_of(numbers: NDArray[np.int64]) -> dict[int, NDArray[np.intp]]:
    """Where each number stands, ascending by number: {number: indices}."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    begins = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist()] if len(numbers) else []
    found = zip(ordered[begins].tolist(), begins, [*begins[1:], len(numbers)], strict=False)
    return {number: order[begin:end] for number, begin, end in found}
