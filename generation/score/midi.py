"""MIDI bytes -> Score -> MIDI bytes. symusic reads, behind checks that let no file crash or flood the process."""

import re
from typing import Any

import numpy as np
import symusic
from numpy.typing import NDArray

from generation.score.midi_container import Container, MidiRefused, ReadLimits, open_container
from generation.score.midi_writing import write
from generation.score.notes import DEFAULT_TEMPO_BPM, NOTE, Bend, KeySignature, Meter, Notes, Part, Score, Tempo
from generation.score.playback import to_seconds

__all__ = ["MidiRefused", "ReadLimits", "read", "write"]

DEFAULT_LIMITS = ReadLimits()
LONGEST_NAME = 100
SLOWEST_BPM, FASTEST_BPM = 3.0, 2000.0
LARGEST_METER = 64
DEFAULT_BEND_RANGE_CENTS = 200.0
BEND_STEPS = 8192
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]+")
PARSER_PREFIX = re.compile(r"^MiniMidi: |: iostream error.*$")


def read(data: bytes, *, limits: ReadLimits = DEFAULT_LIMITS) -> Score:
    """The score in a MIDI file, also inside gzip or RMID. Raises MidiRefused, and nothing else, for a bad file.

    Notes never switched off and marks that mean nothing (tempo 0, meter 0/1) are left out; notes of no length last a
    tick. Parts are as the file's tracks and channels; those without notes are left out.
    """
    container = open_container(data, limits)
    parsed = _parse(container.data)
    _check_counts(parsed, limits)
    tracks = [track for track in parsed.tracks if len(track.notes)]
    ticks_per_quarter = parsed.tpq
    notes = _notes(tracks, ticks_per_quarter)
    if len(notes) == 0:
        raise MidiRefused("no_notes", "expected at least one note that ends, got none: export the piece again")
    score = Score(
        notes=notes,
        parts=tuple(Part(_clean_name(track.name), int(track.program), bool(track.is_drum)) for track in tracks),
        tempos=_tempos(parsed, container),
        meters=_meters(parsed),
        keys=_keys(parsed),
        bends=tuple(bend for part, track in enumerate(tracks) for bend in _bends(part, track, ticks_per_quarter)),
    )
    _check_span(score, limits)
    return score


def _parse(data: bytes) -> Any:
    try:
        return symusic.Score.from_midi(data)
    except (RuntimeError, ValueError, OverflowError, MemoryError, UnicodeDecodeError) as error:
        reason = PARSER_PREFIX.sub("", " ".join(str(error).split()))[:160]
        message = f"expected whole MIDI events, got a broken one ({reason}): open the file in a sequencer and export it"
        raise MidiRefused("broken_events", message) from None


def _check_counts(parsed: Any, limits: ReadLimits) -> None:
    n_notes = sum(len(track.notes) for track in parsed.tracks)
    if n_notes > limits.max_notes:
        raise MidiRefused(
            "too_many_notes", f"expected at most {limits.max_notes} notes, got {n_notes}: split the piece"
        )
    n_marks = len(parsed.tempos) + len(parsed.time_signatures) + len(parsed.key_signatures)
    n_marks += sum(len(track.pitch_bends) for track in parsed.tracks)
    if n_marks > limits.max_marks:
        raise MidiRefused(
            "too_many_marks", f"expected at most {limits.max_marks} tempo marks and bends, got {n_marks}: thin them out"
        )


def _check_span(score: Score, limits: ReadLimits) -> None:
    if float(score.notes["onset_quarters"][0]) < 0:
        raise MidiRefused("time_overflow", "expected times from 0 on, got a negative one: export the file again")
    quarters = score.end_quarters
    if quarters > limits.max_quarters:
        message = f"expected at most {limits.max_quarters:.0f} quarters, got {quarters:.0f}: cut the silence out"
        raise MidiRefused("too_long", message)
    seconds = float(to_seconds(score, quarters))
    if seconds > limits.max_seconds:
        message = f"expected at most {limits.max_seconds / 60:.0f} minutes, got {seconds / 60:.0f}: split the piece"
        raise MidiRefused("too_long", message)


def _notes(tracks: list[Any], ticks_per_quarter: int) -> Notes:
    """All tracks' notes in one array, in the order a Score keeps."""
    columns = [track.notes.numpy() for track in tracks]
    if not columns:
        return np.empty(0, dtype=NOTE)
    ticks = np.concatenate([column["time"] for column in columns])
    lengths = np.maximum(np.concatenate([column["duration"] for column in columns]), 1)
    pitches = np.concatenate([column["pitch"] for column in columns])
    velocities = np.maximum(np.concatenate([column["velocity"] for column in columns]), 1)
    parts = np.repeat(np.arange(len(columns)), [len(column["time"]) for column in columns])
    order = _note_order(ticks, parts, pitches, lengths, velocities)
    notes = np.empty(len(ticks), dtype=NOTE)
    notes["onset_quarters"] = ticks[order] / ticks_per_quarter
    notes["duration_quarters"] = lengths[order] / ticks_per_quarter
    notes["pitch"] = pitches[order]
    notes["velocity"] = velocities[order]
    notes["part"] = parts[order]
    return notes


