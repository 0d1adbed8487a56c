"""What a track is given at its end before symusic reads it, so that its answer says what symusic alone does not keep.

A marker shows that the track was read to its end; a late note-off for every key shows the notes that were never
switched off, which symusic drops; and tags say which track and channel each of its lines comes from.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.parsed import Controls, Line
from generation.score.midi.pedals import SUSTAIN

END_OF_TRACK = b"\xff\x2f\x00"
END_MARKER = b"\xff\x06\x01\x1b"
END_MARKER_TEXT = "\x1b"  # a control character, which no file's own marker is likely to be
FAR_TICKS = 1 << 27
FAR = b"\xc0\x80\x80\x00"  # FAR_TICKS as a MIDI time
AT_ONCE = b"\x00"
RELEASES = AT_ONCE.join(bytes([pitch, 0]) for pitch in range(128))
NOTE_OFF, NOTE_ON, CONTROL, PROGRAM = 0x80, 0x90, 0xB0, 0xC0
EMPTY_NOTE = (0, 1)  # pitch and velocity
CHANNELS = range(16)
TAGS = (117, 118, 119)  # undefined controllers


def with_ending(body: bytes, strikes: Sequence[int], tags: bytes = b"") -> bytes:
    """A track's events with their end marked, tags, and long after it a note-off for each key of its channels."""
    begun = body[:-3] if body.endswith(END_OF_TRACK) else body + AT_ONCE
    late = AT_ONCE.join(bytes([NOTE_OFF | channel]) + RELEASES for channel in strikes)
    return begun + END_MARKER + tags + (FAR + late if late else b"") + AT_ONCE + END_OF_TRACK


def channels_used(data: bytes, begins: Sequence[int]) -> tuple[list[list[int]], list[list[int]]]:
    """For each track by where it begins, the channels on which it strikes keys, and those on which it moves a pedal.

    By chance there may be some more, where other bytes look so; a pedal whose first move has no status byte is missed.
    """
    values = np.frombuffer(data, dtype=np.uint8)
    kinds = values[:-2] & 0xF0
    strikes = np.flatnonzero(kinds == NOTE_ON)
    strikes = strikes[(values[strikes + 1] | values[strikes + 2]) < 0x80]
    moves = np.flatnonzero(kinds == CONTROL)
    moves = moves[(values[moves + 1] == SUSTAIN) & (values[moves + 2] < 0x80)]
    return _by_track(strikes, values, begins), _by_track(moves, values, begins)


def _by_track(at: NDArray[np.intp], values: NDArray[np.uint8], begins: Sequence[int]) -> list[list[int]]:
    """The channels of the status bytes at some places, for each track."""
    firsts = np.searchsorted(at, begins)
    if firsts[0] == len(at):
        return [[] for _ in begins]
    inside = at[firsts[0] :]
    firsts = np.append(firsts - firsts[0], len(inside))
    bits = np.left_shift(1, values[inside] & 15, dtype=np.int32)
    found = np.bitwise_or.reduceat(bits, np.minimum(firsts[:-1], len(inside) - 1)).tolist()
    return [
        [channel for channel in CHANNELS if bits >> channel & 1] if is_any else []
        for bits, is_any in zip(found, (firsts[1:] > firsts[:-1]).tolist(), strict=True)
    ]


def tags_of(index: int, strikes: Sequence[int], pedals: Sequence[int], programs: Sequence[int]) -> bytes:
    """Messages that leave the track's number and the channel's in each of its lines.

    symusic keeps the controllers of a line that has notes only: where there may be a pedal, the line is given one note.
    """
    messages = bytearray()
    for channel in pedals:
        messages += bytes([0, NOTE_ON | channel, *EMPTY_NOTE, 0, NOTE_OFF | channel, *EMPTY_NOTE])
    for channel in sorted({*strikes, *pedals}):
        for program in programs:
            messages += bytes([0, PROGRAM | channel, program])
            for number, value in zip(TAGS, (index >> 7, index & 127, channel), strict=True):
                messages += bytes([0, CONTROL | channel, number, value])
    return bytes(messages)


def owner_of(controls: Controls | None) -> int | None:
    """Sixteen times the track's number, and the channel's, by the tags that end a line's controls; None without."""
    if controls is None or tuple(controls["number"][-3:].tolist()) != TAGS:
        return None
    high, low, channel = controls["value"][-3:].tolist()
    return int((high << 7 | low) << 4 | channel)


def without_empty_note(line: Line, end_tick: int) -> Line:
    """The line without the note that `tags_of` gave it at the track's end."""
    pitch, velocity = EMPTY_NOTE
    is_empty = (line.onsets == end_tick) & (line.ends == end_tick)
    is_empty &= (line.pitches == pitch) & (line.velocities == velocity)
    return line.chosen(~is_empty) if is_empty.any() else line
