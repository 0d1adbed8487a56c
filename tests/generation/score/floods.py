"""Files that would flood a careless reader: as large as the limits allow, all of one kind of event."""

import gzip
import struct

LARGEST = 4 << 20
END = b"\x00\xff\x2f\x00"


def midi_file(*tracks: bytes, midi_format: int = 1, division: int = 480) -> bytes:
    """A file of these tracks' events, each given its end."""
    chunks = [b"MTrk" + struct.pack(">I", len(track) + len(END)) + track + END for track in tracks]
    return b"MThd" + struct.pack(">IHHH", 6, midi_format, len(tracks), division) + b"".join(chunks)


def _flood(event: bytes, *, first: bytes = b"") -> bytes:
    return midi_file(first + event * ((LARGEST - len(first) - 64) // len(event)))


FLOODS = (
    _flood(b"\x00\x3c\x40", first=b"\x00\x90\x3c\x40"),  # notes never switched off
    _flood(b"\x01\x3c\x40\x01\x3c\x00", first=b"\x00\x90\x3c\x40"),  # notes
    _flood(b"\x00\x3c\x00", first=b"\x00\x90\x3c\x40"),  # note-offs
    _flood(b"\x00\x40\x7f", first=b"\x00\x90\x3c\x40\x00\xb0\x40\x7f"),  # pedals
    _flood(b"\x00\x05", first=b"\x00\x90\x3c\x40\x00\xc0\x05"),  # programs
    _flood(b"\x01\x00\x50", first=b"\x00\x90\x3c\x40\x00\xe0\x00\x50"),  # bends
    _flood(b"\x01\xff\x51\x03\x07\xa1\x20", first=b"\x00\x90\x3c\x40"),  # tempos
    _flood(b"\x00\xff\x58\x04\x04\x02\x18\x08", first=b"\x00\x90\x3c\x40"),  # meters
    _flood(b"\x00\xff\x06\x01a", first=b"\x00\x90\x3c\x40"),  # markers
    _flood(b"\x00\xff\x06\x01\x1b", first=b"\x00\x90\x3c\x40"),
    b"MThd\x00\x00\x00\x06\x00\x01\xff\xff\x01\xe0" + b"MTrk\x00\x00\x00\x04\x00\xff\x2f\x00" * 300_000,  # tracks
    gzip.compress(bytes(64 << 20)),
)
