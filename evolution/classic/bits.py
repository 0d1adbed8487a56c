"""Genomes of bits: four to a note, the first of them the least significant."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evolution.classic.settings import ClassicError
from evolution.frame import Frame

BITS_PER_NOTE = 4
REST = 1 << (BITS_PER_NOTE - 1)
BIT_VALUES = 1 << np.arange(BITS_PER_NOTE)  # the paper's reading: 1, 2, 4, 8

Bits = NDArray[np.uint8]


def bits_of_frame(frame: Frame) -> int:
    """How many bits a genome of the frame has."""
    return frame.bars * frame.notes_per_bar * BITS_PER_NOTE


def random_bits(frame: Frame, rng: np.random.Generator) -> Bits:
    """A random genome of the frame, shape (bars * notes_per_bar * 4,), of zeros and ones."""
    return rng.integers(0, 2, size=bits_of_frame(frame), dtype=np.uint8)


def random_population(size: int, frame: Frame, rng: np.random.Generator) -> Bits:
    """Random genomes of the frame, shape (size, bars * notes_per_bar * 4)."""
    return rng.integers(0, 2, size=(size, bits_of_frame(frame)), dtype=np.uint8)


def numbers_of(bits: Bits) -> NDArray[np.int64]:
    """The number of each note, 0-15: (notes,) of one genome's bits (notes * 4,), or (n, notes) of many. Raises
    ClassicError.
    """
    if bits.ndim not in (1, 2) or bits.shape[-1] % BITS_PER_NOTE or not np.isin(bits, (0, 1)).all():
        raise ClassicError(f"bits: expected zeros and ones, four for each note, got shape {bits.shape}")
    notes = bits.reshape(*bits.shape[:-1], -1, BITS_PER_NOTE)
    numbers: NDArray[np.int64] = notes.astype(np.int64) @ BIT_VALUES
    return numbers


def bits_of(numbers: ArrayLike) -> Bits:
    """Bits (notes * 4,) that read as these numbers, (notes,), each 0-15: the inverse of `numbers_of`. Raises
    ClassicError.
    """
    given = np.asarray(numbers, dtype=np.int64)
    if given.ndim != 1 or not ((given >= 0) & (given < 1 << BITS_PER_NOTE)).all():
        raise ClassicError(f"numbers: expected whole numbers from 0 to {(1 << BITS_PER_NOTE) - 1}, got {numbers!r}")
    return ((given[:, None] & BIT_VALUES) > 0).astype(np.uint8).reshape(-1)


def bits_to_text(bits: Bits) -> str:
    """A genome's bits as a digit for each note, 0-9 and a-f: short, and to be read by people."""
    return "".join(f"{number:x}" for number in numbers_of(bits).tolist())


def bits_from_text(text: str) -> Bits:
    """The bits that `bits_to_text` wrote. Raises ClassicError."""
    try:
        return bits_of([int(digit, 16) for digit in text])
    except (TypeError, ValueError) as error:
        raise ClassicError(f"bits: expected a digit 0-9 or a-f for each note, got {text!r}") from error
