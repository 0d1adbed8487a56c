"""Written music through music21, which nothing else here imports: key finding, chord names, MusicXML. Slow: seconds."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from music21 import chord, clef, duration, dynamics, instrument, key, layout, meter, note, pitch, stream, tempo, tie
from music21.musicxml.m21ToXml import GeneralObjectExporter

from generation.score.bars import metered_bars
from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notation.marks import dynamics_of, tempos_of
from generation.score.notation.rhythm import Bar, Chord, Value, rests_in, values_in, voices_of
from generation.score.notation.spelling import key_fifths, spell
from generation.score.notation.staves import WrittenNote, is_on_two_staves, split_hands
from generation.score.notes import Part, Score, sort_notes
from generation.score.overlaps import without_overlaps

LONGEST_KEY_NOTES = 5000  # key finding weighs more notes no better, only slower
BASS_CLEF_BELOW = 55  # the middle pitch of a part on one staff
SHORTEST_SLOTS = 1
TIES = {(False, True): "start", (True, True): "continue", (True, False): "stop"}  # by whether tied from and tied on
TRIPLET_VALUES = {8: ("quarter", 0), 6: ("eighth", 1), 4: ("eighth", 0), 3: ("16th", 1), 2: ("16th", 0), 1: ("32nd", 0)}


def find_key(score: Score) -> str | None:
    """The key that music21's analysis finds, as "A minor" or "Bb major"; None where nothing is pitched."""
    flat = stream.Stream()
    for onset, length, midi, _, part in score.notes[:LONGEST_KEY_NOTES].tolist():
        if not score.parts[part].is_drum:
            flat.insert(onset, note.Note(midi, quarterLength=length))
    if len(flat.notes) == 0:
        return None
    found = flat.analyze("key")
    return f"{found.tonic.name.replace('-', 'b')} {found.mode}"


def chord_normal_order(pitches: list[int]) -> tuple[int, ...]:
    """The normal order of MIDI pitches, as music21 has it: pitch classes packed most closely."""
    return tuple(chord.Chord(pitches).normalOrder)


@lru_cache(maxsize=4096)
def instrument_class(name: str) -> str | None:
    """The class that music21 takes a track's or instrument's name for, as "Violin"; None where it knows none in it."""
    try:
        return type(instrument.fromString(name)).__name__
    except instrument.InstrumentException:
        return None


def to_musicxml(score: Score) -> bytes:
    """The score as MusicXML, rounded to the grid's slots; opens in notation programs.

    A keyboard's part that needs both is written on two staves. What overlaps is written in voices, each full of rests
    of which only the first voice's are seen. Ties lead over barlines and where a length has no value of its own.
    """
    score = _on_grid(score)
    bars = _bars(score)
    whole = stream.Score()
    for index, part in enumerate(score.parts):
        staves = _staves(score, index, bars)
        for staff in staves:
            whole.insert(0, staff)
        if len(staves) > 1:
            whole.insert(0, layout.StaffGroup(staves, name=part.name or None, symbol="brace", barTogether=True))
    if score.parts:
        _insert_marks(whole.parts[0], bars, tempos_of(score, bars), _tempo_mark)
    return bytes(GeneralObjectExporter(whole).parse())


def _on_grid(score: Score) -> Score:
    """The score with every note on slots, a slot long at least, and ended where its key is struck again."""
    notes = score.notes.copy()
    slots = np.rint(notes["onset_quarters"] * SLOTS_PER_QUARTER)
    ends = np.rint((notes["onset_quarters"] + notes["duration_quarters"]) * SLOTS_PER_QUARTER)
    notes["onset_quarters"] = slots / SLOTS_PER_QUARTER
    notes["duration_quarters"] = np.maximum(ends - slots, SHORTEST_SLOTS) / SLOTS_PER_QUARTER
    return without_overlaps(replace(score, notes=sort_notes(notes)))


def _bars(score: Score) -> list[Bar]:
    starts, meters = metered_bars(score)
    slots = [round(start * SLOTS_PER_QUARTER) for start in starts]
    edges = zip(slots, slots[1:], meters, strict=False)
    return [Bar(start, end, meter) for start, end, meter in edges if start < end]


def _written_notes(score: Score, index: int) -> list[WrittenNote]:
    """A part's notes: slot, slots, pitch, velocity."""
    notes = score.notes[score.notes["part"] == index]
    slots, lengths = (
        np.rint(notes[name] * SLOTS_PER_QUARTER).astype(int).tolist()
        for name in ("onset_quarters", "duration_quarters")
    )
    return list(zip(slots, lengths, notes["pitch"].tolist(), notes["velocity"].tolist(), strict=True))


