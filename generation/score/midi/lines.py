"""One track's events as lines: what each channel plays with each program."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.events import BEND, CONTROL, NOTE_OFF, NOTE_ON, PROGRAM, TrackEvents
from generation.score.midi.pairing import pair_notes
from generation.score.midi.parsed import BEND_STEPS, NO_BENDS, Bends, Line, Ticks, cents_of, clean_name, groups_of
from generation.score.midi.pedals import PROGRAMS

NAME, PORT = 0x03, 0x21  # meta events
SOUND_OFF, NOTES_OFF = 120, 123  # controllers; those after NOTES_OFF switch modes, and notes off with it
DRUM_CHANNEL = 9
PITCHES = 128


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


def lines_of(track: Track) -> Iterator[tuple[int, Line]]:
    """Each line that has notes, with its channel; channels, then programs ascend. Notes end as the keys are let go."""
    events, name = track.events, track.name
    starts, ends = _ended_notes(events)
    bends = np.flatnonzero(events.kinds == BEND)
    bent = groups_of(track.line_ids[bends])
    for line_id, own in groups_of(track.line_ids[starts]).items():
        channel, program = divmod(line_id, PROGRAMS)
        yield (
            channel,
            Line(
                name=name,
                program=program,
                is_drum=channel == DRUM_CHANNEL,
                onsets=events.ticks[starts[own]],
                ends=ends[own],
                pitches=events.firsts[starts[own]],
                velocities=events.lasts[starts[own]],
                bends=_bends(events, bends[bent[line_id]], channel) if line_id in bent else NO_BENDS,
            ),
        )


def _programs(events: TrackEvents) -> NDArray[np.int64]:
    """The program in force at each event, shape (n,): 0, or where no note comes sooner, the first one chosen."""
    programs = np.zeros(len(events.ticks), dtype=np.int64)
    kinds, channels = events.kinds, events.channels
    for channel in np.unique(channels[kinds == PROGRAM]).tolist():
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
    for channel in np.unique(events.channels[is_silence]).tolist():
        silences = np.flatnonzero(is_silence & (events.channels == channel))
        own = events.channels[starts] == channel
        ticks = np.append(events.ticks[silences], events.end_tick)
        found[own] = ticks[np.searchsorted(silences, starts[own])]
    return found


def _bends(events: TrackEvents, bends: NDArray[np.intp], channel: int) -> Bends:
    controls = np.flatnonzero((events.kinds == CONTROL) & (events.channels == channel))
    values = (events.lasts[bends] << 7 | events.firsts[bends]) - BEND_STEPS
    settings = {
        "time": events.ticks[controls],
        "number": events.firsts[controls],
        "value": events.lasts[controls],
    }
    return events.ticks[bends], cents_of(events.ticks[bends], values, settings)
