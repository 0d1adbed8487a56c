"""A file of format 2: tracks that are separate patterns, put one after another."""

from collections.abc import Sequence

import numpy as np

from generation.score.midi.events import CONTROL, METER, TrackEvents
from generation.score.midi.strides import Meta

RESET, NOTES_OFF = 121, 123  # controllers
CHANNELS = 16


def in_sequence(patterns: Sequence[TrackEvents], ticks_per_quarter: int) -> TrackEvents:
    """All patterns as one track, each from the first bar line after the one before it.

    Between two all keys and pedals are let go: no pattern sounds into the next.
    """
    pieces: list[TrackEvents] = []
    metas: list[Meta] = []
    begin = end = 0
    for pattern in patterns:
        end = begin + pattern.end_tick
        pieces += [pattern.shifted(begin), _release(end)]
        metas += [(tick + begin, kind, content) for tick, kind, content in pattern.metas]
        bar = _bar_ticks(pattern, ticks_per_quarter)
        begin += -(-pattern.end_tick // bar) * bar
    return TrackEvents(
        ticks=np.concatenate([piece.ticks for piece in pieces]),
        statuses=np.concatenate([piece.statuses for piece in pieces]),
        firsts=np.concatenate([piece.firsts for piece in pieces]),
        lasts=np.concatenate([piece.lasts for piece in pieces]),
        metas=metas,
        end_tick=end,
    )


def _bar_ticks(pattern: TrackEvents, ticks_per_quarter: int) -> int:
    """How long a bar of the pattern's last meter is, 4/4 where it has none that means something."""
    for _, kind, content in reversed(pattern.metas):
        if kind == METER and len(content) >= 2 and content[0] > 0:
            return max(1, (4 * ticks_per_quarter * content[0]) >> min(content[1], 10))
    return 4 * ticks_per_quarter


def _release(tick: int) -> TrackEvents:
    """On every channel, at one tick: controllers reset, the pedal among them, and all notes off."""
    statuses = np.repeat(np.arange(CHANNELS) | CONTROL << 4, 2)
    firsts = np.tile([RESET, NOTES_OFF], CHANNELS)
    return TrackEvents(np.full(2 * CHANNELS, tick), statuses, firsts, np.zeros_like(firsts), [], tick)
