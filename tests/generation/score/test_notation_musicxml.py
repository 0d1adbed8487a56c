"""MusicXML: opened again, it has the notes of the score on the grid, written as a musician would."""

import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from music21 import clef, converter, dynamics, instrument, layout, note, stream, tempo

from generation.score.arrangement import slice_bars
from generation.score.midi import read
from generation.score.notation import to_musicxml
from generation.score.notes import KeySignature, Meter, Part, Score, Tempo, sort_notes
from tests.generation.score.strategies import scores_on_grid

STARTER = Path(__file__).parents[3] / "platform/antiphon/datasets/starter"
PIECES = ("mozart_k545_mvt2", "chopin_nocturne_op9_no2", "krueger_debussy_clair_de_lune", "yubatake_main_theme")
SLOTS = 12
LONGEST_SECONDS = 3.0  # ten times what it takes, for a busy machine

Row = tuple[int, int, int]  # slot, slots, pitch


def opened(score: Score) -> Any:
    return converter.parse(to_musicxml(score), format="musicxml")


def written(score: Score) -> set[Row]:
    """The score's notes on the grid, each ended where its key is struck again."""
    keys: dict[tuple[int, int], list[tuple[int, int]]] = {}  # part and pitch -> slots where one begins and ends
    for onset, length, pitch, _, part in score.notes.tolist():
        slot = round(onset * SLOTS)
        keys.setdefault((part, pitch), []).append((slot, max(slot + 1, round((onset + length) * SLOTS))))
    rows = set()
    for (_, pitch), strokes in keys.items():
        following = [begin for begin, _ in strokes[1:]]
        for (begin, end), strike in zip(strokes, [*following, None], strict=True):
            rows.add((begin, (end if strike is None else min(end, strike)) - begin, pitch))
    return {row for row in rows if row[1] > 0}


def read_back(page: Any) -> set[Row]:
    """The notes of an opened page, tied ones summed."""
    rows: set[Row] = set()
    for staff in page.parts:
        sounding: dict[tuple[int, int], int] = {}  # pitch and end -> where it began
        for measure in staff.getElementsByClass(stream.Measure):
            for sound in sorted(measure.recurse().notes, key=lambda sound: sound.getOffsetInHierarchy(measure)):
                slot = _slots(measure.offset + sound.getOffsetInHierarchy(measure))
                end = slot + _slots(sound.quarterLength)
                kind = sound.tie.type if sound.tie else None
                for pitch in sound.pitches:
                    began = sounding.pop((pitch.midi, slot)) if kind in {"stop", "continue"} else slot
                    if kind in {"start", "continue"}:
                        sounding[pitch.midi, end] = began
                    else:
                        rows.add((began, end - began, pitch.midi))
        assert not sounding
    return rows


def _slots(quarters: float | Fraction) -> int:
    slots = float(quarters) * SLOTS
    assert slots == pytest.approx(round(slots))
    return round(slots)


def test_a_key_struck_again_ends_its_note_also_over_a_bar_line() -> None:
    score = Score(sort_notes([(1.75, 3.25, 119, 80, 0), (3.0, 1.5, 119, 80, 0)]))
    assert read_back(opened(score)) == {(21, 15, 119), (36, 18, 119)}


@given(scores_on_grid())
@settings(deadline=None, max_examples=15)
def test_any_score_on_the_grid_comes_back_with_its_notes(score: Score) -> None:
    assert read_back(opened(score)) == written(score)


@pytest.mark.parametrize("name", PIECES)
def test_sixteen_bars_of_a_piece_come_back_soon_with_their_notes(name: str) -> None:
    phrase = slice_bars(read(next(STARTER.rglob(f"{name}.mid")).read_bytes()), 8, 23)
    began = time.process_time()
    page = to_musicxml(phrase)
    assert time.process_time() - began < LONGEST_SECONDS
    assert read_back(converter.parse(page, format="musicxml")) == written(phrase)


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(2, 2), (3, 4), (5, 4), (6, 8), (7, 8), (9, 8), (12, 8), (3, 16)]
)
def test_bars_are_full_in_every_meter(numerator: int, denominator: int) -> None:
    rows = [(index * 0.75, 0.75 + index % 3 / 3, 60 + index % 12, 80, 0) for index in range(16)]
    score = Score(sort_notes(rows), parts=(Part("flute", 73),), meters=(Meter(0.0, numerator, denominator),))
    page = opened(score)
    assert read_back(page) == written(score)
    for measure in page.parts[0].getElementsByClass(stream.Measure):
        voices = list(measure.voices) or [measure]
        assert all(float(voice.duration.quarterLength) == 4 * numerator / denominator for voice in voices)


def test_a_keyboard_part_is_written_on_two_staves_joined_by_a_brace() -> None:
    rows = [(float(beat), 1.0, pitch, 80, 0) for beat in range(4) for pitch in (43, 50, 67 + beat, 76)]
    page = opened(Score(sort_notes(rows), parts=(Part("Piano", 0),)))
    right, left = page.parts
    assert [next(iter(staff[clef.Clef])).sign for staff in (right, left)] == ["G", "F"]
    assert {group.symbol for group in page[layout.StaffGroup]} == {"brace"}
    assert {pitch.midi for pitch in right.pitches} == {67, 68, 69, 70, 76}
    assert {pitch.midi for pitch in left.pitches} == {43, 50}


