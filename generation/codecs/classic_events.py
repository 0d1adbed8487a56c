"""What the study's tokens need of a MIDI file: each track's notes and marks in the order of the file.

A Score keeps notes by pitch and knows nothing of name marks, yet both decide which strings music21 says, and in which
order. So the bytes are walked here, leanly; `generation.score.midi.read` remains the judge of what is a sound file.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from generation.codecs.classic_sounds import Stroke
from generation.codecs.codec import CodecError
from generation.score.midi.container import open_container
from generation.score.midi.limits import MidiRefused, ReadLimits

DRUM_CHANNEL = 9
LATEST_TICK = 1 << 40
DEFAULT_LIMITS = ReadLimits()

# Status bytes of the first of sixteen channels each.
NOTE_OFF, NOTE_ON, PRESSURE, PROGRAM, CHANNEL_PRESSURE, BEND = 0x80, 0x90, 0xA0, 0xC0, 0xD0, 0xE0
FIRST_STATUS, FIRST_SYSTEM, META = 0x80, 0xF0, 0xFF
SYSEX = (0xF0, 0xF7)

TRACK_NAME, INSTRUMENT_NAME, TEMPO, METER, KEY = 0x03, 0x04, 0x51, 0x58, 0x59
NAMES = (TRACK_NAME, INSTRUMENT_NAME)
MOST_NAMES = 2000
MARKS = frozenset((TRACK_NAME, INSTRUMENT_NAME, TEMPO, METER, KEY))


Key = tuple[int, int, int, bool]  # tick, channel, pitch, and whether it is pressed or released


class Mark(NamedTuple):
    """A meta event of `MARKS`, or a program change (kind `PROGRAM`: its data are program and channel)."""

    tick: int
    kind: int
    data: bytes


@dataclass(slots=True)
class Track:
    """One track chunk. `strikes` says whether any note begins in it, ended or not."""

    marks: list[Mark] = field(default_factory=list)
    strikes: bool = False
    keys: list[Key] = field(default_factory=list)

    def strokes(self) -> list[Stroke]:
        """The notes in ticks, in order of onset and, within one tick, of the file.

        A note lasts to the next release of its pitch and channel, even where it is struck again before.
        """
        released: dict[int, int] = {}
        found = []
        for tick, channel, pitch, begins in reversed(self.keys):
            name = channel << 8 | pitch
            if not begins:
                released[name] = tick
            elif name in released:
                found.append(Stroke(tick, released[name], pitch & 0x7F, channel == DRUM_CHANNEL))
        found.reverse()
        return found


def walk(data: bytes) -> tuple[int, list[Track]]:
    """(ticks in a quarter, tracks in order) of a MIDI file. Raises CodecError for a broken one."""
    try:
        container = open_container(data, DEFAULT_LIMITS)
        spans = [(span.begin, span.latest_end if span.end is None else span.end) for span in container.tracks]
        tracks = [_walk_track(container.data[begin:end]) for begin, end in spans]
    except MidiRefused as error:
        raise CodecError("bad_file", str(error)) from None
    except IndexError:
        message = "expected whole MIDI events, got a track that breaks off: open the file in a sequencer and export it"
        raise CodecError("bad_file", message) from None
    n_names = sum(mark.kind in NAMES for track in tracks for mark in track.marks)
    if n_names > MOST_NAMES:
        message = f"expected at most {MOST_NAMES} names of tracks and instruments, got {n_names}: leave this piece out"
        raise CodecError("too_dense", message)
    return container.ticks_per_quarter, tracks


def _walk_track(data: bytes) -> Track:
    """The notes and marks of a track's bytes, to their very end. Raises IndexError where an event is cut short."""
    track = Track()
    keys = track.keys
    at = tick = 0
    status = NOTE_ON
    end = len(data)
    while at < end:
        byte = data[at]
        at += 1
        delta = byte & 0x7F
        while byte >= FIRST_STATUS:
            byte = data[at]
            at += 1
            delta = delta << 7 | byte & 0x7F
        if at >= end:
            break
        tick += delta
        byte = data[at]
        if byte >= FIRST_STATUS:
            at += 1
            if byte >= FIRST_SYSTEM:
                at = _walk_system(track, data, at, tick, byte)
                continue
            status = byte
        if status < NOTE_ON:
            keys.append((tick, status - NOTE_OFF, data[at], False))
            at += 2
        elif status < PRESSURE:
            keys.append((tick, status - NOTE_ON, data[at], data[at + 1] > 0))
            at += 2
        else:
            at = _walk_channel(track, data, at, tick, status)
    if tick > LATEST_TICK:
        raise IndexError(f"no event stands at tick {tick}")
    track.strikes = any(key[3] for key in keys)
    return track


def _walk_channel(track: Track, data: bytes, at: int, tick: int, status: int) -> int:
    """Where the next event begins, after a channel's event that is no note's."""
    if not PROGRAM <= status < BEND:
        return at + 2
    if status < CHANNEL_PRESSURE:
        track.marks.append(Mark(tick, PROGRAM, bytes((data[at], status - PROGRAM))))
    return at + 1


def _walk_system(track: Track, data: bytes, at: int, tick: int, status: int) -> int:
    """Where the next event begins, after a meta event or system exclusive one whose status byte has been read."""
    kind = -1
    if status == META:
        kind = data[at]
        at += 1
    elif status not in SYSEX:
        raise IndexError(f"no event begins with {status}")
    byte = data[at]
    at += 1
    length = byte & 0x7F
    while byte >= FIRST_STATUS:
        byte = data[at]
        at += 1
        length = length << 7 | byte & 0x7F
    if kind in MARKS:
        track.marks.append(Mark(tick, kind, data[at : at + length]))
    return at + length
