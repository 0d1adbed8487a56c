"""A score as a type-1 MIDI file: one conductor track, then a track for each part."""

import struct

import numpy as np
from numpy.typing import NDArray

from generation.score.notes import Bend, KeySignature, Meter, Score, Tempo

TICKS_PER_QUARTER = 960  # a multiple of the grid's 12 slots; half a tick is 0.3 ms at 120 quarters a minute
FINEST_FACTOR = 34  # times that, ticks a quarter still fit the 15 bits of a file's header
LONGEST_TICKS = 1 << 27  # of a piece counted finer: the time between two events has 28 bits
ON_TICK = 1e-4  # of a tick: what a float loses
PORTS = 128  # of sixteen channels each
WIDEST_BEND_RANGE = 96  # semitones
BEND_PRECISION = 1  # decimals of a cent that reading keeps
DRUM_CHANNEL = 9
PITCHED_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15)
DEFAULT_BEND_RANGE = 2  # semitones
BEND_STEPS = 8192

Event = tuple[int, int, bytes]  # tick, rank among events of one tick, message

RANK_SETUP, RANK_OFF, RANK_BEND, RANK_ON = range(4)


def write(score: Score) -> bytes:
    """The score as MIDI bytes; `midi.read` gives an equal score for times that some division of the quarter can say.

    Times that no multiple of 960 ticks a quarter says are rounded to 1/960 quarter, bends to a 14-bit step of a range
    that is as wide as they need. A key struck again while it sounds ends the earlier note, and of two notes struck at
    once the longer is written: otherwise readers would disagree on which note-off ends which note. From the sixteenth
    pitched part on, parts have channels on further ports. Raises ValueError for what MIDI can't say.
    """
    ticks_per_quarter = _choose_division(score)
    tracks = [_conductor(score, ticks_per_quarter)]
    pitched = 0
    for index, part in enumerate(score.parts):
        port, channel = divmod(pitched, len(PITCHED_CHANNELS))
        place = (0, DRUM_CHANNEL) if part.is_drum else (port % PORTS, PITCHED_CHANNELS[channel])
        pitched += not part.is_drum
        tracks.append(_part(score, index, place, ticks_per_quarter))
    head = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), ticks_per_quarter)
    return head + b"".join(tracks)


def _choose_division(score: Score) -> int:
    """The fewest ticks a quarter, a multiple of 960, that say all the score's times; 960 where none does."""
    notes = score.notes
    timed: list[Tempo | Meter | KeySignature | Bend] = [*score.tempos, *score.meters, *score.keys, *score.bends]
    marks = [mark.onset_quarters for mark in timed]
    times = np.concatenate([notes["onset_quarters"], notes["onset_quarters"] + notes["duration_quarters"], marks])
    longest = float(times.max(initial=0.0)) * TICKS_PER_QUARTER
    ticks = times * TICKS_PER_QUARTER
    for factor in range(1, FINEST_FACTOR + 1):
        finer = ticks * factor
        if factor > 1 and longest * factor > LONGEST_TICKS:
            break
        if np.all(np.abs(finer - np.rint(finer)) < ON_TICK):
            return TICKS_PER_QUARTER * factor
    return TICKS_PER_QUARTER


