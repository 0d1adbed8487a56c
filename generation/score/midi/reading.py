"""MIDI bytes -> Score -> MIDI bytes. symusic reads, behind checks that let no file crash, flood or mislead."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.careful import read_careful
from generation.score.midi.container import open_container
from generation.score.midi.fast import read_fast
from generation.score.midi.limits import MidiRefused, ReadLimits
from generation.score.midi.parsed import Parsed
from generation.score.notes import (
    DEFAULT_TEMPO_BPM,
    NOTE,
    Bend,
    KeySignature,
    Meter,
    Notes,
    Score,
    Tempo,
    marks_of,
)
from generation.score.playback import to_seconds

DEFAULT_LIMITS = ReadLimits()
SLOWEST_BPM, FASTEST_BPM = 3.0, 2000.0
BPM_DECIMALS = 3
LARGEST_METER = 64
DENOMINATORS = (1, 2, 4, 8, 16, 32, 64)
PART_SHIFT, ONSET_SHIFT = 7, 27  # one packed number sorts far faster than three
TICKS_MAX = 1 << 35
UINT16_MAX = 0xFFFF  # numpy sorts small integers by their digits


def read(
    data: bytes, *, limits: ReadLimits = DEFAULT_LIMITS, sustain: Literal["lengthen", "ignore"] = "lengthen"
) -> Score:
    """The score in a MIDI file, also inside gzip, RMID or MacBinary. Raises MidiRefused, nothing else, for a bad file.

    Parts are as the file's tracks, channels and programs; those without notes are left out, and the patterns of a file
    of format 2 follow one another. Notes sound as long as the sustain pedal holds them, unless it is to be ignored; one
    never switched off lasts to its track's end. A key struck again ends the earlier note, and of several notes struck
    at once on one key the longest is kept. Marks that mean nothing (tempo 0, meter 0/1) are left out.
    """
    container = open_container(data, limits)
    needs_pedal = sustain == "lengthen"
    parsed = read_fast(container, limits, needs_pedal=needs_pedal)
    if parsed is None:
        parsed = read_careful(container, limits, needs_pedal=needs_pedal)
    _check_marks(parsed, limits)
    if len(parsed.lines.onsets) == 0:
        raise MidiRefused("no_notes", "expected at least one note, got none: export the piece again")
    latest_quarters = _check_quarters(parsed, limits)
    score = Score(
        notes=_notes(parsed),
        parts=parsed.lines.parts,
        tempos=_tempos(parsed, container.fixed_tempo_bpm),
        meters=_meters(parsed),
        keys=_keys(parsed),
        bends=_bends(parsed),
    )
    _check_seconds(score, latest_quarters, limits)
    return score


def _check_marks(parsed: Parsed, limits: ReadLimits) -> None:
    if parsed.n_marks > limits.max_marks:
        message = f"expected at most {limits.max_marks} tempo marks and bends, got {parsed.n_marks}: thin them out"
        raise MidiRefused("too_many_marks", message)


def _check_quarters(parsed: Parsed, limits: ReadLimits) -> float:
    """A time at which no note sounds any more, in quarters."""
    ticks = int(parsed.lines.ends.max())
    quarters = ticks / parsed.ticks_per_quarter
    if quarters > limits.max_quarters or ticks >= TICKS_MAX:
        message = f"expected at most {limits.max_quarters:.0f} quarters, got {quarters:.0f}: cut the silence out"
        raise MidiRefused("too_long", message)
    return quarters + 2 / parsed.ticks_per_quarter  # the shortest note has a tick


def _check_seconds(score: Score, latest_quarters: float, limits: ReadLimits) -> None:
    slowest_bpm = min([tempo.tempo_bpm for tempo in score.tempos])
    if latest_quarters * 60 / slowest_bpm <= limits.max_seconds:
        return
    seconds = float(to_seconds(score, score.end_quarters))
    if seconds > limits.max_seconds:
        message = f"expected at most {limits.max_seconds / 60:.0f} minutes, got {seconds / 60:.0f}: split the piece"
        raise MidiRefused("too_long", message)


def _notes(parsed: Parsed) -> Notes:
    """All lines' notes in one array, in the order a Score keeps; at no time two of one part and pitch."""
    lines = parsed.lines
    parts = np.repeat(np.arange(len(lines.parts), dtype=np.int64) << PART_SHIFT, lines.n_notes)
    keys = parts | lines.pitches
    # Lines bring their notes in order of time, mostly: merging what is in order is quick.
    order = (lines.onsets << ONSET_SHIFT | keys).argsort(kind="stable")
    onsets, keys, velocities = lines.onsets[order], keys[order], lines.velocities[order]
    ends = np.maximum(lines.ends[order], onsets + 1)
    _cut_at_next_strike(onsets, ends, keys)
    kept = ends > onsets
    if not kept.all():
        onsets, ends, keys, velocities = onsets[kept], ends[kept], keys[kept], velocities[kept]
    notes = np.empty(len(onsets), dtype=NOTE)
    notes["onset_quarters"] = onsets / parsed.ticks_per_quarter
    notes["duration_quarters"] = (ends - onsets) / parsed.ticks_per_quarter
    notes["pitch"] = keys & (1 << PART_SHIFT) - 1
    notes["velocity"] = np.maximum(velocities, 1)
    notes["part"] = keys >> PART_SHIFT
    return notes


