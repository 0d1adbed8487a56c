"""What every codec is: a fixed row of integer fields for each token, and a way there and back."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from generation.pieces import Piece
from generation.score.notes import Score


class CodecError(ValueError):
    """Tokens or notes that a codec can't say; `code` names the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Field:
    """One integer of a token: its values run from 0 to size - 1."""

    name: str
    size: int


class Codec(Protocol):
    """Score <-> tokens of shape (n, fields)."""

    @property
    def name(self) -> str:
        """What `to_json` and a network's config call it."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns of a token array, in order."""

    def encode(self, score: Score) -> NDArray[np.int32]:
        """The score's tokens, shape (n, fields). Raises CodecError."""

    def encode_piece(self, piece: Piece) -> NDArray[np.int32]:
        """The piece's tokens, by its file where the codec reads files, shape (n, fields). Raises CodecError."""

    def transposed(self, tokens: NDArray[np.integer[Any]], semitones: int) -> NDArray[np.int32] | None:
        """The same music so many semitones higher, shape (n, fields); None where the codec can't say it."""

    def decode(self, tokens: NDArray[np.integer[Any]]) -> Score:
        """The score that the tokens say. Raises CodecError for a wrong shape or a value out of range."""

    def to_json(self) -> dict[str, Any]:
        """Plain data from which `codec_from_json` makes an equal codec."""


def check_tokens(tokens: NDArray[np.integer[Any]], fields: tuple[Field, ...]) -> NDArray[np.int64]:
    """The tokens as integers, shape (n, fields). Raises CodecError for a wrong shape or a value out of range."""
    array = np.asarray(tokens)
    if array.ndim != 2 or array.shape[1] != len(fields) or array.dtype.kind not in "iu":
        raise CodecError(
            "bad_shape", f"expected integers of shape (n, {len(fields)}), got {array.dtype} {array.shape}: encode again"
        )
    sizes = np.array([field.size for field in fields])
    outside = (array < 0) | (array >= sizes)
    if outside.any():
        row, column = np.argwhere(outside)[0]
        field = fields[column]
        message = (
            f"expected {field.name} in 0-{field.size - 1}, got {array[row, column]} in token {row}: use this codec's"
        )
        raise CodecError("out_of_range", message)
    return array.astype(np.int64)
