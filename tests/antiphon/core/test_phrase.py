"""What a page plays and draws of a score."""

from dataclasses import replace

import pytest

from antiphon.core.phrase import excerpt, phrase
from generation.score.notes import Bend, Score
from tests.antiphon.pieces import melody


def test_a_phrase_fills_exactly_the_bars_of_its_frame() -> None:
    made = phrase(melody(3, tempo_bpm=60), bars=2)
    assert made["bars"] == 2
    assert made["duration_seconds"] == 8.0
    assert [note["onset_seconds"] for note in made["notes"]] == [0.0, 1.0, 2.0]


def test_without_bars_a_phrase_ends_on_the_bar_line_after_its_last_note() -> None:
    made = phrase(melody(5))
    assert made["bars"] == 2
    assert made["duration_seconds"] == 4.0


def test_notes_are_cut_where_the_phrase_ends() -> None:
    score = melody(4, tempo_bpm=60)
    score.notes["duration_quarters"] = 10.0
    assert max(note["onset_seconds"] + note["duration_seconds"] for note in phrase(score, bars=1)["notes"]) == 4.0


def test_an_excerpt_begins_with_the_first_bar_that_has_music() -> None:
    score = melody(40, tempo_bpm=60)
    score.notes["onset_quarters"] += 101.0
    made = excerpt(score, bars_max=4)
    assert made["bars"] == 4
    assert made["notes"][0]["onset_seconds"] == 1.0
    assert len(made["notes"]) == 15


def test_bars_follow_the_meter() -> None:
    made = phrase(melody(7, tempo_bpm=60, meter=(3, 4)))
    assert (made["bars"], made["beats_per_bar"], made["duration_seconds"]) == (3, 3, 9.0)


def test_a_bend_that_holds_when_an_excerpt_begins_is_kept() -> None:
    score = melody(8, tempo_bpm=60)
    score.notes["onset_quarters"] += 8.0
    bent = replace(score, bends=(Bend(0, 1.0, 25.0), Bend(0, 9.0, -10.0)))
    assert excerpt(bent, bars_max=1)["bends"] == [
        {"onset_seconds": 0.0, "part": 0, "cents": 25.0},
        {"onset_seconds": 1.0, "part": 0, "cents": -10.0},
    ]


@pytest.mark.parametrize("make", [phrase, lambda score: excerpt(score, bars_max=16)])
def test_an_empty_score_is_one_empty_bar(make) -> None:  # type: ignore[no-untyped-def]
    empty: Score = replace(melody(1), notes=melody(1).notes[:0])
    made = make(empty)
    assert (made["notes"], made["bars"]) == ([], 1)
