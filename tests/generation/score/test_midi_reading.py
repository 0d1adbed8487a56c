"""Reading: what is taken in, what is refused and with which reason."""

import contextlib
import gzip
import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generation.score.midi import MidiRefused, ReadLimits, read, write
from tests.generation.score.strategies import plain_score

ROOT = Path(__file__).parents[3]
TORTURE = ROOT / "tests/data/torture"
FILES = sorted([*TORTURE.rglob("*.mid"), *TORTURE.rglob("*.midi2")])
LONGEST_SECONDS = 2.0
LARGEST_KIB = 256 * 1024

REFUSED = {
    "jazzsoft_c-major-scale-m2-g0.midi2": "not_midi",
    "jazzsoft_corrupt-file-missing-byte.mid": "cut_short",
    "jazzsoft_empty.mid": "no_notes",
    "jazzsoft_illegal-message-all.mid": "broken_events",
    "jazzsoft_illegal-message-f9.mid": "broken_events",
    "jazzsoft_silence-end-of-track.mid": "no_notes",
    "muspy_empty.mid": "no_notes",
    "muspy_negative-ticks-per-beat.mid": "no_notes",
    "muspy_type2.mid": "no_notes",
    "muspy_zero-ticks-per-beat.mid": "no_notes",
    "nfroidure_MIDIBadHeaderChunk.mid": "not_midi",
    "nfroidure_MIDIBadHeaderFormat.mid": "bad_format",
    "nfroidure_MIDIBadHeaderSMTPE.mid": "bad_division",
    "nfroidure_MIDIBadTrackLength.mid": "cut_short",
    "01_zero_bytes.mid": "empty_file",
    "02_only_mthd_magic.mid": "cut_short",
    "04_header_only_0_tracks.mid": "no_notes",
    "05_says_1_track_has_0.mid": "no_notes",
    "09_cut_mid_event.mid": "cut_short",
    "10_cut_mid_vlq.mid": "broken_events",
    "11_track_len_too_long.mid": "cut_short",
    "12_track_len_too_short.mid": "broken_events",
    "14_track_len_4gib.mid": "cut_short",
    "21_header_len_0.mid": "bad_header",
    "22_little_endian_header.mid": "bad_header",
    "24_type_3.mid": "bad_format",
    "26_division_0.mid": "no_division",
    "31_smpte_bad_fps.mid": "bad_division",
    "35_running_status_after_sysex.mid": "broken_events",
    "36_vlq_5_bytes.mid": "broken_events",
    "37_vlq_endless.mid": "broken_events",
    "39_delta_sum_overflow.mid": "time_overflow",
    "40_note_on_never_off.mid": "no_notes",
    "41_note_off_only.mid": "no_notes",
    "44_pitch_byte_over_127.mid": "broken_events",
    "45_velocity_over_127.mid": "broken_events",
    "56_meta_len_past_end.mid": "broken_events",
    "57_sysex_unterminated.mid": "broken_events",
    "62_html_as_mid.mid": "not_midi",
    "65_meta_only_no_notes.mid": "no_notes",
    "69_1000_empty_tracks.mid": "too_many_tracks",
    "74_pitch_bend_only.mid": "no_notes",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_torture_file_is_a_score_or_a_reason_within_two_seconds(path: Path) -> None:
    began = time.process_time()
    if path.name in REFUSED:
        with pytest.raises(MidiRefused) as refusal:
            read(path.read_bytes())
        assert refusal.value.code == REFUSED[path.name]
        assert "\n" not in str(refusal.value)
        assert str(refusal.value).startswith("expected ")
    else:
        score = read(path.read_bytes())
        assert len(score.notes) > 0
        assert score.notes["duration_quarters"].min() > 0
        assert score.notes["onset_quarters"].min() >= 0
    assert time.process_time() - began < LONGEST_SECONDS


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


def test_songs_that_do_not_belong_together_are_refused() -> None:
    data = bytearray(write(plain_score([60])))
    struct.pack_into(">H", data, 8, 2)
    with pytest.raises(MidiRefused) as refusal:
        read(bytes(data))
    assert refusal.value.code == "separate_songs"


def test_mutated_files_are_scores_or_reasons() -> None:
    rng = random.Random(1)
    sources = [path.read_bytes() for path in FILES if path.stat().st_size < 3000]
    for _ in range(1500):
        data = bytearray(rng.choice(sources))
        for _ in range(rng.randint(1, 8)):
            if data:
                data[rng.randrange(len(data))] = rng.choice([0, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        began = time.process_time()
        with contextlib.suppress(MidiRefused):
            assert len(read(bytes(data)).notes) > 0
        assert time.process_time() - began < LONGEST_SECONDS


def test_reading_all_torture_files_takes_little_memory() -> None:
    program = (
        "import resource, sys, pathlib\n"
        "from generation.score.midi import MidiRefused, read\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for path in pathlib.Path(sys.argv[1]).rglob('*.mid'):\n"
        "    try: read(path.read_bytes())\n"
        "    except MidiRefused: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(TORTURE)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < LARGEST_KIB
