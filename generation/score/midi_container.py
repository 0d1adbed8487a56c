"""What lies round the tracks of a MIDI file: wrappers, header and chunks, checked before any parser sees them."""

import struct
import zlib
from dataclasses import dataclass

HEADER = b"MThd"
TRACK = b"MTrk"
HEADER_BYTES = 14
CHUNK_HEAD_BYTES = 8
MEBIBYTE = 1 << 20
SMPTE_FRAMES = {24: 24.0, 25: 25.0, 29: 30000 / 1001, 30: 30.0}


class MidiRefused(ValueError):
    """A file that is not taken in; `code` names the reason, the message says in one line what to do about it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """The most that one file may hold."""

    max_bytes: int = 4 * MEBIBYTE
    max_notes: int = 100_000
    max_tracks: int = 512
    max_marks: int = 100_000  # tempo, meter and key marks and bends together
    max_seconds: float = 4 * 3600.0
    max_quarters: float = 100_000.0


@dataclass(frozen=True, slots=True)
class Container:
    """A plain file of format 0 or 1 with a six-byte header, ready for the parser.

    Where time was counted in video frames, one quarter is a second and `fixed_tempo_bpm` the only tempo.
    """

    data: bytes
    fixed_tempo_bpm: float | None = None


def open_container(data: bytes, limits: ReadLimits) -> Container:
    """Unwrap, check and repair what surrounds the tracks. Raises MidiRefused."""
    if not data:
        raise MidiRefused("empty_file", "expected a MIDI file, got 0 bytes: upload the file again")
    _check_size(len(data), limits)
    inner = _unwrap(data, limits)
    start, midi_format, declared, division = _read_header(inner)
    tracks = _find_tracks(inner, start, declared)
    _check_tracks(midi_format, len(tracks), limits)
    ticks, tempo_bpm = _resolve_division(division)
    whole = start == HEADER_BYTES and ticks == division and len(tracks) == declared and midi_format < 2
    if whole and tracks[-1][1] == len(inner):
        return Container(inner)
    head = HEADER + struct.pack(">IHHH", 6, 1, len(tracks), ticks)
    return Container(head + b"".join(inner[begin:end] for begin, end in tracks), tempo_bpm)


def _check_size(n_bytes: int, limits: ReadLimits) -> None:
    if n_bytes > limits.max_bytes:
        raise MidiRefused(
            "too_large",
            f"expected at most {limits.max_bytes / MEBIBYTE:g} MiB, got {n_bytes / MEBIBYTE:.1f} MiB: split the piece",
        )


def _unwrap(data: bytes, limits: ReadLimits) -> bytes:
    """The file inside a gzip or RIFF RMID wrapper, or the data as it is."""
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, limits.max_bytes + 1)
        except zlib.error:
            raise MidiRefused("broken_gzip", "expected a whole gzip file, got a broken one: unpack it first") from None
        _check_size(len(data), limits)
    if data[:4] == b"RIFF" and data[8:12] == b"RMID" and data[12:16] == b"data":
        (length,) = struct.unpack_from("<I", data, 16) if len(data) >= 20 else (0,)
        data = data[20 : 20 + length]
    return data


def _read_header(data: bytes) -> tuple[int, int, int, int]:
    """Where the chunks begin, the format, the number of tracks declared, and the division as an unsigned integer."""
    if data[:4] != HEADER:
        raise MidiRefused(
            "not_midi", f"expected a MIDI file, got one beginning with {_shown(data)}: choose a .mid file"
        )
    if len(data) < HEADER_BYTES:
        raise MidiRefused("cut_short", f"expected a header of 14 bytes, got {len(data)}: upload the file again")
    length, midi_format, declared, division = struct.unpack_from(">IHHH", data, 4)
    if not 6 <= length <= len(data) - CHUNK_HEAD_BYTES:
        raise MidiRefused("bad_header", f"expected a header length of 6, got {length}: export the file again")
    if midi_format > 2:
        raise MidiRefused("bad_format", f"expected MIDI format 0 or 1, got {midi_format}: export it as format 1")
    return CHUNK_HEAD_BYTES + length, midi_format, declared, division


def _find_tracks(data: bytes, start: int, declared: int) -> list[tuple[int, int]]:
    """Begin and end of each track chunk; foreign chunks are left out, and so is rubbish after the last track."""
    tracks: list[tuple[int, int]] = []
    at = start
    while at + CHUNK_HEAD_BYTES <= len(data):
        kind = data[at : at + 4]
        (length,) = struct.unpack_from(">I", data, at + 4)
        end = at + CHUNK_HEAD_BYTES + length
        if end > len(data):
            if kind != TRACK and len(tracks) >= declared:
                break
            left = len(data) - at - CHUNK_HEAD_BYTES
            raise MidiRefused(
                "cut_short", f"expected {length} bytes in track {len(tracks) + 1}, got {left}: upload the file again"
            )
        if kind == TRACK:
            tracks.append((at, end))
        at = end
    return tracks


def _check_tracks(midi_format: int, n_tracks: int, limits: ReadLimits) -> None:
    if n_tracks == 0:
        raise MidiRefused("no_notes", "expected at least one track, got none: export the piece again")
    if n_tracks > limits.max_tracks:
        raise MidiRefused("too_many_tracks", f"expected at most {limits.max_tracks} tracks, got {n_tracks}: merge some")
    if midi_format == 2 and n_tracks > 1:
        raise MidiRefused(
            "separate_songs", f"expected one piece, got format 2 with {n_tracks} separate ones: export each by itself"
        )


def _resolve_division(division: int) -> tuple[int, float | None]:
    """Ticks a quarter, and the tempo where time is counted in frames (a quarter is then a second, about)."""
    if division < 0x8000:
        if division == 0:
            raise MidiRefused("no_division", "expected ticks per quarter of 1 or more, got 0: export the file again")
        return division, None
    frames, per_frame = 256 - (division >> 8), division & 0xFF
    if frames not in SMPTE_FRAMES or per_frame == 0:
        raise MidiRefused(
            "bad_division",
            f"expected 24, 25, 29 or 30 frames a second, got {frames} of {per_frame} ticks: export by ticks instead",
        )
    nominal = 30 if frames == 29 else frames
    return nominal * per_frame, 60.0 * SMPTE_FRAMES[frames] / nominal


def _shown(data: bytes) -> str:
    """A file's first bytes as a person can read them: text in quotation marks, else figures."""
    start = data[:4]
    return f'"{start.decode()}"' if start.isascii() and start.decode().isprintable() else f"the bytes {start.hex(' ')}"
