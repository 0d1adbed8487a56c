"""The fast parser: symusic, asked so that what it would get wrong shows, and is read anew by the careful one."""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import symusic

from generation.score.midi.bending import PARAMETER
from generation.score.midi.channels import Channels, channels_of, hide_tempos, may_set_ranges, programs_of
from generation.score.midi.container import SEPARATE_SONGS, TRACK, Container
from generation.score.midi.endings import END_MARKER_TEXT, FAR_TICKS, tags_of, with_ending
from generation.score.midi.limits import MidiRefused, ReadLimits, check_events
from generation.score.midi.owned import Answer, owned_lines, plain_lines
from generation.score.midi.parsed import Lines, Parsed
from generation.score.midi.pedals import SUSTAIN
from generation.score.midi.struck import LAST_TICK
from generation.score.midi.wrappers import HEADER

OTHER_PORT_MARK = b"\xff\x21\x01"
OTHER_PORT = re.compile(OTHER_PORT_MARK + rb"[^\x00]")  # a meta event for other channels than the first sixteen
TAGGED_MAX = 4096  # tracks times programs: past it the tags outweigh the file


@dataclass(frozen=True)
class _Bodies:
    """The tracks' events, also with their tempos hidden, and the channels of each."""

    events: list[bytes]
    quiet: list[bytes]
    channels: list[Channels]
    may_set_ranges: bool
    ticks_per_quarter: int

    @classmethod
    def of(cls, container: Container, hidden: bytes) -> "_Bodies":
        events = [container.data[span.begin : span.end] for span in container.tracks]
        quiet = [hidden[span.begin : span.end] for span in container.tracks]
        channels = channels_of(quiet, hidden, [span.begin for span in container.tracks])
        return cls(events, quiet, channels, may_set_ranges(hidden), container.ticks_per_quarter)

    @cached_property
    def n_pedals(self) -> int:
        """How many channels of tracks may have a pedal; where tagged, each has one note more."""
        return sum(len(own.pedals) for own in self.channels)

    def tags(self, programs: Sequence[int] = ()) -> list[bytes]:
        """What to tag each track with: for these programs, else for those that it seems to choose."""
        return [
            tags_of(index, own.pedals, [(c, programs or programs_of(quiet, c)) for c in own.used])
            for index, (own, quiet) in enumerate(zip(self.channels, self.quiet, strict=True))
        ]

    def parse(self, tags: Sequence[bytes] = ()) -> Answer | None:
        """symusic's answer; None where it did not read every track to its end."""
        chunks = [HEADER + struct.pack(">IHHH", 6, 1, len(self.events), self.ticks_per_quarter)]
        for index, (events, channels) in enumerate(zip(self.events, self.channels, strict=True)):
            whole = with_ending(events, channels.strikes, tags[index] if tags else b"")
            chunks += [TRACK, struct.pack(">I", len(whole)), whole]
        try:
            score = symusic.Score.from_midi(b"".join(chunks))
        except (RuntimeError, ValueError, OverflowError, UnicodeDecodeError):
            return None
        marks = [(mark.time, mark.text) for mark in score.markers]
        ends = [tick for tick, text in marks if text == END_MARKER_TEXT]
        if len(ends) != len(self.events) or min(ends) < 0:
            return None
        return Answer.of(score, last_tick=max(tick for tick, _ in marks), is_tagged=bool(tags))


def read_fast(container: Container, limits: ReadLimits, *, needs_pedal: bool) -> Parsed | None:
    """The file as symusic reads it; None where it can't, or where its answer would be wrong.

    Raises MidiRefused for more notes or other events than the limits allow.
    """
    are_songs = container.midi_format == SEPARATE_SONGS and len(container.tracks) > 1
    if are_songs or any(span.end is None for span in container.tracks):
        return None
    hidden = hide_tempos(container.data)
    if _may_overflow(hidden):
        return None
    bodies = _Bodies.of(container, hidden)
    answer = _ask(bodies, limits, tagged=needs_pedal if bodies.n_pedals else bodies.may_set_ranges)
    lines = _lines(answer, bodies, container.data, needs_pedal=needs_pedal) if answer else None
    if answer is None or lines is None:
        return None
    tempos = answer.score.tempos.numpy()
    return Parsed(
        ticks_per_quarter=container.ticks_per_quarter,
        lines=lines,
        tempos=(tempos["time"], tempos["mspq"]),
        meters=[(mark.time, mark.numerator, mark.denominator) for mark in answer.score.time_signatures],
        keys=[(mark.time, mark.key, int(mark.tonality)) for mark in answer.score.key_signatures],
    )


def _may_overflow(hidden: bytes) -> bool:
    """Whether times of four bytes may add up to more than the parser's 31 bits, which it does not notice."""
    values = np.frombuffer(hidden, dtype=np.uint8)
    in_a_row = values[:-2] & values[1:-1] & values[2:]
    if in_a_row.max() < 0x80:
        return False
    tops = values[np.flatnonzero(in_a_row & 0x80)].astype(np.int64) & 0x7F
    return int(tops.sum()) << 21 >= LAST_TICK - FAR_TICKS


def _ask(bodies: _Bodies, limits: ReadLimits, *, tagged: bool) -> Answer | None:
    """symusic's answer, within the limits."""
    answer = bodies.parse(bodies.tags() if tagged else ())
    if answer is None:
        return None
    try:
        check_events(limits, n_notes=answer.n_notes - (bodies.n_pedals if tagged else 0), n_others=answer.n_others)
    except MidiRefused:
        if not tagged:
            raise
        return _ask(bodies, limits, tagged=False)  # the tags may be what is too many
    return answer


def _lines(answer: Answer, bodies: _Bodies, data: bytes, *, needs_pedal: bool) -> Lines | None:
    """The lines with pedals and bend ranges as their channels have them; None where those can't be told."""
    if not answer.struck.is_sound:
        return None
    may_pedal = needs_pedal and (bodies.n_pedals > 0 or SUSTAIN in answer.controllers)
    if not may_pedal and not (bodies.may_set_ranges and PARAMETER in answer.controllers):
        return plain_lines(answer)
    if may_pedal and OTHER_PORT_MARK in data and OTHER_PORT.search(data):
        return None
    lines = owned_lines(answer, bodies.ticks_per_quarter, needs_pedal=needs_pedal) if answer.is_tagged else None
    if lines is not None:
        return lines
    programs = sorted({0, *(int(track.program) for track in answer.tracks)})
    again = bodies.parse(bodies.tags(programs)) if len(bodies.events) * len(programs) <= TAGGED_MAX else None
    return owned_lines(again, bodies.ticks_per_quarter, needs_pedal=needs_pedal) if again else None
