"""symusic's answer as lines; where the tags tell whose each is, with the pedals and bend ranges of its channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.bending import PARAMETER, RangeChange, cents_of, range_changes
from generation.score.midi.endings import owner_of
from generation.score.midi.parsed import NO_BENDS, Bends, Lines, clean_name
from generation.score.midi.pedals import SUSTAIN, Pedal, instrument_number, pedals_of, rung_ends
from generation.score.midi.struck import Struck
from generation.score.notes import Part

Controls = dict[str, NDArray[Any]]  # columns "time" in ticks, "number" and "value", in the file's order


@dataclass(frozen=True)
class Answer:
    """What symusic gave: its score, and the controllers of each of its tracks."""

    score: Any
    tracks: list[Any]
    controls: list[Controls | None]
    controllers: bytes  # the number of each
    last_tick: int
    is_tagged: bool

    @classmethod
    def of(cls, score: Any, *, last_tick: int, is_tagged: bool) -> "Answer":
        """The answer that a score is."""
        tracks = list(score.tracks)
        controls = [track.controls.numpy() if len(track.controls) else None for track in tracks]
        controllers = b"".join([rows["number"].tobytes() for rows in controls if rows is not None])
        return cls(score, tracks, controls, controllers, last_tick, is_tagged)

    @cached_property
    def struck(self) -> Struck:
        """The notes of all tracks."""
        return Struck.of(self.tracks)

    @property
    def n_notes(self) -> int:
        """How many notes there are."""
        return int(self.score.note_num())

    @property
    def n_others(self) -> int:
        """How many controllers and bends there are, tags too."""
        return len(self.controllers) + sum([len(track.pitch_bends) for track in self.tracks])


def plain_lines(answer: Answer) -> Lines:
    """The lines of a file without pedals and bend ranges."""
    return _lines(answer.tracks, answer.struck, [0] * len(answer.tracks), ())


def owned_lines(answer: Answer, ticks_per_quarter: int, *, needs_pedal: bool) -> Lines | None:
    """The lines with pedals and bend ranges as their channels have them; None where a line is nobody's."""
    if not answer.tracks:
        return plain_lines(answer)
    controls = [rows for rows in answer.controls if rows is not None]
    owners = [owner for owner in map(owner_of, controls) if owner is not None]
    if len(owners) < len(answer.tracks):
        return None
    struck = answer.struck.without_empty_notes([int(rows["time"][-1]) for rows in controls])
    counts = [len(rows["time"]) for rows in controls]
    columns = [np.concatenate([rows[name] for rows in controls]) for name in ("time", "number", "value")]
    changes = range_changes(np.repeat(owners, counts), *columns) if PARAMETER in answer.controllers else ()
    lines = _lines(answer.tracks, struck, owners, changes)
    if needs_pedal and SUSTAIN in answer.controllers:
        channels = [owner & 15 for owner in owners]
        players = [instrument_number(0, c, t.program) for c, t in zip(channels, answer.tracks, strict=True)]
        pedals = pedals_of(np.repeat(players, counts), *columns)
        own = [pedals.get(player) for player, n in zip(players, struck.counts, strict=True) if n]
        _ring(lines, own, ticks_per_quarter, answer.last_tick)
    return lines


def _lines(tracks: Sequence[Any], struck: Struck, owners: Sequence[int], changes: Sequence[RangeChange]) -> Lines:
    """The tracks that have notes, bent within the ranges of their owners."""
    n_notes = struck.counts
    if not all(n_notes):
        kept = [index for index, n in enumerate(n_notes) if n]
        tracks, owners = [tracks[index] for index in kept], [owners[index] for index in kept]
        n_notes = [n for n in n_notes if n]
    onsets = struck.onsets.astype(np.int64)
    n_bends = [len(track.pitch_bends) for track in tracks]
    return Lines(
        parts=tuple([Part(clean_name(track.name), int(track.program), bool(track.is_drum)) for track in tracks]),
        n_notes=n_notes,
        onsets=onsets,
        ends=onsets + struck.lengths,
        pitches=struck.pitches,
        velocities=struck.velocities,
        n_bends=n_bends,
        bends=_bends(tracks, np.repeat(owners, n_bends), changes) if any(n_bends) else NO_BENDS,
    )


def _bends(tracks: Sequence[Any], owners: NDArray[np.int64], changes: Sequence[RangeChange]) -> Bends:
    """All bends of tracks, of which each has an owner."""
    wheels = [track.pitch_bends.numpy() for track in tracks if len(track.pitch_bends)]
    ticks, values = (np.concatenate([wheel[name] for wheel in wheels], dtype=np.int64) for name in ("time", "value"))
    return ticks, cents_of(owners, ticks, values, changes)


def _ring(lines: Lines, pedals: Sequence[Pedal | None], ticks_per_quarter: int, last_tick: int) -> None:
    """Let each line's notes sound, in place, as long as its pedal holds them; drums have none."""
    begin = 0
    for n, part, pedal in zip(lines.n_notes, lines.parts, pedals, strict=True):
        if pedal is not None and not part.is_drum:
            own = lines.ends[begin : begin + n]
            own[:] = rung_ends(own, pedal, ticks_per_quarter, last_tick)
        begin += n
