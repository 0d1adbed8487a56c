"""A score as the timed MIDI messages that a synthesiser needs; they agree with those that a page sends to its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.writing import BEND_STEPS, DEFAULT_BEND_RANGE, DRUM_CHANNEL, PITCHED_CHANNELS
from generation.score.notes import Bend, Score
from generation.score.playback import to_seconds

PORTS_MAX = 8  # of sixteen channels each; parts beyond them share
REPEAT_GAP_SECONDS = 0.004  # a key must be let go a little before it is struck again
NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0
WIDEST_BEND_SEMITONES = 96
WHEEL_REACH = 128 / 127  # SoundFont 2.04, 8.4.10: 12,700 cents for a range of 127/128, so a little less than is asked
RANK_SETUP, RANK_OFF, RANK_BEND, RANK_ON = range(4)

Row = tuple[float, int, int, int, int, int]  # seconds, rank among messages of one time, port, status, two data bytes


@dataclass(frozen=True)
class Messages:
    """Messages in the order they are due."""

    seconds: NDArray[np.float64]  # shape (n,), ascending
    data: NDArray[np.uint8]  # shape (n, 4): port (which sixteen channels), status, two data bytes

    @classmethod
    def of(cls, messages: Iterable[tuple[float, bytes]]) -> "Messages":
        """Plain messages of two or three bytes, each with its time in seconds; those of one time stay in order."""
        ordered = sorted(messages, key=lambda message: message[0])
        data = [(0, *message, *(0,) * (3 - len(message))) for _, message in ordered]
        return cls(np.array([seconds for seconds, _ in ordered]), np.array(data, dtype=np.uint8).reshape(-1, 4))


def messages_of(score: Score) -> Messages:
    """All a score says: programs, bend ranges, bends and notes; of equal notes at one time the longest is struck.

    Pitched parts have a channel each, on further ports from the sixteenth part on; drums share the tenth channel.
    """
    channels = _channels(score)
    rows = [*_setup(score, channels), *_bends(score, channels), *_notes(score, channels)]
    rows.sort(key=lambda row: row[:2])
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    return Messages(np.ascontiguousarray(table[:, 0]), table[:, 2:].astype(np.uint8))


def _channels(score: Score) -> list[int]:
    """Each part's channel: 16 times its port, and its channel there."""
    found: list[int] = []
    pitched = 0
    for part in score.parts:
        if part.is_drum:
            found.append(DRUM_CHANNEL)
            continue
        port, channel = divmod(pitched, len(PITCHED_CHANNELS))
        found.append(16 * (port % PORTS_MAX) + PITCHED_CHANNELS[channel])
        pitched += 1
    return found


def _setup(score: Score, channels: Sequence[int]) -> list[Row]:
    """At the beginning: how far each channel's wheel reaches, and its program."""
    rows: list[Row] = []
    for channel in dict.fromkeys(channels):
        own = [part for part, other in enumerate(channels) if other == channel]
        semitones = _bend_range([bend for bend in score.bends if bend.part in own])
        controls = ((101, 0), (100, 0), (6, semitones), (38, 0))
        rows += [_row(0.0, RANK_SETUP, channel, CONTROL, number, value) for number, value in controls]
        rows.append(_row(0.0, RANK_SETUP, channel, PROGRAM, score.parts[own[0]].program, 0))
    return rows


def _bend_range(bends: Sequence[Bend]) -> int:
    """Semitones that the wheel must reach for these bends."""
    widest = max((abs(bend.cents) for bend in bends), default=0.0)
    return max(DEFAULT_BEND_RANGE, min(WIDEST_BEND_SEMITONES, int(np.ceil(widest * WHEEL_REACH / 100))))


def _bends(score: Score, channels: Sequence[int]) -> list[Row]:
    if not score.bends:
        return []
    ranges = dict.fromkeys(channels, 0)
    for part, channel in enumerate(channels):
        reach = _bend_range([bend for bend in score.bends if bend.part == part])
        ranges[channel] = max(ranges[channel], reach)
    times = to_seconds(score, [bend.onset_quarters for bend in score.bends]).tolist()
    rows: list[Row] = []
    for bend, seconds in zip(score.bends, times, strict=True):
        channel = channels[bend.part]
        wheel = BEND_STEPS + round(bend.cents * WHEEL_REACH * BEND_STEPS / (100 * ranges[channel]))
        wheel = min(2 * BEND_STEPS - 1, max(0, wheel))
        rows.append(_row(seconds, RANK_BEND, channel, BEND, wheel & 0x7F, wheel >> 7))
    return rows


def _notes(score: Score, channels: Sequence[int]) -> list[Row]:
    """Every key struck and let go; one struck again while it sounds is let go just before."""
    notes = score.notes
    onsets = to_seconds(score, notes["onset_quarters"])
    ends = to_seconds(score, notes["onset_quarters"] + notes["duration_quarters"])
    keys = np.asarray(channels, dtype=np.int64)[notes["part"]] * 128 + notes["pitch"]
    order = np.lexsort((-ends, onsets, keys))
    onsets, ends, keys, velocities = onsets[order], ends[order], keys[order], notes["velocity"][order]
    is_new = np.ones(len(keys), dtype=bool)
    is_new[1:] = (np.diff(keys) != 0) | (np.diff(onsets) > 0)
    onsets, ends, keys, velocities = onsets[is_new], ends[is_new], keys[is_new], velocities[is_new]
    struck_again = keys[1:] == keys[:-1]
    ends[:-1] = np.where(struck_again, np.minimum(ends[:-1], onsets[1:] - REPEAT_GAP_SECONDS), ends[:-1])
    ends = np.maximum(ends, onsets + REPEAT_GAP_SECONDS)
    rows: list[Row] = []
    columns = (onsets.tolist(), ends.tolist(), keys.tolist(), velocities.tolist())
    for onset, end, key, velocity in zip(*columns, strict=True):
        channel, pitch = divmod(key, 128)
        rows.append(_row(onset, RANK_ON, channel, NOTE_ON, pitch, velocity))
        rows.append(_row(end, RANK_OFF, channel, NOTE_OFF, pitch, 0))
    return rows


def _row(seconds: float, rank: int, channel: int, status: int, first: int, second: int) -> Row:
    port, own = divmod(channel, 16)
    return seconds, rank, port, status | own, first, second
