"""The careful parser: every event read here, for files that the fast one refuses or can't tell all about."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.container import SEPARATE_SONGS, Container
from generation.score.midi.events import CONTROL, KEY, METER, NOTE_ON, TEMPO, TrackEvents, read_events
from generation.score.midi.limits import ReadLimits, check_events
from generation.score.midi.lines import Line, Track, joined, lines_of
from generation.score.midi.parsed import Lines, Parsed, Ticks
from generation.score.midi.pedals import Pedals, instrument_number, pedals_of, rung_ends
from generation.score.midi.songs import in_sequence

SMALLEST_METER_POWER = 6  # a 64th
NO_METER = 0

Mark = tuple[int, bytes]  # tick, content


def read_careful(container: Container, limits: ReadLimits, *, needs_pedal: bool) -> Parsed:
    """The file's lines and marks. Raises MidiRefused where events are broken, cut short or too many."""
    events = _all_events(container, limits)
    if container.midi_format == SEPARATE_SONGS and len(events) > 1:
        events = [in_sequence(events, container.ticks_per_quarter)]
    tracks = [Track.of(track) for track in events]
    return Parsed(
        ticks_per_quarter=container.ticks_per_quarter,
        lines=_lines(tracks, container.ticks_per_quarter, needs_pedal=needs_pedal),
        tempos=_tempos(_marks(tracks, TEMPO)),
        meters=[_meter(mark) for mark in _marks(tracks, METER) if len(mark[1]) >= 2],
        keys=[(tick, (c[0] + 128) % 256 - 128, c[1]) for tick, c in _marks(tracks, KEY) if len(c) >= 2],
    )


def _all_events(container: Container, limits: ReadLimits) -> list[TrackEvents]:
    """Every track's events; no more than the limits allow are held at any time."""
    found: list[TrackEvents] = []
    n_left, n_notes = limits.max_events, 0
    for span in container.tracks:
        events = read_events(container.data, span, n_left)
        n_left -= len(events.ticks) + len(events.metas)
        n_notes += int(np.count_nonzero((events.kinds == NOTE_ON) & (events.lasts > 0)))
        check_events(limits, n_notes=n_notes, n_others=0)
        found.append(events)
    return found


def _lines(tracks: Sequence[Track], ticks_per_quarter: int, *, needs_pedal: bool) -> Lines:
    """All lines, their notes lengthened by the pedals."""
    pedals = _pedals(tracks) if needs_pedal else {}
    last_tick = max(track.events.end_tick for track in tracks)
    lines: list[Line] = []
    for track in tracks:
        for line in lines_of(track):
            pedal = pedals.get(instrument_number(track.port, line.channel, line.part.program))
            if pedal is None or line.part.is_drum:  # drums have no pedal
                lines.append(line)
            else:
                lines.append(replace(line, ends=rung_ends(line.ends, pedal, ticks_per_quarter, last_tick)))
    return joined(lines)


def _pedals(tracks: Sequence[Track]) -> Pedals:
    """The pedals of all instruments, wherever they are moved."""
    rows = [_controls(track) for track in tracks]
    return pedals_of(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def _controls(track: Track) -> tuple[Ticks, ...]:
    """The instrument's number, time, number and value of a track's controllers."""
    events = track.events
    own = np.flatnonzero(events.kinds == CONTROL)
    numbers = track.line_ids[own] + instrument_number(track.port, 0, 0)
    return numbers, events.ticks[own], events.firsts[own], events.lasts[own]


def _marks(tracks: Sequence[Track], kind: int) -> list[Mark]:
    """Ticks and contents of all tracks' meta events of a kind, in order of time."""
    return sorted((mark for track in tracks for mark in track.metas(kind)), key=lambda mark: mark[0])


def _tempos(marks: Sequence[Mark]) -> tuple[Ticks, NDArray[np.int64]]:
    whole = [(tick, int.from_bytes(content)) for tick, content in marks if len(content) == 3]
    table = np.array(whole, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _meter(mark: Mark) -> tuple[int, int, int]:
    """Tick, numerator and denominator of a meter; a denominator too small to be written is 0, which means nothing."""
    tick, content = mark
    return tick, content[0], 1 << content[1] if content[1] <= SMALLEST_METER_POWER else NO_METER
