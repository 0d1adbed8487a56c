"""A score as a type-1 MIDI file: one conductor track, then a track for each part."""

import struct

import numpy as np
from numpy.typing import NDArray

from generation.score.notes import Bend, Part, Score

TICKS_PER_QUARTER = 960  # a multiple of the grid's 12 slots; half a tick is 0.3 ms at 120 quarters a minute
DRUM_CHANNEL = 9
PITCHED_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15)
DEFAULT_BEND_RANGE = 2  # semitones
BEND_STEPS = 8192

Event = tuple[int, int, bytes]  # tick, rank among events of one tick, message

RANK_SETUP, RANK_OFF, RANK_BEND, RANK_ON = range(4)


def write(score: Score) -> bytes:
    """The score as MIDI bytes, times rounded to 1/960 quarter; `midi.read` gives an equal score for times on ticks.

    A key struck again while it sounds ends the earlier note, and of two equal notes at one time the longer is written:
    otherwise readers would disagree on which note-off ends which note. Raises ValueError for what MIDI can't say.
    """
    tracks = [_conductor(score)]
    pitched = 0
    for index, part in enumerate(score.parts):
        channel = DRUM_CHANNEL if part.is_drum else PITCHED_CHANNELS[pitched % len(PITCHED_CHANNELS)]
        pitched += not part.is_drum
        tracks.append(_part(score, index, part, channel))
    head = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), TICKS_PER_QUARTER)
    return head + b"".join(tracks)


def _conductor(score: Score) -> bytes:
    """The track of tempo, meter and key."""
    events: list[Event] = []
    for tempo in score.tempos:
        microseconds = min(0xFFFFFF, max(1, round(60e6 / tempo.tempo_bpm)))
        events.append((_tick(tempo.onset_quarters), 2, b"\xff\x51\x03" + microseconds.to_bytes(3, "big")))
    for meter in score.meters:
        power = meter.denominator.bit_length() - 1
        clocks = max(1, 96 // meter.denominator)
        events.append((_tick(meter.onset_quarters), 0, bytes([0xFF, 0x58, 4, meter.numerator, power, clocks, 8])))
    events += [
        (_tick(key.onset_quarters), 1, bytes([0xFF, 0x59, 2, key.fifths % 256, int(key.is_minor)]))
        for key in score.keys
    ]
    return _chunk(events)


def _part(score: Score, index: int, part: Part, channel: int) -> bytes:
    """The track of one part: its name, program, bends and notes."""
    name = part.name.encode()
    events: list[Event] = [(0, RANK_SETUP, b"\xff\x03" + _variable_length(len(name)) + name)] if name else []
    events.append((0, RANK_SETUP, bytes([0xC0 | channel, part.program])))
    events += _bend_events([bend for bend in score.bends if bend.part == index], channel)
    onsets, ends, pitches, velocities = _playable(score, index)
    on, off = 0x90 | channel, 0x80 | channel
    for onset, end, pitch, velocity in zip(onsets, ends, pitches, velocities, strict=True):
        events.append((onset, RANK_ON, bytes([on, pitch, velocity])))
        events.append((end, RANK_OFF, bytes([off, pitch, 0])))
    return _chunk(events)


def _bend_events(bends: list[Bend], channel: int) -> list[Event]:
    if not bends:
        return []
    widest = max(abs(bend.cents) for bend in bends)
    semitones = max(DEFAULT_BEND_RANGE, min(96, int(np.ceil(widest / 100))))
    events: list[Event] = []
    if semitones != DEFAULT_BEND_RANGE:
        control = 0xB0 | channel
        setting = ((101, 0), (100, 0), (6, semitones), (38, 0), (101, 127), (100, 127))
        events += [(0, RANK_SETUP, bytes([control, number, value])) for number, value in setting]
    for bend in bends:
        value = round(bend.cents * BEND_STEPS / (100 * semitones)) + BEND_STEPS
        value = min(2 * BEND_STEPS - 1, max(0, value))
        events.append((_tick(bend.onset_quarters), RANK_BEND, bytes([0xE0 | channel, value & 0x7F, value >> 7])))
    return events


def _playable(score: Score, index: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Onset ticks, end ticks, pitches and velocities of a part's notes, no key struck while it is down."""
    notes = score.notes[score.notes["part"] == index]
    onsets = _ticks(notes["onset_quarters"])
    ends = np.maximum(onsets + 1, _ticks(notes["onset_quarters"] + notes["duration_quarters"]))
    order = np.lexsort((ends, onsets, notes["pitch"]))
    onsets, ends, pitches, velocities = onsets[order], ends[order], notes["pitch"][order], notes["velocity"][order]
    struck_again = pitches[:-1] == pitches[1:]
    ends[:-1] = np.where(struck_again, np.minimum(ends[:-1], onsets[1:]), ends[:-1])
    kept = ends > onsets
    return onsets[kept].tolist(), ends[kept].tolist(), pitches[kept].tolist(), velocities[kept].tolist()


def _ticks(quarters: NDArray[np.float64]) -> NDArray[np.int64]:
    ticks: NDArray[np.int64] = np.rint(quarters * TICKS_PER_QUARTER).astype(np.int64)
    if len(ticks) and ticks.min() < 0:
        raise ValueError(f"expected times from 0 on, got {ticks.min() / TICKS_PER_QUARTER:g} quarters: shift the score")
    return ticks


def _tick(quarters: float) -> int:
    return max(0, round(quarters * TICKS_PER_QUARTER))


def _chunk(events: list[Event]) -> bytes:
    """A track chunk of events, in order of time; setup first, note-offs before note-ons."""
    body = bytearray()
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        body += _variable_length(tick - now) + message
        now = tick
    body += b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(body)) + bytes(body)


def _variable_length(value: int) -> bytes:
    """An integer from 0 up as MIDI's big-endian groups of seven bits."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(0x80 | (value & 0x7F))
    return bytes(reversed(groups))
