"""The study's own tokens: one string a note or chord of the first instrument, `E4`, `B-3` or a normal order `4.7.11`.

Length, rests and loudness are lost, as they were in the study.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from generation.codecs.classic_strings import PITCH_NAMES, classic_strings
from generation.codecs.codec import CodecError, Field, check_tokens
from generation.score.notes import Part, Score, Tempo, sort_notes

NOTE_STRING = re.compile(r"(C#|E-|F#|G#|B-|[A-G])(-?\d+)")
CHORD_STRING = re.compile(r"\d{1,2}(\.\d{1,2})*")
CHORD_OCTAVE_PITCH = 60  # a chord string has pitch classes only; they sound from middle C
STEP_QUARTERS = 0.5
LENGTH_QUARTERS = 1.0
VELOCITY = 90


@dataclass(frozen=True, slots=True)
class ClassicCodec:
    """Strings of a fixed vocabulary as integers; one field."""

    name: ClassVar[str] = "classic"

    vocabulary: tuple[str, ...]
    tempo_bpm: float = 120.0
    program: int = 0

    def __post_init__(self) -> None:
        if not self.vocabulary:
            raise CodecError("empty_vocabulary", "expected at least one string, got none: fit it on pieces with notes")
        for text in self.vocabulary:
            string_to_pitches(text)

    @classmethod
    def fit(cls, scores: Iterable[Score]) -> "ClassicCodec":
        """The codec of all strings in the scores, sorted by name. Raises CodecError where there are none."""
        return cls(tuple(sorted({text for score in scores for text in classic_strings(score)})))

    @property
    def fields(self) -> tuple[Field, ...]:
        """One field, the string's place in the vocabulary."""
        return (Field("token", len(self.vocabulary)),)

    def encode(self, score: Score) -> NDArray[np.int32]:
        """The score's strings as tokens, shape (n, 1). Raises CodecError for a string outside the vocabulary."""
        places = {text: place for place, text in enumerate(self.vocabulary)}
        strings = classic_strings(score)
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
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ClassicCodec":
        """The codec that `to_json` wrote."""
        return cls(tuple(data["vocabulary"]), data["tempo_bpm"], data["program"])


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
