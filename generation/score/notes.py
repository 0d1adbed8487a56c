"""The one form of a piece of music that everything here passes along: `Score`, an array of `NOTE` with its context."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

NOTE = np.dtype(
    [
        ("onset_quarters", "<f8"),  # from the start of the piece
        ("duration_quarters", "<f8"),  # > 0
        ("pitch", "<i2"),  # MIDI, 0-127; middle C is 60
        ("velocity", "<i2"),  # MIDI, 1-127
        ("part", "<i2"),  # index into Score.parts
    ]
)
Notes = NDArray[np.void]

DEFAULT_TEMPO_BPM = 120.0


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument's line: a General MIDI program (0-127), drums kept apart."""

    name: str = ""
    program: int = 0
    is_drum: bool = False


@dataclass(frozen=True, slots=True)
class Tempo:
    onset_quarters: float
    tempo_bpm: float  # quarter notes a minute


@dataclass(frozen=True, slots=True)
class Meter:
    onset_quarters: float
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class KeySignature:
    onset_quarters: float
    fifths: int  # -7 (seven flats) to 7 (seven sharps)
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Bend:
    """A pitch bend of one part, in cents away from the written pitch."""

    part: int
    onset_quarters: float
    cents: float


Mark = TypeVar("Mark", Tempo, Bend)


@dataclass(frozen=True)
class Score:
    """A piece of music: notes sorted by onset, then part, then pitch, with tempo, meter, key, parts and bends."""

    notes: Notes
    parts: tuple[Part, ...] = (Part(),)
    tempos: tuple[Tempo, ...] = (Tempo(0.0, DEFAULT_TEMPO_BPM),)
    meters: tuple[Meter, ...] = (Meter(0.0, 4, 4),)
    keys: tuple[KeySignature, ...] = ()
    bends: tuple[Bend, ...] = field(default=())

    @property
    def end_quarters(self) -> float:
        """When the last note stops, in quarters; 0 for an empty score."""
        if len(self.notes) == 0:
            return 0.0
        return float(np.max(self.notes["onset_quarters"] + self.notes["duration_quarters"]))

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers, for JSON columns and the API for workers; `from_json` gives an equal score."""
        return {
            "notes": [list(row) for row in self.notes.tolist()],
            "parts": [[p.name, p.program, p.is_drum] for p in self.parts],
            "tempos": [[t.onset_quarters, t.tempo_bpm] for t in self.tempos],
            "meters": [[m.onset_quarters, m.numerator, m.denominator] for m in self.meters],
            "keys": [[k.onset_quarters, k.fifths, k.is_minor] for k in self.keys],
            "bends": [[b.part, b.onset_quarters, b.cents] for b in self.bends],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Score":
        """The score that `to_json` wrote. Raises KeyError, TypeError or ValueError where it is not one."""
        return cls(
            notes=sort_notes(tuple(row) for row in data["notes"]),
            parts=tuple(Part(*row) for row in data["parts"]),
            tempos=tuple(Tempo(*row) for row in data["tempos"]),
            meters=tuple(Meter(*row) for row in data["meters"]),
            keys=tuple(KeySignature(*row) for row in data["keys"]),
            bends=tuple(Bend(*row) for row in data["bends"]),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Score):
            return NotImplemented
        return self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash((self.notes.tobytes(), self.parts, self.tempos, self.meters, self.keys, self.bends))


def marks_of(kind: type[Mark], *columns: list[Any]) -> tuple[Mark, ...]:
    """Marks of a kind from equally long columns, in the order of its fields: as its constructor makes them, row by row.

    Thousands in a file are made so, a column at a time, in less than half the time.
    """
    marks = tuple(map(object.__new__, repeat(kind, len(columns[0]))))
    for name, column in zip(kind.__slots__, columns, strict=True):
        deque(map(getattr(kind, name).__set__, marks, column), maxlen=0)
    return marks


def sort_notes(rows: Iterable[tuple[float, float, int, int, int]] | Notes) -> Notes:
    """Rows (onset, duration, pitch, velocity, part) as a NOTE array, shape (n,), in the order a Score keeps."""
    notes = rows if isinstance(rows, np.ndarray) else np.array(list(rows), dtype=NOTE)
    return np.sort(notes, order=["onset_quarters", "part", "pitch", "duration_quarters", "velocity"])


def pitched_notes(score: Score) -> Notes:
    """The score's notes but those of drums."""
    if not any(part.is_drum for part in score.parts):
        return score.notes
    is_drum = np.array([part.is_drum for part in score.parts])
    notes: Notes = score.notes[~is_drum[score.notes["part"]]]
    return notes
