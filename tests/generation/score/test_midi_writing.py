"""Writing: every reader hears the same notes."""

import io
import struct
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from music21 import converter, midi, note

from generation.score.midi import MidiRefused, read, write
from generation.score.notes import Bend, Part, Score, Tempo, sort_notes
from tests.generation.score.strategies import plain_score, scores_on_ticks

ROOT = Path(__file__).parents[3]
STARTER = ROOT / "platform/antiphon/datasets/starter"
TORTURE = ROOT / "tests/data/torture"

Heard = list[tuple[float, float, int]]


@given(scores_on_ticks())
@settings(deadline=None)
def test_what_is_written_reads_back_equal(score: Score) -> None:
    assert read(write(score)) == score


@given(scores_on_ticks())
@settings(deadline=None, max_examples=25)
def test_mido_reads_the_same_notes_programs_and_tempo(score: Score) -> None:
    found = mido.MidiFile(file=io.BytesIO(write(score)))
    assert found.type == 1
    assert found.ticks_per_beat == 960
    assert len(found.tracks) == 1 + len(score.parts)
    for index, part in enumerate(score.parts):
        track = found.tracks[index + 1]
        assert heard_by_mido(track) == heard(score, index)
        assert [message.program for message in track if message.type == "program_change"] == [part.program]
        channels = {message.channel for message in track if message.type == "note_on"}
        assert all((channel == 9) == part.is_drum for channel in channels)
    tempos = [round(mido.tempo2bpm(message.tempo), 2) for message in found.tracks[0] if message.type == "set_tempo"]
    assert tempos == [tempo.tempo_bpm for tempo in score.tempos]


def test_every_starter_file_is_written_as_it_was_read() -> None:
    paths = sorted(STARTER.rglob("*.mid"))
    assert len(paths) == 83
    for path in paths:
        score = read(path.read_bytes())
        assert read(write(score)) == score, path.name


def test_every_torture_file_that_is_read_is_written_as_it_was_read() -> None:
    for path in sorted(TORTURE.rglob("*.mid")):
        try:
            score = read(path.read_bytes())
        except MidiRefused:
            continue
        back = read(write(score))
        assert replace(back, bends=()) == replace(score, bends=()), path.name
        # One file bends in several ranges, and the widest of them says small bends no better.
        assert [bend.cents for bend in back.bends] == pytest.approx([bend.cents for bend in score.bends], abs=0.5)


@pytest.mark.parametrize("name", ["satie_gymnopedie_1", "krueger_debussy_childrens_corner_2", "yubatake_main_theme"])
def test_music21_reads_the_same_notes_of_a_written_piece(name: str) -> None:
    path = next(STARTER.rglob(f"{name}.mid"))
    score = read(path.read_bytes())
    division = struct.unpack(">H", write(score)[12:14])[0]
    assert sorted(_heard_by_music21(write(score))) == sorted(
        (round(onset * division), round((onset + length) * division), pitch)
        for onset, length, pitch in (row[:3] for row in score.notes.tolist())
    )


def _heard_by_music21(data: bytes) -> list[tuple[int, int, int]]:
    """(onset, end, pitch) of all notes in ticks, by the events that music21 pairs before it quantises."""
    found = []
    file = midi.MidiFile()
    file.readstr(data)
    for track in file.tracks:
        timed = midi.translate.getNotesFromEvents(midi.translate.getTimeForEvents(track))
        found += [(pair.onTime, pair.offTime, pair.event.pitch) for pair in timed]
    return found


def test_music21_reads_the_same_lengths_velocities_and_tempo() -> None:
    rows = [(0.0, 1.0, 60, 80, 0), (1.0, 0.5, 64, 80, 0), (1.5, 0.5, 67, 90, 0), (2.0, 2.0, 72, 100, 0)]
    score = Score(sort_notes(rows), tempos=(Tempo(0.0, 90.0),))
    found = converter.parse(write(score), format="midi")
    notes = found.flatten().getElementsByClass(note.Note)
    assert [(float(n.offset), float(n.quarterLength), n.pitch.midi, n.volume.velocity) for n in notes] == [
        row[:4] for row in rows
    ]
    assert found.flatten().metronomeMarkBoundaries()[0][2].number == 90


