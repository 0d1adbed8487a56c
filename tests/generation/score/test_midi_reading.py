"""Reading: what is taken in, what is refused and with which reason."""

import gzip
import struct
from pathlib import Path

import pytest

from generation.score.midi import MidiRefused, ReadLimits, read, write
from generation.score.midi.careful import read_careful
from generation.score.midi.container import open_container
from generation.score.midi.fast import read_fast
from generation.score.midi.parsed import Parsed
from generation.score.notes import Score
from tests.generation.score.floods import midi_file
from tests.generation.score.strategies import plain_score

ROOT = Path(__file__).parents[3]
TORTURE = ROOT / "tests/data/torture"
STARTER = ROOT / "platform/antiphon/datasets/starter"
LIMITS = ReadLimits()
NOTE = b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x40"  # middle C, a quarter long


@pytest.mark.parametrize(
    ("name", "n_notes"),
    [
        ("00_control_ok", 8),
        ("07_says_1_track_has_3", 24),
        ("17_trailing_garbage", 8),
        ("20_header_len_8", 8),
        ("60_rmid", 8),
        ("61_gzip", 8),
    ],
)
def test_what_surrounds_the_tracks_is_no_obstacle(name: str, n_notes: int) -> None:
    assert len(read((TORTURE / f"made_cc0/{name}.mid").read_bytes()).notes) == n_notes


def test_video_frames_are_read_as_seconds() -> None:
    score = read((TORTURE / "made_cc0/29_smpte_25_40.mid").read_bytes())
    assert score.tempos[0].tempo_bpm == 60.0
    assert score.notes["duration_quarters"].tolist() == [0.5] * 4


def test_marks_that_mean_nothing_are_left_out() -> None:
    assert read((TORTURE / "made_cc0/47_tempo_zero.mid").read_bytes()).tempos[0].tempo_bpm == 120.0
    assert read((TORTURE / "made_cc0/52_timesig_zero.mid").read_bytes()).meters[0].numerator == 4


def test_names_have_no_control_characters_and_an_end() -> None:
    assert read((TORTURE / "collected/music21_test16.mid").read_bytes()).parts[0].name == "Piano"
    assert len(read((TORTURE / "made_cc0/75_name_64k.mid").read_bytes()).parts[0].name) == 100


def test_bends_are_read_in_cents_of_their_range() -> None:
    score = read((TORTURE / "collected/jazzsoft_rpn-00-00-pitch-bend-range.mid").read_bytes())
    assert {bend.part for bend in score.bends} == {0}
    assert max(bend.cents for bend in score.bends) > 200


def test_each_limit_is_kept_with_its_reason() -> None:
    data = write(plain_score([60] * 100))
    for limits, code in [
        (ReadLimits(max_bytes=100), "too_large"),
        (ReadLimits(max_notes=99), "too_many_notes"),
        (ReadLimits(max_tracks=1), "too_many_tracks"),
        (ReadLimits(max_marks=1), "too_many_marks"),
        (ReadLimits(max_seconds=10), "too_long"),
        (ReadLimits(max_quarters=10), "too_long"),
    ]:
        with pytest.raises(MidiRefused) as refusal:
            read(data, limits=limits)
        assert refusal.value.code == code


def test_a_gzip_bomb_is_not_unpacked() -> None:
    with pytest.raises(MidiRefused) as refusal:
        read(gzip.compress(bytes(64 << 20)))
    assert refusal.value.code == "too_large"


def test_both_parsers_give_the_same_of_each_starter_file() -> None:
    n_fast = 0
    for path in sorted(STARTER.rglob("*.mid")):
        container = open_container(path.read_bytes(), LIMITS)
        for needs_pedal in (True, False):
            fast = read_fast(container, LIMITS, needs_pedal=needs_pedal)
            if fast is not None:
                assert _content(fast) == _content(read_careful(container, LIMITS, needs_pedal=needs_pedal)), path.name
                n_fast += 1
    assert n_fast > 160


def _content(parsed: Parsed) -> list[object]:
    """Lines and marks in an order that both parsers share; bends that do nothing are left out."""
    lines = parsed.lines
    tempos = sorted(zip(*(column.tolist() for column in parsed.tempos), strict=True))
    found: list[object] = [sorted(parsed.meters), sorted(parsed.keys), tempos, lines.parts]
    columns = (lines.onsets, lines.pitches, lines.ends, lines.velocities)
    notes = list(zip(*(column.tolist() for column in columns), strict=True))
    bends = list(zip(*(column.tolist() for column in lines.bends), strict=True))
    for n_notes, n_bends in zip(lines.n_notes, lines.n_bends, strict=True):
        found += [sorted(notes[:n_notes]), [bend for bend in bends[:n_bends] if bend[1]]]
        del notes[:n_notes], bends[:n_bends]
    assert not notes
    assert not bends
    return found


