"""What lies round the tracks of a MIDI file: header and chunks, checked before any parser sees them."""

import struct
from dataclasses import dataclass

from generation.score.midi.limits import MidiRefused, ReadLimits
from generation.score.midi.wrappers import HEADER, unwrap

TRACK = b"MTrk"
HEADER_BYTES = 14
CHUNK_HEAD_BYTES = 8
SEPARATE_SONGS = 2
SMPTE_FRAMES = {24: 24.0, 25: 25.0, 29: 30000 / 1001, 30: 30.0}


@dataclass(frozen=True, slots=True)
class TrackSpan:
    """Where a track's events lie. A length that can't be true has `end` None: the end-of-track event tells."""

    begin: int
    end: int | None
    latest_end: int  # where the next track begins, or the file ends


@dataclass(frozen=True, slots=True)
class Container:
    """A file's tracks and how it counts time.

    Where time is counted in video frames, one quarter is a second and `fixed_tempo_bpm` the only tempo.
    """

    data: bytes
    midi_format: int
    tracks: tuple[TrackSpan, ...]
    ticks_per_quarter: int
    fixed_tempo_bpm: float | None = None


def open_container(data: bytes, limits: ReadLimits) -> Container:
    """Unwrap the file and find its tracks. Raises MidiRefused."""
    if not data:
        raise MidiRefused("empty_file", "expected a MIDI file, got 0 bytes: upload the file again")
    inner = unwrap(data, limits)
    start, midi_format, division = _read_header(inner)
    ticks, tempo_bpm = _resolve_division(division)
    tracks = _find_tracks(inner, start)
    if not tracks:
        raise MidiRefused("no_notes", "expected at least one track, got none: export the piece again")
    if len(tracks) > limits.max_tracks:
        message = f"expected at most {limits.max_tracks} tracks, got {len(tracks)}: merge some"
        raise MidiRefused("too_many_tracks", message)
    return Container(inner, midi_format, tracks, ticks, tempo_bpm)


def _read_header(data: bytes) -> tuple[int, int, int]:
    """Where the chunks begin, the format, and the division as an unsigned integer."""
    if data[:4] != HEADER:
        raise MidiRefused(
            "not_midi", f"expected a MIDI file, got one beginning with {_shown(data)}: choose a .mid file"
        )
    if len(data) < HEADER_BYTES:
        raise MidiRefused("cut_short", f"expected a header of 14 bytes, got {len(data)}: upload the file again")
    length, midi_format, _, division = struct.unpack_from(">IHHH", data, 4)
    if length < 6 and data[HEADER_BYTES : HEADER_BYTES + 4] == TRACK:
        length = 6
    if not 6 <= length <= len(data) - CHUNK_HEAD_BYTES:
        raise MidiRefused("bad_header", f"expected a header length of 6, got {length}: export the file again")
    if midi_format > SEPARATE_SONGS:
        raise MidiRefused("bad_format", f"expected MIDI format 0, 1 or 2, got {midi_format}: export it as format 1")
    return CHUNK_HEAD_BYTES + length, midi_format, division


def _find_tracks(data: bytes, start: int) -> tuple[TrackSpan, ...]:
    """All track chunks, however many the header declares; foreign chunks and rubbish after the last are left out."""
    found: list[TrackSpan] = []
    at = start
    while at + CHUNK_HEAD_BYTES <= len(data):
        (length,) = struct.unpack_from(">I", data, at + 4)
        begin = at + CHUNK_HEAD_BYTES
        end = begin + length
        if data[at : at + 4] == TRACK:
            is_true = end == len(data) or (end < len(data) and _is_chunk_name(data[end : end + 4]))
            following = data.find(TRACK, end if is_true else begin)
            latest_end = following if following >= 0 else len(data)
            found.append(TrackSpan(begin, end if is_true else None, latest_end))
            end = end if is_true else latest_end
        elif end > len(data):
            break
        at = end
    return tuple(found)


def _is_chunk_name(name: bytes) -> bool:
    return name == TRACK or (len(name) == 4 and name.isascii() and name.decode().isprintable())


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
