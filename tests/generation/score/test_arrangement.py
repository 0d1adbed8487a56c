"""Bars cut out, loops, beats and instruments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.score.arrangement import ArrangementRefused, loop, slice_bars, with_beat, with_program
from generation.score.bars import bar_quarters, bar_starts, metered_bars
from generation.score.beats import BEATS, KICK
from generation.score.midi import read, write
from generation.score.notes import Bend, KeySignature, Meter, Part, Score, Tempo, sort_notes
from generation.score.playback import to_seconds

METERS = [(2, 4), (3, 4), (4, 4), (5, 4), (6, 8), (7, 8), (9, 8), (12, 8), (3, 8)]
PARTS = (Part("Piano"), Part("Bass", 33), Part("Drums", is_drum=True))


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Scores of two pitched parts and drums, with changes of meter, tempo, key and bend."""
    slot = st.integers(0, 24 * 12)
    row = st.tuples(
        slot.map(lambda n: n / 12), st.integers(1, 60).map(lambda n: n / 12), st.integers(30, 90), st.integers(1, 127),
        st.integers(0, 2),
    )  # fmt: skip
    rows = draw(st.lists(row, min_size=1, max_size=25, unique_by=lambda row: (row[0], row[2], row[4])))
    marks = sorted({0.0, *draw(st.lists(slot.map(lambda n: n / 4), max_size=3))})
    meters = tuple(Meter(onset, *draw(st.sampled_from(METERS))) for onset in marks)
    tempos = tuple(Tempo(onset, draw(st.integers(40, 200)) * 1.0) for onset in marks)
    keys = tuple(KeySignature(onset, draw(st.integers(-7, 7))) for onset in marks)
    bends = tuple(Bend(0, onset, draw(st.integers(-200, 200)) * 1.0) for onset in marks[1:])
    return Score(sort_notes(rows), PARTS, tempos, meters, keys, bends)


def melody(n_notes: int = 16) -> Score:
    """Quarters, one after another."""
    return Score(sort_notes([(float(n), 1.0, 60 + n, 80, 0) for n in range(n_notes)]))


def sounding(score: Score, quarters: float) -> list[tuple[int, int]]:
    """Part and pitch of all notes that sound at a time."""
    notes = score.notes
    inside = (notes["onset_quarters"] <= quarters) & (notes["onset_quarters"] + notes["duration_quarters"] > quarters)
    return sorted(zip(notes["part"][inside].tolist(), notes["pitch"][inside].tolist(), strict=True))


@settings(max_examples=50)
@given(scores(), st.data())
def test_a_slice_sounds_as_the_same_bars_of_the_whole(score: Score, data: st.DataObject) -> None:
    starts, meters = metered_bars(score)
    first = data.draw(st.integers(0, len(meters) - 1))
    last = data.draw(st.integers(first + 1, len(meters)))
    cut = slice_bars(score, first, last)
    length = starts[last] - starts[first]
    assert cut.end_quarters <= length + 1e-6
    for quarters in np.arange(1 / 24, length - 1 / 12, 1 / 12).tolist():
        pitched = [(part, pitch) for part, pitch in sounding(score, starts[first] + quarters) if part < 2]
        assert [sound for sound in sounding(cut, quarters) if sound[0] < 2] == pitched
        there = to_seconds(score, [starts[first], starts[first] + quarters])
        assert to_seconds(cut, quarters) == pytest.approx(there[1] - there[0])
    assert bar_starts(cut, n_bars=last - first) == pytest.approx(
        [start - starts[first] for start in starts[first : last + 1]]
    )
    assert cut.keys[0].fifths == [key for key in score.keys if key.onset_quarters <= starts[first] + 1e-6][-1].fifths


@settings(max_examples=50)
@given(scores(), st.integers(1, 4))
def test_a_loop_says_the_same_each_time(score: Score, times: int) -> None:
    length = bar_starts(score)[-1]
    looped = loop(score, times)
    assert len(looped.notes) == times * len(score.notes)
    onsets = np.sort(looped.notes["onset_quarters"])
    expected = np.sort(np.concatenate([score.notes["onset_quarters"] + length * n for n in range(times)]))
    assert onsets == pytest.approx(expected)
    once = float(to_seconds(score, length))
    assert to_seconds(looped, [length * n for n in range(times)]) == pytest.approx([once * n for n in range(times)])
    n_bars = len(bar_starts(score)) - 1
    assert len(bar_starts(looped, n_bars=times * n_bars)) == times * n_bars + 1


@settings(max_examples=50)
@given(scores(), st.sampled_from(sorted(BEATS)), st.integers(0, 5))
def test_a_beat_lies_within_the_bars_and_leaves_the_rest_as_it_was(score: Score, pattern: str, seed: int) -> None:
    beaten = with_beat(score, pattern, seed=seed)
    assert beaten == with_beat(score, pattern, seed=seed)
    drums = beaten.notes[beaten.notes["part"] == len(score.parts)]
    assert beaten.parts[-1].is_drum
    assert np.array_equal(beaten.notes[beaten.notes["part"] < len(score.parts)], score.notes)
    assert drums["onset_quarters"].min() == 0.0
    assert drums["onset_quarters"].max() < bar_starts(score)[-1]
    assert drums["velocity"].min() >= 1