def test_patterns_of_format_2_follow_one_another_bar_by_bar() -> None:
    score = read(midi_file(NOTE * 3, NOTE + b"\x00\x90\x40\x40", NOTE, midi_format=2))
    assert score.notes["onset_quarters"].tolist() == [0.0, 1.0, 2.0, 4.0, 5.0, 8.0]
    assert score.notes["duration_quarters"][4] == pytest.approx(1 / 480)  # it ends with its pattern
    assert len(score.parts) == 1


def test_notes_never_switched_off_last_to_the_next_stroke_or_the_end() -> None:
    strokes = b"\x00\x90\x3c\x40\x83\x60\x90\x40\x40\x83\x60\x90\x3c\x50\x83\x60\x80\x40\x00"
    assert _lengths(read(midi_file(strokes))) == [(0.0, 60, 2.0), (1.0, 64, 2.0), (2.0, 60, 1.0)]


def test_all_notes_off_ends_what_no_note_off_ends() -> None:
    assert _lengths(read(midi_file(b"\x00\x90\x3c\x40\x83\x60\xb0\x7b\x00" + NOTE[:-5]))) == [
        (0.0, 60, 1.0),
        (1.0, 60, pytest.approx(1 / 480)),
    ]


def test_a_key_struck_again_ends_the_note_and_of_two_at_once_the_longer_is_kept() -> None:
    overlap = b"\x00\x90\x3c\x40\x83\x60\x90\x3c\x50\x83\x60\x80\x3c\x00\x83\x60\x80\x3c\x00"
    assert _lengths(read(midi_file(overlap))) == [(0.0, 60, 1.0), (1.0, 60, 2.0)]
    unison = b"\x00\x90\x3c\x40\x00\x90\x3c\x50\x83\x60\x80\x3c\x00\x83\x60\x80\x3c\x00"
    assert _lengths(read(midi_file(unison))) == [(0.0, 60, 2.0)]


@pytest.mark.parametrize("far", [b"\xff\xff\xff\x7f", b"\x00"], ids=["careful", "fast"])
def test_the_bend_range_is_that_of_the_channel_though_the_program_changes(far: bytes) -> None:
    setup = b"\x00\xb0\x65\x00\x00\xb0\x64\x00\x00\xb0\x06\x0c" + NOTE + b"\x00\xc0\x05\x00\xe0\x00\x60" + NOTE
    limits = ReadLimits(max_quarters=1e9, max_seconds=1e9)
    score = read(midi_file(setup + far + b"\x90\x3c\x40"), limits=limits)
    assert [(bend.onset_quarters, bend.cents) for bend in score.bends] == [(1.0, 600.0)]


@pytest.mark.parametrize("far", [b"\xff\xff\xff\x7f", b"\x00"], ids=["careful", "fast"])
def test_a_range_set_under_another_program_or_track_holds_for_its_own_channel_only(far: bytes) -> None:
    wide, narrow = (b"\x00\xb0\x65\x00\x00\xb0\x64\x00\x00\xb0\x06" + bytes([reach]) for reach in (12, 1))
    bend = b"\x00\xe0\x00\x60"
    turns = wide + bend + NOTE + b"\x00\xc0\x05" + narrow + bend + NOTE + b"\x00\xc0\x00" + bend + NOTE
    limits = ReadLimits(max_quarters=1e9, max_seconds=1e9)
    score = read(midi_file(turns, bend + NOTE + far + b"\x90\x3c\x40"), limits=limits)
    assert [(bend.part, bend.onset_quarters, bend.cents) for bend in score.bends] == [
        (0, 0.0, 600.0),
        (0, 2.0, 50.0),
        (1, 1.0, 50.0),
        (2, 0.0, 100.0),
    ]


def test_times_past_31_bits_are_counted_right() -> None:
    far = b"\xff\xff\xff\x7f\xff\x01\x00" * 17
    limits = ReadLimits(max_quarters=1e9, max_seconds=1e12)
    score = read(midi_file(far + NOTE), limits=limits)
    assert score.notes["onset_quarters"][0] == 17 * 0x0FFFFFFF / 480


def test_macbinary_and_riff_with_other_chunks_are_unwrapped() -> None:
    data = write(plain_score([60, 62]))
    head = bytearray(128)
    head[1] = 5
    head[2:7] = b"a.mid"
    head[65:69] = b"Midi"
    struct.pack_into(">I", head, 83, len(data))
    assert read(bytes(head) + data + bytes(50)) == read(data)
    body = b"RMID" + b"LIST" + struct.pack("<I", 5) + b"INFOx\x00" + b"data" + struct.pack("<I", len(data)) + data
    assert read(gzip.compress(b"RIFF" + struct.pack("<I", len(body)) + body)) == read(data)


def _lengths(score: Score) -> list[tuple[float, int, float]]:
    notes = score.notes
    columns = (notes["onset_quarters"].tolist(), notes["pitch"].tolist(), notes["duration_quarters"].tolist())
    return list(zip(*columns, strict=True))
