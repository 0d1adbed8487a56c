"""What both parsers give: the lines of a file, its marks, and how it counts; times still in ticks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.integer[Any]]

LONGEST_NAME = 100
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]+")
DEFAULT_BEND_RANGE_CENTS = 200.0
BEND_STEPS = 8192
BEND_RANGE_PARAMETER = {100: 0, 101: 0}
RANGE_CONTROLLERS = (6, 101, 100)
Controls = Mapping[str, NDArray[Any]]  # columns "time" in ticks, "number" and "value", in the file's order
Bends = tuple[Ticks, NDArray[np.float64]]  # when, and how many cents
NO_BENDS: Bends = (np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True)
class Line:
    """What one channel of one track plays with one program; arrays of shape (n,), notes in any order."""

    name: str
    program: int
    is_drum: bool
    onsets: Ticks
    ends: Ticks
    pitches: NDArray[np.integer[Any]]
    velocities: NDArray[np.integer[Any]]
    bends: Bends = NO_BENDS

    def with_ends(self, ends: Ticks) -> "Line":
        """The same notes, ending at other ticks."""
        return replace(self, ends=ends)

    def chosen(self, notes: NDArray[Any]) -> "Line":
        """The same line with only some of its notes, by index or by truth."""
        return replace(
            self,
            onsets=self.onsets[notes],
            ends=self.ends[notes],
            pitches=self.pitches[notes],
            velocities=self.velocities[notes],
        )


@dataclass(frozen=True)
class Parsed:
    """A file's lines that have notes, in order, and its marks, each with its tick."""

    ticks_per_quarter: int
    lines: tuple[Line, ...]
    tempos: tuple[Ticks, NDArray[np.int64]]  # when, and how many microseconds a quarter lasts
    meters: tuple[tuple[int, int, int], ...]  # tick, numerator, denominator
    keys: tuple[tuple[int, int, int], ...]  # tick, fifths, 1 for minor

    @cached_property
    def onsets(self) -> NDArray[np.int64]:
        """When the notes of all lines begin, line by line, shape (n,); there must be a line."""
        return np.concatenate([line.onsets for line in self.lines], dtype=np.int64)

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """When the notes of all lines end, line by line, shape (n,); there must be a line."""
        return np.concatenate([line.ends for line in self.lines], dtype=np.int64)

    @property
    def n_notes(self) -> int:
        """How many notes all lines have together."""
        return sum(len(line.onsets) for line in self.lines)

    @property
    def n_marks(self) -> int:
        """How many tempo, meter and key marks and bends there are."""
        n_bends = sum(len(line.bends[0]) for line in self.lines)
        return len(self.tempos[0]) + len(self.meters) + len(self.keys) + n_bends


def clean_name(name: str) -> str:
    """A track's name without control characters, of bounded length."""
    return CONTROL_CHARACTERS.sub(" ", name[: 4 * LONGEST_NAME]).strip()[:LONGEST_NAME]


def groups_of(numbers: NDArray[np.int64]) -> dict[int, NDArray[np.intp]]:
    """Where each number stands, ascending by number: {number: indices}."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    firsts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(numbers) else order
    return dict(zip(ordered[firsts].tolist(), np.split(order, firsts[1:]), strict=False))


def joined_controls(parts: Sequence[Controls]) -> Controls | None:
    """Several lines' controllers as one channel has them, in order of time as each part is; None of nothing."""
    if len(parts) < 2:
        return parts[0] if parts else None
    joined = {name: np.concatenate([part[name] for part in parts]) for name in ("time", "number", "value")}
    order = np.argsort(joined["time"], kind="stable")
    return {name: column[order] for name, column in joined.items()}


def cents_of(ticks: Ticks, values: NDArray[Any], controls: Controls | None) -> NDArray[np.float64]:
    """Bend values of -8192 to 8191 in cents, shape (n,), to a tenth, by the controllers of their channel.

    The wheel reaches two semitones until registered parameter 0 sets another range (MIDI 1.0, RPN 0).
    """
    if not values.any():
        return np.zeros(len(values))
    since, ranges = [-1], [DEFAULT_BEND_RANGE_CENTS]
    for tick, cents in _bend_ranges(controls) if controls is not None else ():
        since.append(tick)
        ranges.append(cents)
    in_force = np.array(ranges)[np.searchsorted(since, ticks, side="right") - 1]
    cents_away: NDArray[np.float64] = np.round(values * (in_force / BEND_STEPS), 1)
    return cents_away


def _bend_ranges(controls: Controls) -> Iterator[tuple[int, float]]:
    """Each change of the bend range: its tick, and the range in cents."""
    numbers = controls["number"]
    relevant = ((numbers >= 98) & (numbers <= 101)) | (numbers == 6) | (numbers == 38)
    chosen = {100: 127, 101: 127}
    cents = DEFAULT_BEND_RANGE_CENTS
    rows = (controls[name][relevant].tolist() for name in ("time", "number", "value"))
    for tick, number, value in zip(*rows, strict=True):
        if number >= 100:
            chosen[number] = value
        elif number >= 98:
            chosen = {100: 127, 101: 127}  # a parameter of the maker's own is set from here on
        elif chosen == BEND_RANGE_PARAMETER:
            cents = 100.0 * value if number == 6 else cents // 100 * 100 + value
            yield tick, cents