@pytest.mark.parametrize("pattern", sorted(BEATS))
@pytest.mark.parametrize("meter", METERS)
def test_every_beat_marks_the_first_of_every_bar_in_every_meter(pattern: str, meter: tuple[int, int]) -> None:
    length = bar_quarters(Meter(0.0, *meter))
    score = Score(sort_notes([(0.0, 3 * length, 60, 80, 0)]), meters=(Meter(0.0, *meter),))
    drums = with_beat(score, pattern).notes
    kicks = set(drums["onset_quarters"][drums["pitch"] == KICK].tolist())
    assert {0.0, length, 2 * length} <= kicks
    assert drums["onset_quarters"].max() < 3 * length


def test_a_beats_loudness_differs_from_bar_to_bar_and_by_the_seed() -> None:
    drums = [with_beat(melody(), "rock", seed=seed).notes for seed in (1, 2)]
    hats = [notes["velocity"][notes["pitch"] == 42].reshape(4, 8) for notes in drums]
    assert not np.array_equal(hats[0][0], hats[0][1])
    assert not np.array_equal(hats[0], hats[1])
    assert hats[0][:, ::2].mean() - hats[0][:, 1::2].mean() > 10


def test_swing_puts_the_second_eighth_on_the_triplet() -> None:
    drums = with_beat(melody(4), "brush_swing").notes
    assert {round(onset % 1, 3) for onset in drums["onset_quarters"].tolist()} == {0.0, 0.667}


def test_a_note_over_an_edge_is_cut_but_a_drum_is_not_struck_again() -> None:
    rows = [(3.0, 2.0, 60, 80, 0), (3.5, 1.0, 49, 80, 2), (7.0, 4.0, 64, 80, 0)]
    cut = slice_bars(Score(sort_notes(rows), PARTS), 1, 2)
    assert cut.notes[["onset_quarters", "duration_quarters", "pitch"]].tolist() == [(0.0, 1.0, 60), (3.0, 1.0, 64)]


def test_a_note_played_a_little_early_belongs_to_the_bar_it_leads_to() -> None:
    rows = [(3.98, 1.0, 60, 80, 0), (3.98, 0.5, 36, 80, 2), (7.95, 1.0, 62, 80, 0)]
    cut = slice_bars(Score(sort_notes(rows), PARTS), 1, 2)
    assert cut.notes[["onset_quarters", "pitch"]].tolist() == [(0.0, 60), (0.0, 36)]


def test_the_bend_that_holds_is_carried_into_a_slice() -> None:
    score = Score(melody().notes, bends=(Bend(0, 1.0, 50.0), Bend(0, 5.0, -30.0)))
    assert slice_bars(score, 1, 2).bends == (Bend(0, 0.0, 50.0), Bend(0, 1.0, -30.0))
    assert slice_bars(score, 0, 1).bends == (Bend(0, 1.0, 50.0),)


def test_a_looped_part_begins_unbent_each_time() -> None:
    looped = loop(Score(melody(4).notes, bends=(Bend(0, 2.0, 50.0),)), 2)
    assert looped.bends == (Bend(0, 2.0, 50.0), Bend(0, 4.0, 0.0), Bend(0, 6.0, 50.0))


def test_a_loop_keeps_silent_bars_when_told_how_many_there_are() -> None:
    looped = loop(melody(4), 2, n_bars=2)
    assert looped.notes["onset_quarters"].tolist() == [0, 1, 2, 3, 8, 9, 10, 11]


def test_another_instrument_plays_all_parts_but_the_drums() -> None:
    changed = with_program(Score(melody().notes, PARTS), 73)
    assert [part.program for part in changed.parts] == [73, 73, 0]


def test_what_was_arranged_is_read_back_from_midi_as_it_was() -> None:
    arranged = with_beat(loop(slice_bars(melody(), 1, 3), 2), "bossa")
    assert len(read(write(arranged)).notes) == len(arranged.notes)


@pytest.mark.parametrize(
    ("code", "arrange"),
    [
        ("bad_bars", lambda: slice_bars(melody(), 2, 2)),
        ("bad_bars", lambda: slice_bars(melody(), -1, 2)),
        ("past_the_end", lambda: slice_bars(melody(), 4, 5)),
        ("past_the_end", lambda: slice_bars(melody(), 0, 10**9)),
        ("bad_loops", lambda: loop(melody(), 0)),
        ("bad_loops", lambda: loop(melody(), 65)),
        ("unknown_beat", lambda: with_beat(melody(), "polka")),
        ("bad_program", lambda: with_program(melody(), 128)),
    ],
)
def test_what_cannot_be_arranged_is_refused_in_a_line(code: str, arrange) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ArrangementRefused, match=r"^expected [^\n]+, got [^\n]+: choose [^\n]+$") as refused:
        arrange()
    assert refused.value.code == code
