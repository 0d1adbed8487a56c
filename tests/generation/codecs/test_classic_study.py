"""The classic codec against the study's own way, music21: live on files for each rule, by digest on all of them."""

import json
import time
from collections.abc import Iterator
from importlib.metadata import version

import numpy as np
import pytest

from generation.codecs import CodecError
from generation.codecs.classic_strings import classic_strings_of_file
from tests.measurements.studys_strings import DIGESTS, starter_files, studys_parts, summary

FILES = starter_files()
STORED = json.loads(DIGESTS.read_text())
PIECES = (  # of each rule at least one: voices, ties, parts by name, bars that music21 draws out, meters, drums
    "classical/bach_cello_suite_bwv1007_1_prelude",
    "classical/bach_cello_suite_bwv1007_7_gigue",
    "classical/beethoven_pathetique_op13_mvt2",
    "classical/chopin_prelude_op28_no4",
    "classical/mozart_k331_mvt1_tema",
    "classical/satie_gymnopedie_1",
    "classical/schumann_traumerei_op15_7",
    "classical/vivaldi_autumn_rv293_mvt2",
    "modern/freedoom_reflection__scragadelic",
    "modern/marset_hellin",
    "modern/yubatake_main_theme",
)
LIVE = [*(f"dataset1/{piece}.mid" for piece in PIECES), *sorted(FILES)[-29::3]]


def assert_as_the_study(data: bytes) -> None:
    """Compare with music21: the first part, and the first that says anything."""
    parts = studys_parts(data)
    assert classic_strings_of_file(data) == parts[0]
    assert classic_strings_of_file(data, literal=False) == next(filter(None, parts), [])


@pytest.mark.parametrize("name", LIVE)
def test_a_file_has_the_strings_that_music21_gives_the_study(name: str) -> None:
    assert_as_the_study(FILES[name].read_bytes())


def test_every_starter_file_has_the_strings_that_music21_gave() -> None:
    assert len(FILES) == 83
    assert set(STORED["files"]) == set(FILES)
    for name, path in FILES.items():
        data = path.read_bytes()
        ours = {
            "literal": summary(classic_strings_of_file(data, literal=True)),
            "sounding": summary(classic_strings_of_file(data, literal=False)),
        }
        assert ours == STORED["files"][name], name


def test_the_stored_strings_are_of_the_music21_that_is_installed() -> None:
    assert STORED["music21"] == version("music21")


NOTE = b"\x00\x90\x3c\x50\x83\x60\x80\x3c\x40"  # C4 for a quarter of 480 ticks
CHORD = b"\x00\x90\x3c\x50\x00\x40\x50\x00\x43\x50\x83\x60\x3c\x00\x00\x40\x00\x00\x43\x00"
SHORT = b"\x00\x90\x4c\x50\x00\x4c\x00"  # E5 of no length
HELD = b"\x00\x90\x3e\x50\x00\x41\x50\x87\x40\x41\x00\x96\x00\x3e\x00"  # D4 under F4, well over a barline
DRUM = b"\x00\x99\x24\x50\x83\x60\x99\x24\x00"
STRUCK_TWICE = b"\x00\x90\x45\x50\x83\x60\x45\x50\x83\x60\x45\x00\x00\x45\x00"
EXTRA = b"\x83\x60\xb0\x40\x7f\x00\xd0\x30\x00\xf0\x02\x11\xf7"


def meta(kind: int, data: bytes) -> bytes:
    return bytes((0, 0xFF, kind, len(data))) + data


def program(number: int, channel: int = 0) -> bytes:
    return bytes((0, 0xC0 | channel, number))


MADE = {
    "a name that is an instrument's": [meta(3, b"Violin") + NOTE + CHORD],
    "a name that is another instrument's than the program": [meta(3, b"Violin") + program(0) + NOTE],
    "a name that is no instrument's": [meta(3, b"Melody") + program(40) + NOTE, program(40) + CHORD],
    "names with and without a known instrument": [meta(3, b"zzz") + NOTE, meta(3, b"Flute 1") + CHORD],
    "numbered names": [meta(4, b"Instrument 12") + NOTE, meta(4, b"inst 2") + program(3) + CHORD],
    "an instrument's name beside a track's": [meta(3, b"Oboe") + meta(4, b"second desk") + NOTE + CHORD],
    "a name that is not UTF-8": [meta(3, b"fl\xf6te") + program(73) + NOTE + CHORD],
    "a name up to a null byte": [meta(4, b"Flute\x00Oboe") + NOTE],
    "a change of program and back": [program(0) + NOTE + program(40) + CHORD + program(0) + NOTE],
    "no instrument at all": [NOTE + CHORD, CHORD],
    "notes before the first program": [NOTE + program(0) + CHORD, program(0) + NOTE],
    "drums and the rest in one track": [program(0) + DRUM + NOTE + CHORD, program(0, 9) + DRUM],
    "a track of drums first": [program(0, 9) + DRUM, program(24) + CHORD],
    "notes of no length": [program(0) + SHORT + NOTE + SHORT + CHORD + SHORT],
    "a meter of its own": [meta(0x58, b"\x03\x02\x18\x08") + program(0) + HELD + NOTE * 5],
    "a meter in a track without notes": [meta(0x58, b"\x03\x03\x18\x08"), program(0) + HELD + NOTE * 7],
    "a meter that changes late": [EXTRA * 3 + meta(0x58, b"\x02\x02\x18\x08"), program(0) + NOTE * 3 + HELD * 3],
    "voices held over barlines": [program(0) + NOTE * 3 + HELD + NOTE + HELD, program(0) + CHORD * 9],
    "a key struck again before it is let go": [program(0) + STRUCK_TWICE + NOTE],
    "two channels in one track": [program(0) + program(0, 1) + NOTE + NOTE.replace(b"\x90", b"\x91") + CHORD],
    "pedals, pressure and system messages": [program(0) + NOTE + EXTRA + CHORD + EXTRA + NOTE],
    "changes of program at one time": [program(0) + program(5) + program(0) + program(5) + SHORT + NOTE + SHORT],
    "one program twice at one time": [meta(3, b"Oboe") + program(0) + program(0) + SHORT + NOTE + SHORT],
    "a track of strikes never let go": [program(5) + b"\x00\x90\x3c\x50", program(0) + NOTE],
}


