"""Compact forms of a genome: bytes of about six to a note, and the same as text.

A version byte, the expression genes (those that are not neutral, exact), the number of notes, then each note as one
number: the distance to the note before it and its classes in mixed radix, written in as few bytes as it takes.
"""

import base64
import binascii
import struct
from dataclasses import fields

import numpy as np

from evolution.genes import FIELDS, GENE, LIMITS, Expression, Genome, GenomeError

PACKED_VERSION = 1
NEUTRAL = Expression()
GENES = tuple(field.name for field in fields(Expression) if field.name != "seed")
THOUSANDTHS = 1_000
TOO_MANY_BARS = LIMITS["bar"][1] + 1
_RADIX = tuple((name, LIMITS[name][0], LIMITS[name][1] - LIMITS[name][0] + 1) for name in FIELDS if name != "bar")


def pack(genome: Genome) -> bytes:
    """The genome as bytes; `unpack` gives an equal one."""
    body = bytearray([PACKED_VERSION])
    _pack_expression(genome.expression, body)
    _write_whole(len(genome.notes), body)
    numbers = np.diff(genome.notes["bar"].astype(np.int64), prepend=0)
    for name, low, size in _RADIX:
        numbers = numbers * size + genome.notes[name] - low
    for number in numbers.tolist():
        _write_whole(number, body)
    return bytes(body)


def unpack(packed: bytes) -> Genome:
    """The genome that `pack` wrote. Raises GenomeError."""
    if not packed or packed[0] != PACKED_VERSION:
        raise GenomeError(f"genome: expected packed bytes of version {PACKED_VERSION}, got {bytes(packed[:1])!r}")
    reader = _Reader(packed)
    expression = _unpack_expression(reader)
    count = reader.whole()
    if count > len(packed):
        raise GenomeError(f"genome: expected at most {len(packed)} notes in so many bytes, got {count}")
    numbers = np.array([reader.whole() for _ in range(count)], dtype=np.int64)
    notes = np.zeros(count, dtype=GENE)
    for name, low, size in reversed(_RADIX):
        numbers, classes = np.divmod(numbers, size)
        notes[name] = classes + low
    bars = np.cumsum(np.minimum(numbers, TOO_MANY_BARS))
    if count and bars[-1] >= TOO_MANY_BARS:
        raise GenomeError(f"bar: expected classes from 0 to {TOO_MANY_BARS - 1}, got {bars[-1]}")
    notes["bar"] = bars
    reader.expect_end()
    return Genome(notes, expression)


def genome_to_text(genome: Genome) -> str:
    """The packed genome in base64, for JSON."""
    return base64.b64encode(pack(genome)).decode("ascii")


def genome_from_text(text: str) -> Genome:
    """The genome that `genome_to_text` wrote. Raises GenomeError."""
    try:
        packed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise GenomeError(f"genome: expected base64, got {error}") from error
    return unpack(packed)


def _pack_expression(expression: Expression, body: bytearray) -> None:
    """Which genes are not neutral, which of those are whole thousandths, as bits; then their values and the seed."""
    told = [name for name in GENES if not _same(getattr(expression, name), getattr(NEUTRAL, name))]
    short = [name for name in told if _in_thousandths(getattr(expression, name))]
    _write_whole(sum(1 << GENES.index(name) for name in told), body)
    _write_whole(sum(1 << GENES.index(name) for name in short), body)
    for name in told:
        value = getattr(expression, name)
        if name in short:
            _write_whole(_zigzag(round(value * THOUSANDTHS)), body)
        else:
            body += struct.pack("<d", value)
    _write_whole(expression.seed, body)


def _unpack_expression(reader: "_Reader") -> Expression:
    told, short = reader.whole(), reader.whole()
    if (told | short) >> len(GENES) or short & ~told:
        raise GenomeError(f"expression: expected bits of {len(GENES)} genes, got {told:#x} and {short:#x}")
    values: dict[str, float] = {}
    for place, name in enumerate(GENES):
        if told >> place & 1:
            values[name] = _unzigzag(reader.whole()) / THOUSANDTHS if short >> place & 1 else reader.double()
    return Expression(**values, seed=reader.whole())


def _same(one: float, other: float) -> bool:
    """Equal to the bit: a negative zero is not zero, so that what is packed comes back as it was."""
    return struct.pack("<d", one) == struct.pack("<d", other)


def _in_thousandths(value: float) -> bool:
    return _same(round(value * THOUSANDTHS) / THOUSANDTHS, value)


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _unzigzag(value: int) -> int:
    return value >> 1 if not value & 1 else -((value + 1) >> 1)


def _write_whole(value: int, body: bytearray) -> None:
    """A whole number from 0 in groups of seven bits, the lowest first; the top bit says that more follow."""
    while value >= 0x80:
        body.append(value & 0x7F | 0x80)
        value >>= 7
    body.append(value)


class _Reader:
    """Reads what was written, and refuses to read past the end."""

    def __init__(self, packed: bytes) -> None:
        self._packed, self._at = packed, 1

    def whole(self) -> int:
        value = shift = 0
        while True:
            byte = self._take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift >= 63:
                raise GenomeError("genome: expected numbers of at most 63 bits, got a longer one")

    def double(self) -> float:
        return float(struct.unpack("<d", self._take(8))[0])

    def expect_end(self) -> None:
        if self._at != len(self._packed):
            raise GenomeError(f"genome: expected {self._at} bytes, got {len(self._packed)}")

    def _take(self, count: int) -> bytes:
        taken = self._packed[self._at : self._at + count]
        if len(taken) < count:
            raise GenomeError(f"genome: expected more than {len(self._packed)} bytes; it was cut short")
        self._at += count
        return taken