def test_hands_do_not_jump_over_middle_c_with_a_scale() -> None:
    scale = [52, 53, 55, 57, 59, 60, 62, 64, 65, 67]
    rows = [(index / 2, 0.5, pitch, 80, 0) for index, pitch in enumerate(scale)]
    page = opened(Score(sort_notes(rows), parts=(Part("Piano", 0),)))
    hands = ["left" if any(pitch.midi == midi for pitch in page.parts[1].pitches) else "right" for midi in scale]
    assert hands == sorted(hands)  # one change from left to right, no way back


@pytest.mark.parametrize(
    ("part", "pitches"),
    [(Part("Flute", 73), [48, 84]), (Part("Piano", 0), [60, 84]), (Part("Drums", 0, True), [35, 81])],
)
def test_other_parts_and_narrow_ones_are_written_on_one_staff(part: Part, pitches: list[int]) -> None:
    rows = [(float(index), 1.0, pitch, 80, 0) for index, pitch in enumerate(pitches)]
    assert len(opened(Score(sort_notes(rows), parts=(part,))).parts) == 1


def test_triplets_are_bracketed_and_rests_fill_the_bar() -> None:
    rows = [(0.0, 1 / 3, 72, 80, 0), (1 / 3, 1 / 3, 74, 80, 0), (2 / 3, 1 / 3, 76, 80, 0), (2.0, 1.0, 72, 80, 0)]
    first = opened(Score(sort_notes(rows), parts=(Part("Flute", 73),))).parts[0].getElementsByClass(stream.Measure)[0]
    elements = list(first.notesAndRests)
    assert [element.duration.type for element in elements] == ["eighth"] * 3 + ["quarter"] * 3
    assert [element.isRest for element in elements] == [False, False, False, True, False, True]
    assert [tuplet.type for element in elements[:3] for tuplet in element.duration.tuplets] == ["start", None, "stop"]


def test_dynamics_stand_only_where_the_loudness_changes() -> None:
    loudness = [49, 50, 47, 96, 95, 97, 49]
    rows = [(4.0 * bar + beat, 1.0, 72, velocity, 0) for bar, velocity in enumerate(loudness) for beat in range(4)]
    page = opened(Score(sort_notes(rows), parts=(Part("Flute", 73),)))
    marks = [(mark.getOffsetInHierarchy(page), mark.value) for mark in page[dynamics.Dynamic]]
    assert marks == [(0.0, "p"), (12.0, "f"), (24.0, "p")]


def test_names_instruments_keys_meters_and_tempos_are_kept() -> None:
    rows = [(float(beat), 1.0, 70, 80, part) for beat in range(14) for part in (0, 1)]
    score = Score(
        sort_notes(rows),
        parts=(Part("Solo", 40), Part("Bass", 32)),
        tempos=(Tempo(0.0, 90.0), Tempo(8.0, 120.5)),
        meters=(Meter(0.0, 4, 4), Meter(8.0, 3, 4)),
        keys=(KeySignature(0.0, -2), KeySignature(8.0, 1)),
    )
    page = opened(score)
    assert [staff.partName for staff in page.parts] == ["Solo", "Bass"]
    assert [staff[instrument.Instrument].first().midiProgram for staff in page.parts] == [40, 32]
    top = page.parts[0]
    assert [(mark.number, mark.getOffsetInHierarchy(top)) for mark in top[tempo.MetronomeMark]] == [(90, 0), (120.5, 8)]
    assert [mark.ratioString for mark in top["TimeSignature"]] == ["4/4", "3/4"]
    assert [mark.sharps for mark in top["KeySignature"]] == [-2, 1]
    assert {sound.pitch.name for sound in top.recurse().getElementsByClass(note.Note)} == {"B-"}


def test_a_played_tempo_is_thinned_to_marks_that_can_be_followed() -> None:
    rows = [(float(beat), 1.0, 72, 80, 0) for beat in range(32)]
    wavering = tuple(Tempo(index / 4, 100.0 + (index % 5)) for index in range(64))
    slower = tuple(Tempo(16 + index / 4, 60.0 + (index % 5)) for index in range(64))
    page = opened(Score(sort_notes(rows), parts=(Part("Flute", 73),), tempos=wavering + slower))
    marks = [(mark.getOffsetInHierarchy(page), mark.number) for mark in page[tempo.MetronomeMark]]
    assert [offset for offset, _ in marks] == [0.0, 16.0]
    assert [number for _, number in marks] == pytest.approx([102, 62], abs=1)


@pytest.mark.parametrize(("fifths", "name"), [(0, "C#"), (4, "C#"), (-4, "D-"), (-1, "C#"), (-3, "D-")])
def test_pitches_are_spelled_by_the_key(fifths: int, name: str) -> None:
    score = Score(sort_notes([(0.0, 1.0, 61, 80, 0)]), parts=(Part("Flute", 73),), keys=(KeySignature(0.0, fifths),))
    assert [pitch.name for pitch in opened(score).pitches] == [name]