def test_a_key_struck_again_ends_the_earlier_note() -> None:
    score = Score(sort_notes([(0.0, 4.0, 60, 80, 0), (1.0, 1.0, 60, 90, 0), (1.0, 2.0, 60, 70, 0)]))
    assert heard(read(write(score)), 0) == [(0.0, 1.0, 60), (1.0, 2.0, 60)]


def test_times_off_the_ticks_move_by_half_a_tick_at_most() -> None:
    rng = np.random.default_rng(2)
    onsets = np.cumsum(rng.uniform(0.1, 0.5, 50))
    score = Score(sort_notes([(onset, 0.09, 60, 80, 0) for onset in onsets]))
    assert np.abs(read(write(score)).notes["onset_quarters"] - onsets).max() <= 0.5 / 960 + 1e-12


def test_wide_bends_set_their_range() -> None:
    bends = (Bend(0, 0.0, 700.0), Bend(0, 1.0, -350.0))
    back = read(write(Score(plain_score([60, 62]).notes, bends=bends)))
    assert [bend.cents for bend in back.bends] == pytest.approx([700.0, -350.0], abs=0.15)


def test_more_than_sixteen_parts_are_written() -> None:
    rows = [(0.0, 1.0, 40 + part, 80, part) for part in range(40)]
    score = Score(sort_notes(rows), parts=tuple(Part(f"part {index}", index) for index in range(40)))
    assert read(write(score)) == score


def test_what_midi_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 on"):
        write(Score(sort_notes([(-1.0, 0.5, 60, 80, 0)])))


def test_parts_beyond_the_fifteenth_pitched_one_have_channels_of_their_own() -> None:
    rows = [(0.0, 1.0, 40 + part, 80, part) for part in range(40)]
    found = mido.MidiFile(file=io.BytesIO(write(Score(sort_notes(rows), parts=tuple(Part("", i) for i in range(40))))))
    places = []
    for track in found.tracks[1:]:
        port = next((message.port for message in track if message.type == "midi_port"), 0)
        places += [(port, message.channel) for message in track if message.type == "note_on"]
    assert len(set(places)) == 40
    assert all(channel != 9 for _, channel in places)


@given(st.lists(st.integers(-24000, 24000), min_size=1, max_size=5))
@settings(deadline=None, max_examples=50)
def test_bends_come_back_within_half_a_step_of_their_range(tenths: list[int]) -> None:
    cents = [tenth / 10 for tenth in tenths]
    bends = tuple(Bend(0, float(index), cent) for index, cent in enumerate(cents))
    back = read(write(Score(plain_score([60] * 20).notes, bends=bends)))
    assert [bend.cents for bend in back.bends] == pytest.approx(cents, abs=0.05 + 9600 / 8192)
    if max(abs(cent) for cent in cents) <= 800:
        assert [bend.cents for bend in back.bends] == cents


@given(st.integers(1, 34), st.data())
@settings(deadline=None, max_examples=50)
def test_times_on_any_multiple_of_960_ticks_read_back_equal(factor: int, data: st.DataObject) -> None:
    division = 960 * factor
    rows, at = [], 0
    for pitch in data.draw(st.lists(st.integers(0, 127), min_size=1, max_size=6)):
        length = data.draw(st.integers(1, 4 * division))
        rows.append((at / division, length / division, pitch, 80, 0))
        at += length + data.draw(st.integers(0, division))
    score = Score(sort_notes(rows))
    assert _in_ticks(read(write(score)), division) == _in_ticks(score, division)


def _in_ticks(score: Score, division: int) -> list[tuple[int, int, int]]:
    rows = (row[:3] for row in score.notes.tolist())
    return [(round(onset * division), round(length * division), pitch) for onset, length, pitch in rows]


def heard(score: Score, part: int) -> Heard:
    """(onset, length, pitch) of a part in quarters, sorted."""
    notes = score.notes[score.notes["part"] == part]
    columns = (notes["onset_quarters"].tolist(), notes["duration_quarters"].tolist(), notes["pitch"].tolist())
    return sorted(zip(*columns, strict=True))


def heard_by_mido(track: mido.MidiTrack) -> Heard:
    """The same by mido's messages, each note-off ending the note of its pitch."""
    now, down, found = 0, {}, []
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity > 0:
            down[message.note] = now
        elif message.type in {"note_on", "note_off"}:
            began = down.pop(message.note)
            found.append((began / 960, (now - began) / 960, message.note))
    return sorted(found)