def midi_file(tracks: list[bytes]) -> bytes:
    chunks = [track + b"\x00\xff\x2f\x00" for track in tracks]
    head = b"MThd\x00\x00\x00\x06\x00\x01" + bytes((0, len(chunks))) + b"\x01\xe0"
    return head + b"".join(b"MTrk" + len(chunk).to_bytes(4, "big") + chunk for chunk in chunks)


@pytest.mark.parametrize("rule", MADE)
def test_a_file_made_for_a_rule_has_the_studys_strings(rule: str) -> None:
    assert_as_the_study(midi_file(MADE[rule]))


def rough_tracks(rng: np.random.Generator) -> list[bytes]:
    """Tracks of random notes that overlap in every way, played loosely, with a change of program here and there."""
    tracks = []
    for _ in range(rng.integers(1, 4)):
        events = []
        for _ in range(rng.integers(5, 60)):
            onset = int(rng.integers(0, 12_000)) if rng.random() < 0.5 else 120 * int(rng.integers(0, 100))
            pitch, channel = int(rng.integers(40, 80)), 9 if rng.random() < 0.05 else int(rng.integers(0, 2))
            events.append((onset, 1, bytes((0x90 | channel, pitch, 80))))
            end = onset + int(rng.choice([0, 60, 120, 240, 475, 480, 960, 2500]))
            events.append((end, 0, bytes((0x80 | channel, pitch, 0))))
        changes = [program(number)[1:] for number in rng.integers(0, 3, size=rng.integers(0, 3)).tolist()]
        events += [(int(rng.integers(0, 9000)), 2, change) for change in changes]
        events.append((int(rng.integers(0, 4)) * 960, 0, meta(0x58, bytes((int(rng.integers(1, 8)), 2, 24, 8)))[1:]))
        tracks.append(b"".join(_timed(sorted(events))))
    return tracks


def _timed(events: list[tuple[int, int, bytes]]) -> Iterator[bytes]:
    before = 0
    for tick, _, data in events:
        delta = tick - before
        before = tick
        yield bytes((0x80 | delta >> 14 & 0x7F, 0x80 | delta >> 7 & 0x7F, delta & 0x7F)) + data


@pytest.mark.parametrize("seed", range(24))
def test_a_rough_file_has_the_studys_strings(seed: int) -> None:
    assert_as_the_study(midi_file([program(0), *rough_tracks(np.random.default_rng(seed))]))


def test_names_without_end_cost_little() -> None:
    endless = meta(3, b"a " * 60) + NOTE
    assert classic_strings_of_file(midi_file([endless])) == ["C4"]
    with pytest.raises(CodecError) as refusal:
        classic_strings_of_file(midi_file([meta(3, b"Oboe") * 2001 + NOTE]))
    assert refusal.value.code == "too_dense"


def test_changes_of_program_without_end_cost_little() -> None:
    changes = b"".join(program(number % 128) for number in range(40_000))
    started = time.process_time()
    assert classic_strings_of_file(midi_file([changes + SHORT * 2000 + NOTE]), literal=False)
    assert time.process_time() - started < 2


def test_a_mutated_file_has_strings_or_is_refused() -> None:
    rng = np.random.default_rng(7)
    whole = midi_file([meta(3, b"Melody") + program(0) + NOTE * 3 + EXTRA, DRUM + HELD + CHORD * 2 + SHORT])
    codes = []
    for _ in range(600):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 6)):
            data[rng.integers(14, len(data))] = rng.integers(0, 256)
        try:
            codes.append(str(len(classic_strings_of_file(bytes(data)))))
        except CodecError as refusal:
            codes.append(refusal.code)
    assert "bad_file" in codes
    assert {code for code in codes if not code.isdigit()} <= {"bad_file", "too_dense"}
    assert len({code for code in codes if code.isdigit()}) > 3
