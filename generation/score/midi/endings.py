"""What a track is given at its end before symusic reads it, so that its answer says what symusic alone does not keep.

A marker shows that the track was read to its end; a late note-off for every key shows the notes that were never
switched off, which symusic drops; and tags say which track and channel each of its lines comes from.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from generation.score.midi.channels import CHANNELS, CONTROL, NOTE_OFF, NOTE_ON, PROGRAM

END_OF_TRACK = b"\xff\x2f\x00"
END_MARKER = b"\xff\x06\x01\x1b"
END_MARKER_TEXT = "\x1b"  # a control character, which no file's own marker is likely to be
FAR_TICKS = 1 << 27
FAR = b"\xc0\x80\x80\x00"  # FAR_TICKS as a MIDI time
AT_ONCE = b"\x00"
RELEASES = [bytes([NOTE_OFF | channel]) + AT_ONCE.join(bytes([key, 0]) for key in range(128)) for channel in CHANNELS]
EMPTY_NOTE = (0, 1)  # pitch and velocity
TAGS = (117, 118, 119)  # undefined controllers


def with_ending(body: bytes, strikes: Sequence[int], tags: bytes = b"") -> bytes:
    """A track's events with their end marked, tags, and long after it a note-off for each key of its channels."""
    begun = body[:-3] if body.endswith(END_OF_TRACK) else body + AT_ONCE
    late = AT_ONCE.join([RELEASES[channel] for channel in strikes])
    return b"".join((begun, END_MARKER, tags, FAR if late else b"", late, AT_ONCE, END_OF_TRACK))


def tags_of(index: int, pedals: Sequence[int], programs: Iterable[tuple[int, Iterable[int]]]) -> bytes:
    """Messages that leave the track's number and the channel's in each of its lines, for channels with their programs.

    symusic keeps the controllers of a line that has notes only: where there may be a pedal, the line is given one note.
    """
    messages = bytearray()
    for channel in pedals:
        messages += bytes([0, NOTE_ON | channel, *EMPTY_NOTE, 0, NOTE_OFF | channel, *EMPTY_NOTE])
    for channel, own in programs:
        tag = bytes([0, CONTROL | channel, TAGS[0], index >> 7, 0, TAGS[1], index & 127, 0, TAGS[2], channel])
        for program in own:
            messages += bytes([0, PROGRAM | channel, program]) + tag
    return bytes(messages)


def owner_of(controls: Mapping[str, NDArray[Any]]) -> int | None:
    """Sixteen times the track's number, and the channel's, by the tags that end a line's controllers; None without."""
    if tuple(controls["number"][-3:].tolist()) != TAGS:
        return None
    high, low, channel = controls["value"][-3:].tolist()
    return int((high << 7 | low) << 4 | channel)
