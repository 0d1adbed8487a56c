"""The fast parser: symusic, asked so that what it would get wrong shows, and is read anew by the careful one."""

import re
import struct
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import symusic
from numpy.typing import NDArray

from generation.score.midi.container import SEPARATE_SONGS, TRACK, Container
from generation.score.midi.endings import (
    END_MARKER_TEXT,
    FAR_TICKS,
    channels_used,
    owner_of,
    tags_of,
    with_ending,
    without_empty_note,
)
from generation.score.midi.events import TEMPO
from generation.score.midi.limits import ReadLimits, check_events
from generation.score.midi.parsed import (
    NO_BENDS,
    RANGE_CONTROLLERS,
    Bends,
    Controls,
    Line,
    Parsed,
    cents_of,
    clean_name,
    joined_controls,
)
from generation.score.midi.pedals import RESET, SUSTAIN, PedalRows, Pedals, instrument_number, pedalled, pedals_of
from generation.score.midi.wrappers import HEADER

OTHER_PORT = re.compile(rb"\xff\x21\x01[^\x00]")  # a meta event for other channels than the first sixteen
LAST_TICK = (1 << 31) - 1  # of the parser's numbers
TAGGED_MAX = 4096  # tracks times programs: past it the tags outweigh the file


@dataclass(frozen=True)
class _Bodies:
    """The tracks' events, and the channels on which each strikes keys and moves pedals."""

    events: list[bytes]
    strikes: list[list[int]]
    pedals: list[list[int]]
    ticks_per_quarter: int

    @classmethod
    def of(cls, container: Container) -> "_Bodies":
        events = [container.data[span.begin : span.end] for span in container.tracks if span.end is not None]
        strikes, pedals = channels_used(container.data, [span.begin for span in container.tracks])
        return cls(events, strikes, pedals, container.ticks_per_quarter)

    def parse(self, programs: Sequence[int] = ()) -> Any:
        """symusic's score; None where it did not read every track to its end. With `programs`, lines are tagged."""
        chunks = [HEADER + struct.pack(">IHHH", 6, 1, len(self.events), self.ticks_per_quarter)]
        for index, (events, strikes, pedals) in enumerate(zip(self.events, self.strikes, self.pedals, strict=True)):
            tags = tags_of(index, strikes, pedals, programs) if programs else b""
            whole = with_ending(events, strikes, tags)
            chunks += [TRACK, struct.pack(">I", len(whole)), whole]
        try:
            parsed = symusic.Score.from_midi(b"".join(chunks))
        except (RuntimeError, ValueError, OverflowError, UnicodeDecodeError):
            return None
        ends = [mark.time for mark in parsed.markers if mark.text == END_MARKER_TEXT]
        return parsed if len(ends) == len(self.events) and min(ends) >= 0 else None


def read_fast(container: Container, limits: ReadLimits, *, needs_pedal: bool) -> Parsed | None:
    """The file as symusic reads it; None where it can't, or where its answer would be wrong.

    Raises MidiRefused for more notes or other events than the limits allow.
    """
    are_songs = container.midi_format == SEPARATE_SONGS and len(container.tracks) > 1
    if are_songs or any(span.end is None for span in container.tracks) or _may_overflow(container.data):
        return None
    bodies = _Bodies.of(container)
    parsed = bodies.parse()
    if parsed is None:
        return None
    check_events(
        limits,
        n_notes=sum(len(track.notes) for track in parsed.tracks),
        n_others=sum(len(track.controls) + len(track.pitch_bends) for track in parsed.tracks),
    )
    controls = [_controls(track) for track in parsed.tracks]
    numbers = _numbers(controls)
    may_pedal = needs_pedal and (any(bodies.pedals) or bool(np.any(numbers == SUSTAIN)))
    lines: list[Line] | None
    if not may_pedal and (not np.any(numbers == RANGE_CONTROLLERS[-1]) or _are_bends_clear(parsed.tracks, controls)):
        lines = [_line(track, rows) for track, rows in zip(parsed.tracks, controls, strict=True) if len(track.notes)]
    elif OTHER_PORT.search(container.data):
        return None
    else:
        programs = sorted({0, *(int(track.program) for track in parsed.tracks)})
        lines = _owned_lines(bodies, programs, needs_pedal=needs_pedal)
    if lines is None or not _are_sound(lines):
        return None
    tempos = parsed.tempos.numpy()
    return Parsed(
        ticks_per_quarter=container.ticks_per_quarter,
        lines=tuple(lines),
        tempos=(tempos["time"], tempos["mspq"]),
        meters=tuple((mark.time, mark.numerator, mark.denominator) for mark in parsed.time_signatures),
        keys=tuple((mark.time, mark.key, int(mark.tonality)) for mark in parsed.key_signatures),
    )


