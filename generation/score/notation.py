"""Written music through music21, which nothing else here imports: key finding, chord names, MusicXML. Slow: seconds."""

from typing import Any

import numpy as np
from music21 import chord, instrument, key, meter, note, stream, tempo
from music21.musicxml.m21ToXml import GeneralObjectExporter

from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import Part, Score

SHORTEST_SLOTS = 1
LONGEST_KEY_NOTES = 5000  # key finding weighs more notes no better, only slower


def find_key(score: Score) -> str | None:
    """The key that music21's analysis finds, as "A minor" or "Bb major"; None where nothing is pitched."""
    flat = stream.Stream()
    for onset, duration, pitch, _, part in score.notes[:LONGEST_KEY_NOTES].tolist():
        if not score.parts[part].is_drum:
            flat.insert(onset, note.Note(pitch, quarterLength=duration))
    if len(flat.notes) == 0:
        return None
    found = flat.analyze("key")
    return f"{found.tonic.name.replace('-', 'b')} {found.mode}"


def chord_normal_order(pitches: list[int]) -> tuple[int, ...]:
    """The normal order of MIDI pitches, as music21 has it: pitch classes packed most closely."""
    return tuple(chord.Chord(pitches).normalOrder)


def to_musicxml(score: Score) -> bytes:
    """The score as MusicXML, rounded to the grid's slots; opens in notation programs."""
    whole = stream.Score()
    for index, part in enumerate(score.parts):
        whole.insert(0, _written_part(score, index, part))
    return bytes(GeneralObjectExporter(whole).parse())


def _written_part(score: Score, index: int, part: Part) -> Any:
    """One part in bars, with rests and ties; tempo marks stand in the first part only."""
    written = stream.Part()
    written.partName = part.name or f"Part {index + 1}"
    voice = instrument.UnpitchedPercussion() if part.is_drum else instrument.instrumentFromMidiProgram(part.program)
    written.insert(0, voice)
    for mark in score.meters:
        written.insert(mark.onset_quarters, meter.TimeSignature(f"{mark.numerator}/{mark.denominator}"))
    for signature in score.keys:
        written.insert(signature.onset_quarters, key.KeySignature(signature.fifths))
    if index == 0:
        for speed in score.tempos:
            written.insert(speed.onset_quarters, tempo.MetronomeMark(number=round(speed.tempo_bpm, 2)))
    for (slot, length), pitches in _chords(score, index).items():
        written.insert(slot / SLOTS_PER_QUARTER, _written_sound(pitches, length / SLOTS_PER_QUARTER))
    written.makeMeasures(inPlace=True)
    for measure in written.getElementsByClass(stream.Measure):
        measure.makeVoices(inPlace=True)
    written.makeTies(inPlace=True)
    written.makeRests(inPlace=True, fillGaps=True, timeRangeFromBarDuration=True)
    return written


def _written_sound(pitches: list[int], quarters: float) -> Any:
    if len(pitches) == 1:
        return note.Note(pitches[0], quarterLength=quarters)
    return chord.Chord(sorted(set(pitches)), quarterLength=quarters)


def _chords(score: Score, index: int) -> dict[tuple[int, int], list[int]]:
    """Pitches of a part's notes by the slot on which they begin and the slots they last."""
    notes = score.notes[score.notes["part"] == index]
    slots = np.rint(notes["onset_quarters"] * SLOTS_PER_QUARTER).astype(int).tolist()
    lengths = np.maximum(SHORTEST_SLOTS, np.rint(notes["duration_quarters"] * SLOTS_PER_QUARTER)).astype(int).tolist()
    found: dict[tuple[int, int], list[int]] = {}
    for slot, length, pitch in zip(slots, lengths, notes["pitch"].tolist(), strict=True):
        found.setdefault((slot, length), []).append(pitch)
    return found
