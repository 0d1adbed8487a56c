"""Writing: every reader hears the same notes."""

import io
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from music21 import converter, note

from generation.score.midi import read, write
from generation.score.notes import Bend, Part, Score, Tempo, sort_notes
from tests.generation.score.strategies import plain_score, scores_on_ticks

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


def test_music21_reads_the_same_notes() -> None:
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


def test_a_file_of_the_torture_set_is_written_as_it_was_read() -> None:
    path = Path(__file__).parents[2] / "data/torture/made_cc0/72_16ch_piano_mix.mid"
    score = read(path.read_bytes())
    assert read(write(score)) == score


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