def _note_order(
    ticks: NDArray[Any], parts: NDArray[Any], pitches: NDArray[Any], lengths: NDArray[Any], velocities: NDArray[Any]
) -> NDArray[np.intp]:
    """Indices that sort by onset, part, pitch, length, velocity; one packed key is far faster than five."""
    packed = (ticks.astype(np.int64) << 32) | (parts.astype(np.int64) << 8) | pitches
    order = np.argsort(packed, kind="stable")
    ordered = packed[order]
    if np.any(ordered[1:] == ordered[:-1]):
        return np.lexsort((velocities, lengths, packed))
    return order


def _clean_name(name: str) -> str:
    """A track's name without control characters, of bounded length."""
    return CONTROL.sub(" ", name[: 4 * LONGEST_NAME]).strip()[:LONGEST_NAME]


def _tempos(parsed: Any, container: Container) -> tuple[Tempo, ...]:
    """Tempo marks in order, the last of those at one time, from 0 on; impossible ones are left out."""
    if container.fixed_tempo_bpm is not None:
        return (Tempo(0.0, container.fixed_tempo_bpm),)
    found = {0.0: DEFAULT_TEMPO_BPM}
    columns = parsed.tempos.numpy()
    tempos_bpm = np.round(60e6 / np.maximum(columns["mspq"], 1), 3)
    possible = (tempos_bpm >= SLOWEST_BPM) & (tempos_bpm <= FASTEST_BPM)
    onsets = columns["time"][possible] / parsed.tpq
    found.update(zip(onsets.tolist(), tempos_bpm[possible].tolist(), strict=True))
    return tuple(Tempo(onset, found[onset]) for onset in sorted(found))


def _meters(parsed: Any) -> tuple[Meter, ...]:
    """Meters in order, the last of those at one time, from 0 on; impossible ones are left out."""
    found = {0.0: (4, 4)}
    for mark in parsed.time_signatures:
        if 1 <= mark.numerator <= LARGEST_METER and mark.denominator in {1, 2, 4, 8, 16, 32, 64}:
            found[mark.time / parsed.tpq] = (mark.numerator, mark.denominator)
    return tuple(Meter(onset, *found[onset]) for onset in sorted(found))


def _keys(parsed: Any) -> tuple[KeySignature, ...]:
    found = {
        mark.time / parsed.tpq: KeySignature(mark.time / parsed.tpq, mark.key, bool(mark.tonality))
        for mark in parsed.key_signatures
        if -7 <= mark.key <= 7 and mark.tonality in {0, 1}
    }
    return tuple(found[onset] for onset in sorted(found))


def _bends(part: int, track: Any, ticks_per_quarter: int) -> list[Bend]:
    """A track's bends in cents, by the bend range that its registered parameter 0 sets."""
    if len(track.pitch_bends) == 0:
        return []
    columns = track.pitch_bends.numpy()
    onsets = columns["time"] / ticks_per_quarter
    cents = np.round(columns["value"] * (_bend_ranges_cents(track, columns["time"]) / BEND_STEPS), 1)
    return [Bend(part, onset, cent) for onset, cent in zip(onsets.tolist(), cents.tolist(), strict=True)]


def _bend_ranges_cents(track: Any, ticks: NDArray[Any]) -> NDArray[np.float64]:
    """The bend range in force at each tick, shape (n,): two semitones until a registered parameter sets another."""
    columns = track.controls.numpy()
    numbers = columns["number"]
    relevant = ((numbers >= 100) & (numbers <= 101)) | (numbers == 6) | (numbers == 38)
    ranges, since = [DEFAULT_BEND_RANGE_CENTS], [-1]
    registered = {100: 127, 101: 127}
    rows = (columns["time"][relevant], numbers[relevant], columns["value"][relevant])
    for tick, number, value in zip(*(column.tolist() for column in rows), strict=True):
        if number in registered:
            registered[number] = value
        elif registered == {100: 0, 101: 0}:
            ranges.append(100.0 * value if number == 6 else ranges[-1] // 100 * 100 + value)
            since.append(tick)
    in_force: NDArray[np.float64] = np.array(ranges)[np.searchsorted(since, ticks, side="right") - 1]
    return in_force
