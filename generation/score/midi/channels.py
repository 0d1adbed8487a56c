"""On which channels a track may play, by a glance at its bytes: never too few, by chance some more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.score.midi.events import TEMPO
from generation.score.midi.pedals import SUSTAIN
from generation.score.midi.strides import META

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0
CHANNELS = range(16)
KIND = 0xF0  # of a status byte, the bits that tell which message it is
TEMPO_BYTES = np.arange(3, 6)  # of a meta event, those that tell the tempo
RANGE_CHOICE = bytes([101, 0])  # no bend range is set without it


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels on which a track may strike keys, and move a pedal.

    A pedal whose first move has no status byte is missed.
    """

    strikes: list[int]
    pedals: list[int]

    @property
    def used(self) -> list[int]:
        """All of them, ascending."""
        return sorted({*self.strikes, *self.pedals})


def channels_of(tracks: Sequence[bytes], data: bytes, begins: Sequence[int]) -> list[Channels]:
    """The channels of each track, by its events, all of the file, and where in it they begin; tempos are hidden."""
    strikes = [channel for channel in CHANNELS if NOTE_ON | channel in data]
    pedals = _pedals(data, begins)
    return [
        Channels([channel for channel in strikes if NOTE_ON | channel in events], pedals.get(track, []))
        for track, events in enumerate(tracks)
    ]


def _pedals(data: bytes, begins: Sequence[int]) -> dict[int, list[int]]:
    """Which channels' pedals each track may move, ascending: {track: channels}."""
    if not any(CONTROL | channel in data for channel in CHANNELS):
        return {}
    values = np.frombuffer(data, dtype=np.uint8)
    (at,) = ((values[1:] == SUSTAIN) & (values[:-1] & KIND == CONTROL)).nonzero()
    if len(at) == 0:
        return {}
    found: dict[int, list[int]] = {}
    tracks = np.searchsorted(begins, at, side="right") - 1
    for track, channel in sorted(set(zip(tracks.tolist(), (values[at] - CONTROL).tolist(), strict=True))):
        found.setdefault(track, []).append(channel)
    return found


def programs_of(events: bytes, channel: int) -> list[int]:
    """Program 0, and those that a channel may choose in a track's events; one without a status byte is missed."""
    if PROGRAM | channel not in events:
        return [0]
    following = {after[0] for after in events.split(bytes([PROGRAM | channel]))[1:] if after and after[0] < 0x80}
    return sorted({0, *following})


def may_set_ranges(data: bytes) -> bool:
    """Whether a bend may be in a range that the file sets, by the bytes of all of it."""
    return any(BEND | channel in data for channel in CHANNELS) and RANGE_CHOICE in data


def hide_tempos(data: bytes) -> bytes:
    """The same file with zeros for tempos, whose bytes look like anything."""
    values = np.frombuffer(data, dtype=np.uint8)
    (metas,) = (values[:-5] == META).nonzero()
    marks = metas[(values[metas + 1] == TEMPO) & (values[metas + 2] == 3)]
    hidden = values.copy()
    hidden[marks[:, None] + TEMPO_BYTES] = 0
    return hidden.tobytes()
