"""symusic's answer as lines; where the tags tell whose each is, with the pedals and bend ranges of its channel."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.score.midi.endings import owner_of, without_empty_note
from generation.score.midi.parsed import NO_BENDS, Controls, Line, cents_of, clean_name, joined_controls
from generation.score.midi.pedals import SUSTAIN, Pedals, instrument_number, pedalled, pedals_of


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

    @property
    def n_notes(self) -> int:
        """How many notes there are."""
        return sum(len(track.notes) for track in self.tracks)

    @property
    def n_others(self) -> int:
        """How many controllers and bends there are, tags too."""
        return len(self.controllers) + sum(len(track.pitch_bends) for track in self.tracks)

    def lines(self) -> list[Line]:
        """The lines that have notes, each bent by its own controllers."""
        pairs = zip(self.tracks, self.controls, strict=True)
        return [_line(track, [] if rows is None else [rows]) for track, rows in pairs if len(track.notes)]


def owned_lines(answer: Answer, ticks_per_quarter: int, *, needs_pedal: bool) -> list[Line] | None:
    """The lines with pedals and bend ranges as their channels have them; None where a line is nobody's."""
    tracks, controls = answer.tracks, answer.controls
    owners = [owner_of(rows) for rows in controls]
    if any(owner is None and len(track.notes) for owner, track in zip(owners, tracks, strict=True)):
        return None
    pedals = _pedals(answer, owners) if needs_pedal and SUSTAIN in answer.controllers else {}
    shared: dict[int, list[Controls]] = defaultdict(list)
    for owner, rows in zip(owners, controls, strict=True):
        if owner is not None and rows is not None:
            shared[owner].append(rows)
    lines = []
    for track, owner, rows in zip(tracks, owners, controls, strict=True):
        if owner is not None and rows is not None:
            line = without_empty_note(_line(track, shared[owner]), int(rows["time"][-1]))
            pedal = pedals.get(instrument_number(0, owner & 15, line.program))
            if len(line.onsets):
                lines.append(pedalled(line, pedal, ticks_per_quarter, answer.last_tick))
    return lines


def _pedals(answer: Answer, owners: Sequence[int | None]) -> Pedals:
    rows = [
        (np.full(len(own["time"]), instrument_number(0, owner & 15, int(track.program))), *_columns(own))
        for track, owner, own in zip(answer.tracks, owners, answer.controls, strict=True)
        if owner is not None and own is not None
    ]
    return pedals_of(rows)


def _columns(controls: Controls) -> tuple[Any, Any, Any]:
    return controls["time"], controls["number"], controls["value"]


def _line(track: Any, controls: Sequence[Controls]) -> Line:
    """One of symusic's tracks, bent as the controllers of its channel say, in parts that are each in order of time."""
    notes = track.notes.numpy()
    onsets = notes["time"]
    bends = NO_BENDS
    if len(track.pitch_bends):
        wheel = track.pitch_bends.numpy()
        bends = wheel["time"], cents_of(wheel["time"], wheel["value"], joined_controls(controls))
    return Line(
        name=clean_name(track.name),
        program=int(track.program),
        is_drum=bool(track.is_drum),
        onsets=onsets,
        ends=onsets + notes["duration"],
        pitches=notes["pitch"],
        velocities=notes["velocity"],
        bends=bends,
    )
