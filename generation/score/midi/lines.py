"""One track's events as lines: what each channel plays with each program."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.bending import WHEEL_STEPS, cents_of, range_changes
from generation.score.midi.events import BEND, CONTROL, NOTE_OFF, NOTE_ON, PROGRAM, TrackEvents
from generation.score.midi.pairing import pair_notes
from generation.score.midi.parsed import NO_BENDS, NO_LINES, Bends, Lines, Ticks, clean_name, groups_of
from generation.score.midi.pedals import PROGRAMS
from generation.score.notes import Part

NAME, PORT = 0x03, 0x21  # meta events
SOUND_OFF, NOTES_OFF = 120, 123  # controllers; those after NOTES_OFF switch modes, and notes off with it
DRUM_CHANNEL = 9
PITCHES = 128


@dataclass(frozen=True)
class Line:
    """What one channel of one track plays with one program; arrays of shape (n,), notes in any order."""

    channel: int
    part: Part
    onsets: Ticks
    ends: Ticks
    pitches: NDArray[np.integer[Any]]
    velocities: NDArray[np.integer[Any]]
    bends: Bends


@dataclass(frozen=True)
class Track:
    """A track's events, with the line that each belongs to: its channel and program in one number, shape (n,)."""

    events: TrackEvents
    line_ids: NDArray[np.int64]

    @classmethod
    def of(cls, events: TrackEvents) -> "Track":
        """A track of events, each of its channel and the program then in force."""
        return cls(events, events.channels * PROGRAMS + _programs(events))

    @property
    def port(self) -> int:
        """Which sixteen channels the track's are."""
        return next((content[0] for _, content in self.metas(PORT) if content), 0)

    @property
    def name(self) -> str:
        """The track's last name, cleaned."""
        names = [content for _, content in self.metas(NAME)]
        return clean_name(names[-1].decode(errors="replace")) if names else ""

    def metas(self, kind: int) -> Iterator[tuple[int, bytes]]:
        """Ticks and contents of the meta events of a kind."""
        return ((tick, content) for tick, other, content in self.events.metas if other == kind)


def lines_of(track: Track) -> Iterator[Line]:
    """Each line that has notes; channels, then programs ascend. Notes end as the keys are let go."""
    events, name = track.events, track.name
    starts, ends = _ended_notes(events)
    bends = _bends(track)
    for line_id, own in groups_of(track.line_ids[starts]).items():
        channel, program = divmod(line_id, PROGRAMS)
        struck = starts[own]
        yield Line(
            channel=channel,
            part=Part(name, program, channel == DRUM_CHANNEL),
            onsets=events.ticks[struck],
            ends=ends[own],
            pitches=events.firsts[struck],
            velocities=events.lasts[struck],
            bends=bends.get(line_id, NO_BENDS),
        )


def joined(lines: Sequence[Line]) -> Lines:
    """The lines with all their notes in one column each."""
    if not lines:
        return NO_LINES
    rows = [(line.onsets, line.ends, line.pitches, line.velocities, *line.bends) for line in lines]
    onsets, ends, pitches, velocities, *bends = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Lines(
        parts=tuple(line.part for line in lines),
        n_notes=[len(line.onsets) for line in lines],
        onsets=onsets,
        ends=ends,
        pitches=pitches,
        velocities=velocities,
        n_bends=[len(line.bends[0]) for line in lines],
        bends=(bends[0], bends[1]),
    )


def _programs(events: TrackEvents) -> NDArray[np.int64]:
    """The program in force at each event, shape (n,): 0, or where no note comes sooner, the first one chosen."""
    programs = np.zeros(len(events.ticks), dtype=np.int64)
    kinds, channels = events.kinds, events.channels
    for channel in set(channels[kinds == PROGRAM].tolist()):
        own = np.flatnonzero(channels == channel)
        changes = own[kinds[own] == PROGRAM]
        chosen = np.append(0, events.firsts[changes])
        if not np.any(kinds[own[own < changes[0]]] == NOTE_ON):
            chosen[0] = chosen[1]
        programs[own] = chosen[np.searchsorted(changes, own, side="right")]
    return programs


def _ended_notes(events: TrackEvents) -> tuple[NDArray[np.intp], Ticks]:
    """Indices of the events that strike a key, and the ticks at which those notes end."""
    kinds = events.kinds
    where = np.flatnonzero((kinds == NOTE_ON) | (kinds == NOTE_OFF))
    is_on = (kinds[where] == NOTE_ON) & (events.lasts[where] > 0)
    starts, stops = pair_notes(events.channels[where] * PITCHES + events.firsts[where], is_on)
    ends = events.ticks[where[stops]]
    unended = np.flatnonzero(is_on[stops])
    if len(unended):
        hanging = stops[unended] == starts[unended]
        until = np.where(hanging, events.end_tick, ends[unended])
        ends[unended] = np.minimum(until, _silences(events, where[starts[unended]]))
    return where[starts], ends


def _silences(events: TrackEvents, starts: NDArray[np.intp]) -> Ticks:
    """When all notes of a channel are next switched off after each of these events; the track's end if never."""
    found = np.full(len(starts), events.end_tick, dtype=np.int64)
    is_silence = (events.kinds == CONTROL) & ((events.firsts == SOUND_OFF) | (events.firsts >= NOTES_OFF))
    for channel in set(events.channels[is_silence].tolist()):
        silences = np.flatnonzero(is_silence & (events.channels == channel))
        own = events.channels[starts] == channel
        ticks = np.append(events.ticks[silences], events.end_tick)
        found[own] = ticks[np.searchsorted(silences, starts[own])]
    return found


def _bends(track: Track) -> dict[int, Bends]:
    """The bends of each line that has any."""
    events = track.events
    bends = np.flatnonzero(events.kinds == BEND)
    if len(bends) == 0:
        return {}
    controls = np.flatnonzero(events.kinds == CONTROL)
    settings = (column[controls] for column in (events.channels, events.ticks, events.firsts, events.lasts))
    changes = range_changes(*settings)
    ticks, values = events.ticks[bends], (events.lasts[bends] << 7 | events.firsts[bends]) - WHEEL_STEPS
    cents = cents_of(events.channels[bends], ticks, values, changes)
    return {line_id: (ticks[own], cents[own]) for line_id, own in groups_of(track.line_ids[bends]).items()}