def _cut_at_next_strike(onsets: NDArray[np.int64], ends: NDArray[np.int64], keys: NDArray[np.int64]) -> None:
    """End each note, in place, where its key is struck again; of several at once all but the longest. By onset."""
    keys = keys.astype(np.uint16) if keys.max() <= UINT16_MAX else keys
    order = keys.argsort(kind="stable")
    struck, key = onsets[order], keys[order]
    is_again = key[1:] == key[:-1]
    (at,) = (is_again & (ends[order[:-1]] > struck[1:])).nonzero()
    if len(at) == 0:
        return
    if (struck[at] == struck[at + 1]).any():
        order = np.lexsort((ends, onsets, keys))
        (at,) = (is_again & (ends[order[:-1]] > struck[1:])).nonzero()
    ends[order[at]] = struck[at + 1]


def _tempos(parsed: Parsed, fixed_tempo_bpm: float | None) -> tuple[Tempo, ...]:
    """Tempo marks in order, the last of those at one time, from 0 on; impossible ones are left out."""
    if fixed_tempo_bpm is not None:
        return (Tempo(0.0, round(fixed_tempo_bpm, BPM_DECIMALS)),)
    ticks, microseconds = parsed.tempos
    tempos_bpm = (60e6 / np.maximum(microseconds, 1)).round(BPM_DECIMALS)
    possible = (tempos_bpm >= SLOWEST_BPM) & (tempos_bpm <= FASTEST_BPM)
    if not possible.all():
        ticks, tempos_bpm = ticks[possible], tempos_bpm[possible]
    if len(ticks) == 0 or ticks.min() > 0:
        ticks, tempos_bpm = np.append(ticks, 0), np.append(tempos_bpm, DEFAULT_TEMPO_BPM)
    if len(ticks) > 1:
        order = np.argsort(ticks, kind="stable")
        last = order[np.append(np.diff(ticks[order]) > 0, True)]
        ticks, tempos_bpm = ticks[last], tempos_bpm[last]
    return marks_of(Tempo, (ticks / parsed.ticks_per_quarter).tolist(), tempos_bpm.tolist())


def _meters(parsed: Parsed) -> tuple[Meter, ...]:
    """Meters in order, the last of those at one time, from 0 on; impossible ones are left out."""
    found = {0.0: (4, 4)}
    for tick, numerator, denominator in parsed.meters:
        if 1 <= numerator <= LARGEST_METER and denominator in DENOMINATORS:
            found[tick / parsed.ticks_per_quarter] = (numerator, denominator)
    return tuple(Meter(onset, *found[onset]) for onset in sorted(found))


def _keys(parsed: Parsed) -> tuple[KeySignature, ...]:
    found = {
        tick / parsed.ticks_per_quarter: (fifths, bool(minor))
        for tick, fifths, minor in parsed.keys
        if -7 <= fifths <= 7 and minor in {0, 1}
    }
    return tuple(KeySignature(onset, *found[onset]) for onset in sorted(found))


def _bends(parsed: Parsed) -> tuple[Bend, ...]:
    """All lines' bends, line by line."""
    ticks, cents = parsed.lines.bends
    if len(ticks) == 0:
        return ()
    parts = np.repeat(np.arange(len(parsed.lines.parts)), parsed.lines.n_bends)
    return marks_of(Bend, parts.tolist(), (ticks / parsed.ticks_per_quarter).tolist(), cents.tolist())