def _conductor(score: Score, ticks_per_quarter: int) -> bytes:
    """The track of tempo, meter and key."""
    events: list[Event] = []
    for tempo in score.tempos:
        microseconds = min(0xFFFFFF, max(1, round(60e6 / tempo.tempo_bpm)))
        message = b"\xff\x51\x03" + microseconds.to_bytes(3, "big")
        events.append((_tick(tempo.onset_quarters, ticks_per_quarter), 2, message))
    for meter in score.meters:
        power = meter.denominator.bit_length() - 1
        clocks = max(1, 96 // meter.denominator)
        message = bytes([0xFF, 0x58, 4, meter.numerator, power, clocks, 8])
        events.append((_tick(meter.onset_quarters, ticks_per_quarter), 0, message))
    for key in score.keys:
        message = bytes([0xFF, 0x59, 2, key.fifths % 256, int(key.is_minor)])
        events.append((_tick(key.onset_quarters, ticks_per_quarter), 1, message))
    return _chunk(events)


def _part(score: Score, index: int, place: tuple[int, int], ticks_per_quarter: int) -> bytes:
    """The track of one part at a port and channel: its name, program, bends and notes."""
    port, channel = place
    part = score.parts[index]
    name = part.name.encode()
    events: list[Event] = [(0, RANK_SETUP, b"\xff\x03" + _variable_length(len(name)) + name)] if name else []
    if port:
        events.append((0, RANK_SETUP, bytes([0xFF, 0x21, 1, port])))
    events.append((0, RANK_SETUP, bytes([0xC0 | channel, part.program])))
    events += _bend_events([bend for bend in score.bends if bend.part == index], channel, ticks_per_quarter)
    onsets, ends, pitches, velocities = _playable(score, index, ticks_per_quarter)
    on, off = 0x90 | channel, 0x80 | channel
    for onset, end, pitch, velocity in zip(onsets, ends, pitches, velocities, strict=True):
        events.append((onset, RANK_ON, bytes([on, pitch, velocity])))
        events.append((end, RANK_OFF, bytes([off, pitch, 0])))
    return _chunk(events)


def _bend_events(bends: list[Bend], channel: int, ticks_per_quarter: int) -> list[Event]:
    if not bends:
        return []
    cents = np.array([bend.cents for bend in bends])
    semitones = _choose_range(cents)
    events: list[Event] = []
    if semitones != DEFAULT_BEND_RANGE:
        control = 0xB0 | channel
        setting = ((101, 0), (100, 0), (6, semitones), (38, 0), (101, 127), (100, 127))
        events += [(0, RANK_SETUP, bytes([control, number, value])) for number, value in setting]
    values = (_wheel(cents, semitones) + BEND_STEPS).tolist()
    for bend, value in zip(bends, values, strict=True):
        tick = _tick(bend.onset_quarters, ticks_per_quarter)
        events.append((tick, RANK_BEND, bytes([0xE0 | channel, value & 0x7F, value >> 7])))
    return events


def _choose_range(cents: NDArray[np.float64]) -> int:
    """The narrowest range in semitones that says these bends to a tenth of a cent, else that holds them."""
    widest = float(np.abs(cents).max())
    narrowest = max(DEFAULT_BEND_RANGE, min(WIDEST_BEND_RANGE, int(np.ceil(widest / 100))))
    for semitones in range(narrowest, WIDEST_BEND_RANGE + 1):
        back = np.round(_wheel(cents, semitones) * (100 * semitones / BEND_STEPS), BEND_PRECISION)
        if np.array_equal(back, np.round(cents, BEND_PRECISION)):
            return semitones
    return narrowest


def _wheel(cents: NDArray[np.float64], semitones: int) -> NDArray[np.int64]:
    """Positions of the wheel, -8192 to 8191, that come nearest to these bends."""
    positions = np.rint(cents * BEND_STEPS / (100 * semitones)).astype(np.int64)
    return np.clip(positions, -BEND_STEPS, BEND_STEPS - 1)


def _playable(score: Score, index: int, ticks_per_quarter: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Onset ticks, end ticks, pitches and velocities of a part's notes, no key struck while it is down."""
    notes = score.notes[score.notes["part"] == index]
    onsets = _ticks(notes["onset_quarters"], ticks_per_quarter)
    ends = _ticks(notes["onset_quarters"] + notes["duration_quarters"], ticks_per_quarter)
    ends = np.maximum(onsets + 1, ends)
    order = np.lexsort((ends, onsets, notes["pitch"]))
    onsets, ends, pitches, velocities = onsets[order], ends[order], notes["pitch"][order], notes["velocity"][order]
    struck_again = pitches[:-1] == pitches[1:]
    ends[:-1] = np.where(struck_again, np.minimum(ends[:-1], onsets[1:]), ends[:-1])
    kept = ends > onsets
    return onsets[kept].tolist(), ends[kept].tolist(), pitches[kept].tolist(), velocities[kept].tolist()


def _ticks(quarters: NDArray[np.float64], ticks_per_quarter: int) -> NDArray[np.int64]:
    ticks: NDArray[np.int64] = np.rint(quarters * ticks_per_quarter).astype(np.int64)
    if len(ticks) and ticks.min() < 0:
        raise ValueError(f"expected times from 0 on, got {ticks.min() / ticks_per_quarter:g} quarters: shift the score")
    return ticks


def _tick(quarters: float, ticks_per_quarter: int) -> int:
    return max(0, round(quarters * ticks_per_quarter))


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
