"""Every torture file, and thousands of mutations: a score or a one-line reason, soon and in little memory."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generation.score.midi import MidiRefused, read
from generation.score.notes import Score

ROOT = Path(__file__).parents[3]
TORTURE = ROOT / "tests/data/torture"
STARTER = ROOT / "platform/antiphon/datasets/starter"
FILES = sorted([*TORTURE.rglob("*.mid"), *TORTURE.rglob("*.midi2")])
MADE = dict(line.split("\t")[:2] for line in (TORTURE / "made_cc0/WHAT.tsv").read_text().splitlines())
LONGEST_SECONDS = 2.0
LARGEST_KIB = 256 * 1024
MUTATIONS = 10_000
SEED_BYTES_MAX = 2200

NOTES = {
    "jazzsoft_2-tracks-type-0.mid": 16,
    "jazzsoft_all-gm-sounds.mid": 512,
    "jazzsoft_corrupt-file-extra-byte.mid": 8,
    "jazzsoft_corrupt-file-missing-byte.mid": 8,
    "jazzsoft_illegal-message-all.mid": 8,
    "jazzsoft_illegal-message-f9.mid": 8,
    "jazzsoft_illegal-message-fe.mid": 8,
    "jazzsoft_multichannel-chords-0.mid": 24,
    "jazzsoft_non-midi-track.mid": 8,
    "jazzsoft_note-on-velocity.mid": 9,
    "jazzsoft_rpn-00-00-pitch-bend-range.mid": 5,
    "jazzsoft_running-status-sysex.mid": 8,
    "jazzsoft_sysex-7f-04-04-master-coarse-tuning.mid": 8,
    "jazzsoft_track-length.mid": 1,
    "music21_test05.mid": 13,
    "music21_test08.mid": 17,
    "music21_test15.mid": 5,
    "music21_test16.mid": 2,  # and one more of the same pitch at the same time, shorter
    "music21_test19.mid": 34,
    "music21_test20.mid": 34,
    "muspy_key-signatures.mid": 30,
    "muspy_pitches.mid": 128,
    "nfroidure_MIDIBadHeaderTracksNum.mid": 4,
    "nfroidure_MIDIBadTrackLength.mid": 4,
    "nfroidure_MIDIOkFormat1-lyrics.mid": 6,
    "00_control_ok.mid": 8,
    "06_says_3_tracks_has_1.mid": 8,
    "07_says_1_track_has_3.mid": 24,
    "10_cut_mid_vlq.mid": 8,
    "11_track_len_too_long.mid": 8,
    "12_track_len_too_short.mid": 8,
    "14_track_len_4gib.mid": 8,
    "15_no_end_of_track.mid": 8,
    "16_events_after_eot.mid": 8,
    "17_trailing_garbage.mid": 8,
    "19_unknown_chunk_between.mid": 8,
    "20_header_len_8.mid": 8,
    "21_header_len_0.mid": 8,
    "25_type_0_two_tracks.mid": 16,
    "27_division_1.mid": 3,
    "29_smpte_25_40.mid": 4,
    "30_smpte_29_drop.mid": 8,
    "32_running_status.mid": 4,
    "34_running_status_after_meta.mid": 1,
    "35_running_status_after_sysex.mid": 1,
    "40_note_on_never_off.mid": 2,
    "42_zero_length_notes.mid": 12,
    "46_extreme_pitches.mid": 4,
    "47_tempo_zero.mid": 8,
    "49_tempo_2_bytes.mid": 8,
    "50_tempo_change_each_tick.mid": 8,
    "51_timesig_den_255.mid": 8,
    "52_timesig_zero.mid": 8,
    "54_text_not_utf8.mid": 8,
    "55_text_path_traversal.mid": 8,
    "59_karaoke.mid": 8,
    "60_rmid.mid": 8,
    "61_gzip.mid": 8,
    "64_drums_only.mid": 32,
    "66_one_note.mid": 1,
    "67_chord_of_128.mid": 128,
    "71_long_gaps.mid": 3,
    "72_16ch_piano_mix.mid": 128,
    "75_name_64k.mid": 8,
}

REFUSED = {
    "jazzsoft_c-major-scale-m2-g0.midi2": "not_midi",
    "jazzsoft_empty.mid": "no_notes",
    "jazzsoft_silence-end-of-track.mid": "no_notes",
    "muspy_empty.mid": "no_notes",
    "muspy_negative-ticks-per-beat.mid": "bad_division",
    "muspy_type2.mid": "no_notes",
    "muspy_zero-ticks-per-beat.mid": "no_division",
    "nfroidure_MIDIBadHeaderChunk.mid": "not_midi",
    "nfroidure_MIDIBadHeaderFormat.mid": "bad_format",
    "nfroidure_MIDIBadHeaderSMTPE.mid": "bad_division",
    "01_zero_bytes.mid": "empty_file",
    "02_only_mthd_magic.mid": "cut_short",
    "04_header_only_0_tracks.mid": "no_notes",
    "05_says_1_track_has_0.mid": "no_notes",
    "09_cut_mid_event.mid": "cut_short",
    "22_little_endian_header.mid": "bad_header",
    "24_type_3.mid": "bad_format",
    "26_division_0.mid": "no_division",
    "31_smpte_bad_fps.mid": "bad_division",
    "36_vlq_5_bytes.mid": "broken_events",
    "37_vlq_endless.mid": "broken_events",
    "39_delta_sum_overflow.mid": "too_long",
    "41_note_off_only.mid": "no_notes",
    "44_pitch_byte_over_127.mid": "broken_events",
    "45_velocity_over_127.mid": "broken_events",
    "56_meta_len_past_end.mid": "cut_short",
    "57_sysex_unterminated.mid": "cut_short",
    "62_html_as_mid.mid": "not_midi",
    "65_meta_only_no_notes.mid": "no_notes",
    "69_1000_empty_tracks.mid": "too_many_tracks",
    "70_note_bomb_200k.mid": "too_many_notes",
    "74_pitch_bend_only.mid": "no_notes",
}


def test_every_torture_file_is_here_and_has_its_answer() -> None:
    names = [path.name for path in FILES]
    assert set(MADE) <= set(names)
    assert all(int(size) == (TORTURE / "made_cc0" / name).stat().st_size for name, size in MADE.items())
    assert sorted(names) == sorted([*NOTES, *REFUSED])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_torture_file_is_its_notes_or_its_reason(path: Path) -> None:
    data = path.read_bytes()
    began = time.process_time()
    answer = _answer(data)
    assert time.process_time() - began < LONGEST_SECONDS
    assert answer == NOTES.get(path.name, REFUSED.get(path.name))


def test_ten_thousand_mutated_files_are_scores_or_reasons() -> None:
    seeds = _seeds()
    longest = 0.0
    kinds = {int: 0, str: 0}
    for data in _mutations(seeds, random.Random(1)):
        began = time.process_time()
        answer = _answer(data)
        longest = max(longest, time.process_time() - began)
        kinds[type(answer)] += 1
    assert longest < LONGEST_SECONDS
    assert sum(kinds.values()) == MUTATIONS
    assert min(kinds.values()) > MUTATIONS // 20, f"mutations should give both scores and reasons, gave {kinds}"


def test_no_torture_file_and_no_flood_takes_much_memory() -> None:
    program = (
        "import pathlib, resource, sys\n"
        "def peak():\n"
        "    status = pathlib.Path('/proc/self/status')\n"
        "    if not status.exists(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "    return int(status.read_text().split('VmHWM:')[1].split()[0])\n"
        "from generation.score.midi import MidiRefused, read\n"
        "from tests.generation.score.floods import FLOODS\n"
        "files = [path.read_bytes() for path in pathlib.Path(sys.argv[1]).rglob('*.mid')]\n"
        "for data in [*files, *FLOODS]:\n"
        "    try: read(data)\n"
        "    except MidiRefused: pass\n"
        "print(peak())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(TORTURE)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < LARGEST_KIB


def _answer(data: bytes) -> int | str:
    """How many notes a file has, or the code of its reason; both are checked to be sound."""
    try:
        score = read(data)
    except MidiRefused as error:
        refused = error
    else:
        return _sound_count(score)
    assert "\n" not in str(refused)
    assert str(refused).startswith("expected ")
    return refused.code


def _sound_count(score: Score) -> int:
    notes = score.notes
    assert len(notes) > 0
    assert notes["duration_quarters"].min() > 0
    assert notes["onset_quarters"].min() >= 0
    assert notes["pitch"].min() >= 0
    assert notes["pitch"].max() <= 127
    assert notes["velocity"].min() >= 1
    assert notes["velocity"].max() <= 127
    assert 0 <= notes["part"].min() <= notes["part"].max() < len(score.parts)
    return len(notes)


def _seeds() -> list[bytes]:
    starter = sorted(STARTER.rglob("*.mid"), key=lambda path: path.stat().st_size)
    small = [path for path in FILES if path.stat().st_size < SEED_BYTES_MAX] + starter[:12]
    large = [STARTER / "dataset1/classical_expressive/krueger_debussy_childrens_corner_2.mid"]
    return [path.read_bytes() for path in [*small, *large]]


def _mutations(seeds: list[bytes], rng: random.Random) -> Iterator[bytes]:
    """Copies of the seeds with bits flipped, bytes replaced, ends cut off, pieces of others put in, false lengths."""
    changes = (_flip_bits, _replace_bytes, _cut, _splice, _lie_about_length)
    for _ in range(MUTATIONS):
        data = bytearray(rng.choice(seeds))
        for change in rng.choices(changes, k=rng.randint(1, 3)):
            if len(data) > 1:
                change(data, seeds, rng)
        yield bytes(data)


def _flip_bits(data: bytearray, seeds: list[bytes], rng: random.Random) -> None:
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _replace_bytes(data: bytearray, seeds: list[bytes], rng: random.Random) -> None:
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] = rng.choice([0, 0x40, 0x7F, 0x80, 0xB0, 0xFF, rng.randrange(256)])


def _cut(data: bytearray, seeds: list[bytes], rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _splice(data: bytearray, seeds: list[bytes], rng: random.Random) -> None:
    other = rng.choice(seeds)
    begin = rng.randrange(len(other) + 1)
    at = rng.randrange(len(data))
    data[at : at + rng.randrange(64)] = other[begin : begin + rng.randrange(256)]


def _lie_about_length(data: bytearray, seeds: list[bytes], rng: random.Random) -> None:
    """Another length in the header or in a track's, or another count of tracks or ticks."""
    chunks = [at for at in range(len(data) - 7) if bytes(data[at : at + 4]) in (b"MThd", b"MTrk")]
    at = rng.choice(chunks or [0]) + rng.randint(4, 13)
    if at < len(data):
        data[at] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
