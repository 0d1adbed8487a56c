"""The study's own way to its strings, by music21: the peer that the classic codec is held against."""

import hashlib
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from music21 import chord, converter, instrument, note

STARTER = Path(__file__).parents[2] / "platform/antiphon/datasets/starter"
DIGESTS = Path(__file__).parents[1] / "data/classic/tokens.json"


def starter_files() -> dict[str, Path]:
    """Both starter datasets' files by their place below the folder of both."""
    return {path.relative_to(STARTER).as_posix(): path for path in sorted(STARTER.rglob("*.mid"))}


def studys_parts(data: bytes) -> list[list[str]]:
    """The strings of each part that music21 makes of a file by instrument; the study reads the first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        piece: Any = converter.parse(data, format="midi")
        return [_strings(part.recurse()) for part in instrument.partitionByInstrument(piece).parts]


def summary(strings: list[str]) -> dict[str, Any]:
    """How many strings there are, and the digest of them all."""
    return {"count": len(strings), "sha256": hashlib.sha256("\n".join(strings).encode()).hexdigest()}


def _strings(elements: Iterable[Any]) -> list[str]:
    strings = []
    for element in elements:
        if isinstance(element, note.Note):
            strings.append(str(element.pitch))
        elif isinstance(element, chord.Chord):
            strings.append(".".join(str(pitch_class) for pitch_class in element.normalOrder))
    return strings