def _may_overflow(data: bytes) -> bool:
    """Whether times of four bytes may add up to more than the parser's 31 bits, which it does not notice."""
    values = np.frombuffer(data, dtype=np.uint8)
    at = np.flatnonzero(values[:-2] & values[1:-1] & values[2:] & 0x80)
    if len(at) == 0:
        return False
    # Not the last bytes of a tempo and the time after it, which are as high.
    is_tempo = ((values[at - 2] == 3) & (values[at - 3] == TEMPO)) | ((values[at - 3] == 3) & (values[at - 4] == TEMPO))
    tops = values[at[~is_tempo]].astype(np.int64) & 0x7F
    return int(tops.sum()) << 21 >= LAST_TICK - FAR_TICKS


def _controls(track: Any) -> Controls | None:
    return None if len(track.controls) == 0 else track.controls.numpy()


def _numbers(controls: Sequence[Controls | None]) -> NDArray[Any]:
    """Which controllers all lines have, shape (n,)."""
    columns = [rows["number"] for rows in controls if rows is not None]
    return np.concatenate(columns) if columns else np.zeros(0, dtype=np.uint8)


def _are_bends_clear(tracks: Sequence[Any], controls: Sequence[Controls | None]) -> bool:
    """Whether each line that bends sets its range itself, so that none can be in one that another line has set."""
    for track, rows in zip(tracks, controls, strict=True):
        if len(track.pitch_bends) and len(track.notes):
            bends = track.pitch_bends.numpy()
            away = bends["time"][bends["value"] != 0]
            if len(away) and (rows is None or not _sets_range(rows, int(away[0]))):
                return False
    return True


def _sets_range(controls: Controls, until: int) -> bool:
    return set(RANGE_CONTROLLERS) <= set(controls["number"][controls["time"] <= until].tolist())


def _line(track: Any, controls: Controls | None) -> Line:
    notes = track.notes.numpy()
    onsets = notes["time"]
    return Line(
        name=clean_name(track.name),
        program=int(track.program),
        is_drum=bool(track.is_drum),
        onsets=onsets,
        ends=onsets + notes["duration"],
        pitches=notes["pitch"],
        velocities=notes["velocity"],
        bends=_bends(track, controls),
    )


def _bends(track: Any, controls: Controls | None) -> Bends:
    if len(track.pitch_bends) == 0:
        return NO_BENDS
    bends = track.pitch_bends.numpy()
    return bends["time"], cents_of(bends["time"], bends["value"], controls)


def _are_sound(lines: Sequence[Line]) -> bool:
    """Whether every note begins from 0 on and ends before the far tick; as unsigned, negative ticks are large."""
    if not lines:
        return True
    onsets, ends = (np.concatenate([getattr(line, name) for line in lines]) for name in ("onsets", "ends"))
    unsigned = f"u{onsets.itemsize}"
    return bool((ends - onsets).view(unsigned).max() < FAR_TICKS and onsets.view(unsigned).max() <= LAST_TICK)


def _owned_lines(bodies: _Bodies, programs: Sequence[int], *, needs_pedal: bool) -> list[Line] | None:
    """The lines with pedals and bend ranges as their channels have them; None where those can't be told."""
    if len(bodies.events) * len(programs) > TAGGED_MAX:
        return None
    parsed = bodies.parse(programs)
    if parsed is None:
        return None
    tracks, controls = parsed.tracks, [_controls(track) for track in parsed.tracks]
    owners = [owner_of(rows) for rows in controls]
    if any(owner is None and len(track.notes) for owner, track in zip(owners, tracks, strict=True)):
        return None
    shared: dict[int, list[Controls]] = defaultdict(list)
    for owner, rows in zip(owners, controls, strict=True):
        if owner is not None and rows is not None:
            shared[owner].append(rows)
    last_tick = max(mark.time for mark in parsed.markers)
    pedals = _pedals(tracks, owners, controls) if needs_pedal else {}
    lines = []
    for track, owner, rows in zip(tracks, owners, controls, strict=True):
        if owner is not None and rows is not None:
            line = without_empty_note(_line(track, joined_controls(shared[owner])), int(rows["time"][-1]))
            pedal = pedals.get(instrument_number(0, owner & 15, line.program))
            if len(line.onsets):
                lines.append(pedalled(line, pedal, bodies.ticks_per_quarter, last_tick))
    return lines


def _pedals(tracks: Sequence[Any], owners: Sequence[int | None], controls: Sequence[Controls | None]) -> Pedals:
    rows: list[PedalRows] = []
    for track, owner, own in zip(tracks, owners, controls, strict=True):
        if owner is not None and own is not None:
            moves = np.flatnonzero((own["number"] == SUSTAIN) | (own["number"] == RESET))
            numbers = np.full(len(moves), instrument_number(0, owner & 15, int(track.program)))
            rows.append((numbers, own["time"][moves], own["number"][moves], own["value"][moves]))
    return pedals_of(rows)
