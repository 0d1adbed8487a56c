"""A piece as training takes it: a name that a person recognises, its score, and the file it was read from."""

from collections.abc import Iterable
from dataclasses import dataclass

from generation.score.midi import read
from generation.score.notes import Score


@dataclass(frozen=True, slots=True)
class Piece:
    """A score with its name, and its MIDI bytes where it came from a file: the classic codec reads those."""

    name: str
    score: Score
    data: bytes = b""

    @classmethod
    def from_midi(cls, name: str, data: bytes) -> "Piece":
        """The piece in a MIDI file. Raises MidiRefused."""
        return cls(name, read(data), data)


def scores_of(pieces: Iterable[Piece]) -> list[Score]:
    """The pieces' scores, in order."""
    return [piece.score for piece in pieces]
