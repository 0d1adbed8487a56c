"""Which instrument plays when in a track, by music21's rules: its marks become instruments, and those split the track.

A track's name, its instrument's name and each program change is an instrument of music21, and those of a track are made
one if their names allow it. Parts are then gathered over all tracks by the instrument's name: a track
whose name says another instrument than its program does makes a part of that name, which lasts no time at all.
"""

import re
from dataclasses import dataclass

from generation.codecs.classic_events import DRUM_CHANNEL, INSTRUMENT_NAME, PROGRAM, TRACK_NAME, Mark, Track

# The instruments of the 128 programs as music21 names them, each with how many programs in a row it stands for.
PROGRAM_RUNS = (
    ("Piano", 2), ("Electric Piano", 1), ("Piano", 1), ("Electric Piano", 2), ("Harpsichord", 1), ("Clavichord", 1),
    ("Celesta", 1), ("Glockenspiel", 2), ("Vibraphone", 1), ("Marimba", 1), ("Xylophone", 1), ("Tubular Bells", 1),
    ("Dulcimer", 1), ("Electric Organ", 3), ("Pipe Organ", 1), ("Reed Organ", 1), ("Accordion", 1), ("Harmonica", 1),
    ("Accordion", 1), ("Acoustic Guitar", 2), ("Electric Guitar", 6), ("Acoustic Bass", 1), ("Electric Bass", 2),
    ("Fretless Bass", 1), ("Electric Bass", 4), ("Violin", 1), ("Viola", 1), ("Violoncello", 1), ("Contrabass", 1),
    ("StringInstrument", 2), ("Harp", 1), ("Timpani", 1), ("StringInstrument", 4), ("Choir", 1), ("Voice", 2),
    ("Sampler", 1), ("Trumpet", 1), ("Trombone", 1), ("Tuba", 1), ("Trumpet", 1), ("Horn", 1), ("Brass", 3),
    ("Soprano Saxophone", 1), ("Alto Saxophone", 1), ("Tenor Saxophone", 1), ("Baritone Saxophone", 1), ("Oboe", 1),
    ("English Horn", 1), ("Bassoon", 1), ("Clarinet", 1), ("Piccolo", 1), ("Flute", 1), ("Recorder", 1),
    ("Pan Flute", 2), ("Shakuhachi", 1), ("Whistle", 1), ("Ocarina", 1), ("Sampler", 24), ("Sitar", 1), ("Banjo", 1),
    ("Shamisen", 1), ("Koto", 1), ("Kalimba", 1), ("Bagpipes", 1), ("Violin", 1), ("Shehnai", 1), ("Glockenspiel", 1),
    ("Agogo", 1), ("Steel Drum", 1), ("Woodblock", 1), ("Taiko", 1), ("Tom-Tom", 1), ("Sampler", 10),
)  # fmt: skip
PROGRAM_NAMES = tuple(name for name, count in PROGRAM_RUNS for _ in range(count))
CLASS_NAMES = {
    "Brass": "BrassInstrument",
    "Percussion": "UnpitchedPercussion",
    "Tom-Tom": "TomTom",
    "Voice": "Vocalist",
}
LONGEST_NAME = 80  # music21 looks up every run of words, so that a hostile name would cost much
DRUMS = "Percussion"
GENERIC = "Instrument"
NUMBERED_NAME = re.compile(r"inst(rument)?|((inst|instrument) )*\d+", re.IGNORECASE)


@dataclass(slots=True)
class Instrument:
    """One of music21's instruments: its class, the name that parts go by, and the part's own name."""

    tick: int
    kind: str
    name: str | None
    part_name: str | None


def instruments_of(track: Track) -> list[Instrument]:
    """The track's instruments in order of time, made one where their names allow."""
    found = []
    for mark in track.marks:
        if mark.kind == PROGRAM:
            found.append(_of_program(mark))
        elif mark.kind in (TRACK_NAME, INSTRUMENT_NAME):
            found.append(_of_name(mark))
    return _merge(found)


def _of_program(mark: Mark) -> Instrument:
    program, channel = mark.data
    name = DRUMS if channel == DRUM_CHANNEL else PROGRAM_NAMES[program & 0x7F]
    return Instrument(mark.tick, CLASS_NAMES.get(name, name.replace(" ", "")), name, None)


def _of_name(mark: Mark) -> Instrument:
    """The instrument that a name mark says; a generic one where music21 knows none in it."""
    try:
        text = mark.data.decode().split("\x00")[0].strip()
    except UnicodeDecodeError:
        return Instrument(mark.tick, GENERIC, None, None)
    kind = _known_class(text)
    instrument = Instrument(mark.tick, kind or GENERIC, text if kind else None, None)
    if text and not NUMBERED_NAME.fullmatch(text):
        if mark.kind == TRACK_NAME:
            instrument.part_name = text
        else:
            instrument.name = text
    return instrument


def _known_class(text: str) -> str | None:
    if len(text) > LONGEST_NAME or not any(character.isalpha() for character in text):
        return None
    from generation.score.notation import instrument_class  # seconds to load, and only named tracks need it

    return instrument_class(text)


def _merge(found: list[Instrument]) -> list[Instrument]:
    """A track's instruments as music21 leaves them: one of a kind, or none generic beside a known one.

    It means to merge those of one time only, but takes the whole track for one time.
    """
    part_names = {instrument.part_name for instrument in found} - {None}
    names = {instrument.name for instrument in found} - {None}
    if len(found) < 2 or len(part_names) > 1 or len(names) > 1:
        return found
    kinds = {instrument.kind for instrument in found}
    left = found[:1] if len(kinds) == 1 else [one for one in found if one.kind != GENERIC]
    for instrument in left:
        instrument.name = next(iter(names), None)
    return left