def _staves(score: Score, index: int, bars: Sequence[Bar]) -> list[Any]:
    """A part as one staff, or two for both hands; dynamics stand with the upper one."""
    part = score.parts[index]
    notes = _written_notes(score, index)
    hands = split_hands(notes) if is_on_two_staves(part, notes) else (notes,)
    signs = (clef.TrebleClef(), clef.BassClef()) if len(hands) > 1 else (_clef(part, notes),)
    staves = []
    for hand, sign in zip(hands, signs, strict=True):
        staff = stream.PartStaff() if len(hands) > 1 else stream.Part()
        staff.partName = part.name or f"Part {index + 1}"
        voice = instrument.UnpitchedPercussion() if part.is_drum else instrument.instrumentFromMidiProgram(part.program)
        voice.partName = staff.partName
        staff.insert(0, voice)
        for measure in _measures(score, bars, voices_of(hand), sign):
            staff.insert(measure.offset, measure)
        staves.append(staff)
    _insert_marks(staves[0], bars, dynamics_of(bars, notes).items(), dynamics.Dynamic)
    return staves


def _clef(part: Part, notes: Sequence[WrittenNote]) -> Any:
    if part.is_drum:
        return clef.PercussionClef()
    is_low = bool(notes) and float(np.median([pitch for _, _, pitch, _ in notes])) < BASS_CLEF_BELOW
    return clef.BassClef() if is_low else clef.TrebleClef()


def _measures(score: Score, bars: Sequence[Bar], voices: list[list[Chord]], sign: Any) -> Iterator[Any]:
    """A staff's bars in order, with their signatures; what is not a first voice's rest is hidden where it is a rest."""
    fifths = key_fifths(score)
    keys = _keys_by_bar(score, bars)
    meter_before = None
    for number, bar in enumerate(bars):
        measure = stream.Measure(number=number + 1)
        measure.offset = bar.start / SLOTS_PER_QUARTER
        if number == 0:
            measure.clef = sign
        if number in keys:
            fifths = keys[number]
            measure.keySignature = key.KeySignature(fifths)
        if (bar.meter.numerator, bar.meter.denominator) != meter_before:
            meter_before = (bar.meter.numerator, bar.meter.denominator)
            measure.timeSignature = meter.TimeSignature("/".join(map(str, meter_before)))
        written = [values for voice in voices if (values := values_in(bar, voice))] or [rests_in(bar)]
        for place, values in enumerate(written):
            elements = [_element(value, fifths, is_hidden=place > 0) for value in values]
            if len(written) == 1:
                measure.append(elements)
            else:
                measure.insert(0, stream.Voice(elements, id=str(place + 1)))
        yield measure


def _keys_by_bar(score: Score, bars: Sequence[Bar]) -> dict[int, int]:
    """The bars, counted from 0, that begin with a signature, and its sharps; one inside a bar waits for the next."""
    found: dict[int, int] = {}
    for signature in score.keys:
        slot = round(signature.onset_quarters * SLOTS_PER_QUARTER)
        following = next((number for number, bar in enumerate(bars) if bar.start >= slot), None)
        if following is not None:
            found[following] = signature.fifths
    return found


def _element(value: Value, fifths: int, *, is_hidden: bool) -> Any:
    """A written value as music21 has it: note, chord or rest, with its ties."""
    if not value.pitches:
        rest = note.Rest(duration=_duration(value))
        rest.style.hideObjectOnPrint = is_hidden
        return rest
    pitches = [_pitch(midi, fifths) for midi in value.pitches]
    if len(pitches) == 1:
        element = note.Note(pitches[0], duration=_duration(value))
    else:
        element = chord.Chord(pitches, duration=_duration(value))
    if value.is_tied_from or value.is_tied_on:
        element.tie = tie.Tie(TIES[value.is_tied_from, value.is_tied_on])
    return element


def _duration(value: Value) -> Any:
    """A value's length; three of a triplet fill the time of two."""
    if not value.is_triplet:
        return duration.Duration(Fraction(value.slots, SLOTS_PER_QUARTER))
    kind, dots = TRIPLET_VALUES[value.slots]
    length = duration.Duration(kind, dots=dots)
    length.appendTuplet(duration.Tuplet(3, 2))
    return length


def _pitch(midi: int, fifths: int) -> Any:
    letter, sharps, octave = spell(midi, fifths)
    spelled = pitch.Pitch(letter + ("#" * sharps if sharps > 0 else "-" * -sharps))
    spelled.octave = octave
    return spelled


def _insert_marks(
    staff: Any, bars: Sequence[Bar], marks: Iterable[tuple[int, Any]], mark_of: Callable[[Any], Any]
) -> None:
    """Put marks at their slots into a staff's bars."""
    measures = list(staff.getElementsByClass(stream.Measure))
    starts = [bar.start for bar in bars]
    for slot, value in marks:
        place = bisect_right(starts, slot) - 1
        measures[place].insert(Fraction(slot - starts[place], SLOTS_PER_QUARTER), mark_of(value))


def _tempo_mark(tempo_bpm: float) -> Any:
    return tempo.MetronomeMark(number=round(tempo_bpm, 2))
