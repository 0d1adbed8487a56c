"""The study's own tokens: one string a note or chord of the first instrument, `E4`, `B-3` or a normal order `4.7.11`.

Length, rests and loudness are lost, as they were in the study.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from generation.codecs.classic_sounds import PITCH_NAMES, pitch_to_string
from generation.codecs.classic_strings import classic_strings, classic_strings_of_file, normal_order
from generation.codecs.codec import CodecError, Field, check_tokens
from generation.pieces import Piece
from generation.score.notes import Part, Score, Tempo, sort_notes

NOTE_STRING = re.compile(r"(C#|E-|F#|G#|B-|[A-G])(-?\d+)")
CHORD_STRING = re.compile(r"\d{1,2}(\.\d{1,2})*")
CHORD_OCTAVE_PITCH = 60  # a chord string has pitch classes only; they sound from middle C
STEP_QUARTERS = 0.5
LENGTH_QUARTERS = 1.0
VELOCITY = 90
BAD_FILE = "bad_file"


@dataclass(frozen=True, slots=True)
class ClassicCodec:
    """Strings of a fixed vocabulary as integers; one field.

    A piece from a file has the strings that the study's code gets from it with music21. That code reads the first part
    only; where that is empty, which is often, there are none, and with `literal` off those of the first that has any.
    """

    name: ClassVar[str] = "classic"

    vocabulary: tuple[str, ...]
    tempo_bpm: float = 120.0
    program: int = 0
    literal: bool = True

    def __post_init__(self) -> None:
        if not self.vocabulary:
            raise CodecError("empty_vocabulary", "expected at least one string, got none: fit it on pieces with notes")
        for text in self.vocabulary:
            string_to_pitches(text)

    @classmethod
    def fit(cls, scores: Iterable[Score]) -> "ClassicCodec":
        """The codec of all strings in the scores, sorted by name. Raises CodecError where there are none."""
        return cls(tuple(sorted({text for score in scores for text in classic_strings(score)})))

    @classmethod
    def fit_pieces(cls, pieces: Iterable[Piece], *, literal: bool = True) -> "ClassicCodec":
        """The codec of all strings that `encode_piece` finds in the pieces. Raises CodecError where there are none."""
        strings = {text for piece in pieces for text in _strings_of(piece, literal=literal)}
        return cls(tuple(sorted(strings)), literal=literal)

    @property
    def fields(self) -> tuple[Field, ...]:
        """One field, the string's place in the vocabulary."""
        return (Field("token", len(self.vocabulary)),)

    def encode(self, score: Score) -> NDArray[np.int32]:
        """The score's strings as tokens, shape (n, 1). Raises CodecError for a string outside the vocabulary."""
        return self._tokens(classic_strings(score))

    def encode_piece(self, piece: Piece) -> NDArray[np.int32]:
        """The tokens of a piece's file, or of its score where it never was one, shape (n, 1). Raises CodecError."""
        return self._tokens(_strings_of(piece, literal=self.literal))

    def transposed(self, tokens: NDArray[np.integer[Any]], semitones: int) -> NDArray[np.int32] | None:
        """The tokens of the same music so many semitones higher, shape (n, 1).

        None where that leaves the vocabulary or MIDI's range. Raises CodecError for another codec's tokens.
        """
        places = self._places()
        moved = [places.get(transposed_string(text, semitones), -1) for text in self.vocabulary]
        rows = np.array(moved, dtype=np.int32)[check_tokens(tokens, self.fields)[:, 0]].reshape(-1, 1)
        return None if (rows < 0).any() else rows

    def _places(self) -> dict[str, int]:
        return {text: place for place, text in enumerate(self.vocabulary)}

    def _tokens(self, strings: list[str]) -> NDArray[np.int32]:
        places = self._places()
        unknown = [text for text in strings if text not in places]
        if unknown:
            message = f"expected strings of the vocabulary, got {unknown[0]!r}: fit the codec on this piece too"
            raise CodecError("unknown_string", message)
        return np.array([places[text] for text in strings], dtype=np.int32).reshape(-1, 1)

    def decode(self, tokens: NDArray[np.integer[Any]]) -> Score:
        """The strings half a quarter apart, each a quarter long. Raises CodecError."""
        places = check_tokens(tokens, self.fields)[:, 0]
        rows = [
            (index * STEP_QUARTERS, LENGTH_QUARTERS, pitch, VELOCITY, 0)
            for index, place in enumerate(places.tolist())
            for pitch in string_to_pitches(self.vocabulary[place])
        ]
        return Score(sort_notes(rows), (Part(program=self.program),), (Tempo(0.0, self.tempo_bpm),))

    def to_json(self) -> dict[str, Any]:
        """The codec's name, vocabulary and settings."""
        return {
            "name": self.name,
            "vocabulary": list(self.vocabulary),
            "tempo_bpm": self.tempo_bpm,
            "program": self.program,
            "literal": self.literal,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ClassicCodec":
        """The codec that `to_json` wrote."""
        return cls(tuple(data["vocabulary"]), data["tempo_bpm"], data["program"], bool(data.get("literal", True)))


def _strings_of(piece: Piece, *, literal: bool) -> list[str]:
    """The strings of a piece's file; of its score where there is none, or where music21 could not read it either."""
    if piece.data:
        try:
            return classic_strings_of_file(piece.data, literal=literal)
        except CodecError as error:
            if error.code != BAD_FILE:
                raise
    return classic_strings(piece.score)


def transposed_string(text: str, semitones: int) -> str:
    """The string so many semitones higher, a chord's in its new normal order; "" for a note outside MIDI's range."""
    if not NOTE_STRING.fullmatch(text):
        return ".".join(map(str, normal_order(int(number) + semitones for number in text.split("."))))
    pitch = string_to_pitches(text)[0] + semitones
    return pitch_to_string(pitch) if 0 <= pitch <= 127 else ""


def string_to_pitches(text: str) -> tuple[int, ...]:
    """MIDI pitches of a string. Raises CodecError for what is neither a note nor a chord.

    The strings can't tell a flat from a minus: `E-1` and `B-1` are read as E flat and B flat of octave 1.
    """
    if match := NOTE_STRING.fullmatch(text):
        pitch = 12 * (int(match[2]) + 1) + PITCH_NAMES.index(match[1])
        if 0 <= pitch <= 127:
            return (pitch,)
    elif CHORD_STRING.fullmatch(text) and all(int(number) < 12 for number in text.split(".")):
        return tuple(CHORD_OCTAVE_PITCH + int(number) for number in text.split("."))
    raise CodecError(
        "unknown_string", f"expected a note like E4 or a chord like 4.7.11, got {text!r}: fit the codec again"
    )
