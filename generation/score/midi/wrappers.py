"""What a MIDI file comes wrapped in: gzip, RIFF (RMID), MacBinary."""

import struct
import zlib

from generation.score.midi.limits import MEBIBYTE, MidiRefused, ReadLimits

HEADER = b"MThd"
MACBINARY_HEAD_BYTES = 128
WRAPPINGS_MAX = 3  # one inside another


def unwrap(data: bytes, limits: ReadLimits) -> bytes:
    """The MIDI file inside its wrappings, or the data as it is. Raises MidiRefused where a wrapping is broken."""
    check_size(len(data), limits)
    for _ in range(WRAPPINGS_MAX):
        if data[:4] == HEADER:
            break
        if data[:2] == b"\x1f\x8b":
            data = _ungzip(data, limits)
        elif data[:4] == b"RIFF" and data[8:12] == b"RMID":
            data = _unriff(data)
        elif _is_macbinary(data):
            (length,) = struct.unpack_from(">I", data, 83)
            data = data[MACBINARY_HEAD_BYTES : MACBINARY_HEAD_BYTES + length]
    return data


def check_size(n_bytes: int, limits: ReadLimits) -> None:
    """Raise MidiRefused for more bytes than the limits allow."""
    if n_bytes > limits.max_bytes:
        raise MidiRefused(
            "too_large",
            f"expected at most {limits.max_bytes / MEBIBYTE:g} MiB, got {n_bytes / MEBIBYTE:.1f} MiB: split the piece",
        )


def _ungzip(data: bytes, limits: ReadLimits) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, limits.max_bytes + 1)
    except zlib.error:
        raise MidiRefused("broken_gzip", "expected a whole gzip file, got a broken one: unpack it first") from None
    check_size(len(unpacked), limits)
    return unpacked


def _unriff(data: bytes) -> bytes:
    """The `data` chunk of a RIFF file; chunks before it are passed over."""
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"data":
            return data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise MidiRefused("not_midi", "expected a MIDI file inside RIFF, got none: export it as a .mid file")


def _is_macbinary(data: bytes) -> bool:
    """Whether the first 128 bytes are MacBinary's: zeros where it says so, and a header right after them."""
    head = data[:MACBINARY_HEAD_BYTES]
    after = data[MACBINARY_HEAD_BYTES : MACBINARY_HEAD_BYTES + 4]
    return after == HEADER and head[0] == head[74] == head[82] == 0 and 1 <= head[1] <= 63
