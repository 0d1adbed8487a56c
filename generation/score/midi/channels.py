"""On which channels a track may play, by a glance at its bytes: never too few, by chance some more."""

from dataclasses import dataclass

import numpy as np

from generation.score.midi.events import TEMPO
from generation.score.midi.pedals import SUSTAIN
from generation.score.midi.strides import META

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM = 0x80, 0x90, 0xB0, 0xC0
CHANNELS = range(16)
PEDAL_MOVES = [bytes([CONTROL | channel, SUSTAIN]) for channel in CHANNELS]
RANGE_CHOICE = bytes([101, 0])  # no bend range is set without it


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels on which a track may strike keys, and move a pedal.

    A pedal whose first move has no status byte is missed.
    """

    strikes: list[int]
    pedals: list[int]

    @classmethod
    def of(cls, events: bytes) -> "Channels":
        """The channels of a track's events, whose tempos are hidden."""
        pedals = [channel for channel in CHANNELS if CONTROL | channel in events and PEDAL_MOVES[channel] in events]
        return cls([channel for channel in CHANNELS if NOTE_ON | channel in events], pedals)

    @property
    def used(self) -> list[int]:
        """All of them, ascending."""
        return sorted({*self.strikes, *self.pedals})


def programs_of(events: bytes, channel: int) -> list[int]:
    """Program 0, and those that a channel may choose in a track's events; one without a status byte is missed."""
    if PROGRAM | channel not in events:
        return [0]
    following = {after[0] for after in events.split(bytes([PROGRAM | channel]))[1:] if after and after[0] < 0x80}
    return sorted({0, *following})


def hide_tempos(data: bytes) -> bytes:
    """The same file with zeros for tempos, whose bytes look like anything."""
    values = np.frombuffer(data, dtype=np.uint8)
    metas = np.flatnonzero(values[:-5] == META)
    marks = metas[(values[metas + 1] == TEMPO) & (values[metas + 2] == 3)]
    hidden = values.copy()
    for byte in (3, 4, 5):
        hidden[marks + byte] = 0
    return hidden.tobytes()
