"""The events of one MIDI track, byte by byte: what the fast parser refuses or can't tell is read here."""

from array import array
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.container import TrackSpan
from generation.score.midi.limits import MidiRefused
from generation.score.midi.strides import END_OF_TRACK, META, SYSEX, TICK_SHIFT, TICKS_MAX, Meta, walk_regular

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, BEND = 0x8, 0x9, 0xB, 0xC, 0xE
TEMPO, METER, KEY = 0x51, 0x58, 0x59  # meta events
ONE_BYTE, TWO_BYTES_AGAIN = 0xC0, 0xE0  # status bytes from the first up to the second have one data byte, others two
SYSTEM_DATA_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}
VARIABLE_BYTES_MAX = 4
NO_STATUS = 0x1FF  # running status before there is any


@dataclass(frozen=True)
class TrackEvents:
    """A track's channel messages in the file's order, shape (n,) each, and its meta events."""

    ticks: NDArray[np.int64]
    statuses: NDArray[np.int64]
    firsts: NDArray[np.int64]  # data bytes, 0-127
    lasts: NDArray[np.int64]
    metas: list[Meta]
    end_tick: int

    @property
    def kinds(self) -> NDArray[np.int64]:
        """The upper half of each status byte: which message."""
        return self.statuses >> 4

    @property
    def channels(self) -> NDArray[np.int64]:
        """The lower half of each status byte."""
        return self.statuses & 15

    def shifted(self, ticks: int) -> "TrackEvents":
        """The same messages some ticks later."""
        return replace(self, ticks=self.ticks + ticks)

    @classmethod
    def of(cls, packed: NDArray[np.int64], metas: list[Meta], end_tick: int) -> "TrackEvents":
        """From integers of tick, status and two data bytes, high to low."""
        columns = (packed >> TICK_SHIFT, packed >> 16 & 0xFF, packed >> 8 & 0xFF, packed & 0xFF)
        return cls(*columns, metas, end_tick)


def read_events(data: bytes, span: TrackSpan, max_events: int) -> TrackEvents:
    """The events of one track up to its end. Raises MidiRefused where they are broken, cut short or too many.

    Running status is carried over meta events and system messages, as many writers do. A track may lack its
    end-of-track event only where its length is right.
    """
    body = data[span.begin : span.latest_end]
    end = -1 if span.end is None else span.end - span.begin
    regular = walk_regular(body, end, max_events)
    if regular is not None:
        return TrackEvents.of(*regular)
    try:
        packed, metas, end_tick = _walk(body, end, max_events)
    except IndexError:
        message = f"expected events up to an end of track, got only the first {len(body)} bytes: upload the file again"
        raise MidiRefused("cut_short", message) from None
    except OverflowError:
        message = f"expected at most {TICKS_MAX} ticks, got more: cut the silence out"
        raise MidiRefused("too_long", message) from None
    return TrackEvents.of(np.array(packed, dtype=np.int64), metas, end_tick)


def _walk(body: bytes, end: int, max_events: int) -> tuple["array[int]", list[Meta], int]:
    """Channel messages packed into integers, meta events, and the last tick. IndexError where bytes are missing."""
    packed = array("q")
    metas: list[Meta] = []
    at = tick = 0
    running = NO_STATUS
    for _ in range(max_events):
        if at == end:
            return packed, metas, tick
        delta = body[at]
        at += 1
        if delta > 127:
            delta, at = _variable(body, at - 1)
        tick += delta
        status = body[at]
        if status > 127:
            at += 1
        else:
            status = running
        if status < 0xF0:
            running = status
            first = body[at]
            at += 1
            second = 0
            if not ONE_BYTE <= status < TWO_BYTES_AGAIN:
                second = body[at]
                at += 1
            if first | second > 127:
                raise _broken(f"a data byte of {max(first, second)}", at - 1)
            packed.append(tick << TICK_SHIFT | status << 16 | first << 8 | second)
        elif status == META and body[at] == END_OF_TRACK:
            return packed, metas, tick
        else:
            at = _system_event(body, at, status, tick, metas)
    raise MidiRefused("too_many_events", f"expected at most {max_events} more events, got more: thin them out")


def _system_event(body: bytes, at: int, status: int, tick: int, metas: list[Meta]) -> int:
    """Where the event after this one begins; a meta event is kept."""
    if status == NO_STATUS:
        raise _broken("a data byte where a status was due", at)
    if status == META:
        length, begin = _variable(body, at + 1)
        if begin + length > len(body):
            raise IndexError
        metas.append((tick, body[at], body[begin : begin + length]))
        return begin + length
    if status in SYSEX:
        length, begin = _variable(body, at)
        return begin + length
    return at + SYSTEM_DATA_BYTES.get(status, 0)


def _variable(body: bytes, at: int) -> tuple[int, int]:
    """An integer of groups of seven bits, and where the byte after it is."""
    value = 0
    for following in range(at + 1, at + 1 + VARIABLE_BYTES_MAX):
        byte = body[following - 1]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, following
    raise _broken("a length or time of more than 4 bytes", at)


def _broken(what: str, at: int) -> MidiRefused:
    message = f"expected whole MIDI events, got {what} (byte {at} of a track): open the file in a sequencer, export it"
    return MidiRefused("broken_events", message)
