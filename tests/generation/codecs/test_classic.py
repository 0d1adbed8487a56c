import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.codecs import ClassicCodec, CodecError, codec_from_json
from generation.codecs.classic import string_to_pitches, transposed_string
from generation.codecs.classic_strings import classic_strings, pitch_to_string
from generation.pieces import Piece
from generation.score.midi import write
from generation.score.notes import Meter, Part, Score, sort_notes
from tests.generation.score.strategies import plain_score, scores_on_grid


def test_notes_and_chords_have_the_studys_names() -> None:
    rows = [(0.0, 1.0, 64, 80, 0), (1.0, 1.0, 58, 80, 0)] + [(2.0, 1.0, pitch, 80, 0) for pitch in (64, 67, 71)]
    assert classic_strings(Score(sort_notes(rows))) == ["E4", "B-3", "4.7.11"]


def test_what_is_held_over_a_barline_is_said_again() -> None:
    held = Score(sort_notes([(2.0, 8.0, 60, 80, 0)]))
    assert classic_strings(held) == ["C4", "C4", "C4"]
    assert classic_strings(Score(held.notes, meters=(Meter(0.0, 3, 4),))) == ["C4"] * 4


def test_the_first_pitched_instrument_is_taken_with_all_its_parts() -> None:
    parts = (Part(is_drum=True), Part(program=5), Part(program=9), Part(program=5))
    rows = [(index, 1.0, 60 + index, 80, index) for index in range(4)]
    assert classic_strings(Score(sort_notes(rows), parts=parts)) == ["C#4", "E-4"]
    assert classic_strings(Score(plain_score([36]).notes, parts=(Part(is_drum=True),))) == []


def test_tokens_sound_half_a_quarter_apart_and_a_quarter_long() -> None:
    codec = ClassicCodec(("4.7.11", "E4"))
    score = codec.decode(np.array([[1], [0]]))
    assert score.notes["onset_quarters"].tolist() == [0.0, 0.5, 0.5, 0.5]
    assert score.notes["pitch"].tolist() == [64, 64, 67, 71]
    assert set(score.notes["duration_quarters"].tolist()) == {1.0}


@settings(deadline=None)
@given(st.lists(scores_on_grid(), min_size=1, max_size=3))
def test_a_codec_says_every_piece_that_it_was_fitted_on(scores: list[Score]) -> None:
    codec = ClassicCodec.fit(scores)
    assert list(codec.vocabulary) == sorted(set(codec.vocabulary))
    for score in scores:
        tokens = codec.encode(score)
        assert [codec.vocabulary[token] for token in tokens[:, 0]] == classic_strings(score)
        assert len(codec.decode(tokens).notes) >= len(tokens)


def test_a_piece_without_a_file_is_said_by_its_score() -> None:
    piece = Piece("a sample", plain_score([60, 64, 67]))
    codec = ClassicCodec.fit_pieces([piece])
    assert codec.vocabulary == ("C4", "E4", "G4")
    assert codec.encode_piece(piece).tolist() == codec.encode(piece.score).tolist() == [[0], [1], [2]]


def test_a_piece_from_a_file_is_said_by_the_file() -> None:
    sung, unsung = plain_score([60, 64, 67]), plain_score([72])
    piece = Piece("sung", unsung, write(sung))
    assert ClassicCodec.fit_pieces([piece]).vocabulary == ("C4", "E4", "G4")


def test_a_piece_whose_file_breaks_off_is_said_by_its_score() -> None:
    whole = write(plain_score([60, 64]))
    piece = Piece("broken", plain_score([72]), whole[:22] + b"\x00\xf9" + whole[24:])
    assert ClassicCodec.fit_pieces([piece]).vocabulary == ("C5",)


@settings(deadline=None)
@given(st.lists(st.integers(30, 90), min_size=1, max_size=8, unique=True), st.integers(-12, 12))
def test_transposed_tokens_are_those_of_the_transposed_score(pitches: list[int], semitones: int) -> None:
    chords = [(8.0 + index, 1.0, pitch + up, 80, 0) for index, pitch in enumerate(pitches) for up in (0, 4, 7)]
    low = Score(sort_notes([(index / 2, 0.5, pitch, 80, 0) for index, pitch in enumerate(pitches)] + chords))
    high = Score(low.notes.copy())
    high.notes["pitch"] += semitones
    codec = ClassicCodec.fit([low, high])
    moved = codec.transposed(codec.encode(low), semitones)
    assert moved is not None
    assert np.array_equal(moved, codec.encode(high))
    back = codec.transposed(moved, -semitones)
    assert back is not None
    assert np.array_equal(back, codec.encode(low))


def test_what_the_vocabulary_lacks_is_not_transposed() -> None:
    codec = ClassicCodec(("4.7.11", "E4", "F4", "G9"))
    assert codec.transposed(np.array([[1]]), 1) is not None
    assert codec.transposed(np.array([[1], [2]]), 1) is None
    assert codec.transposed(np.array([[0]]), 1) is None
    assert codec.transposed(np.array([[3]]), 1) is None
    assert codec.transposed(np.empty((0, 1), dtype=int), 1) is not None


@pytest.mark.parametrize(
    ("text", "semitones", "moved"),
    [("E4", 1, "F4"), ("B-3", 2, "C4"), ("4.7.11", 1, "5.8.0"), ("4.8.0", 4, "0.4.8"), ("G9", 1, ""), ("7", -8, "11")],
)
def test_a_transposed_string_is_in_the_studys_spelling(text: str, semitones: int, moved: str) -> None:
    assert transposed_string(text, semitones) == moved


@settings(deadline=None)
@given(st.integers(12, 127))
def test_a_pitch_comes_back_from_its_string(pitch: int) -> None:
    assert string_to_pitches(pitch_to_string(pitch)) == (pitch,)


@pytest.mark.parametrize("text", ["", "H4", "E", "4.", "12.3", "C99", "4,7"])
def test_a_string_that_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(CodecError) as refusal:
        ClassicCodec((text,))
    assert refusal.value.code == "unknown_string"


def test_strings_and_tokens_outside_the_vocabulary_are_refused() -> None:
    codec = ClassicCodec(("E4",))
    with pytest.raises(CodecError, match="'C4'"):
        codec.encode(plain_score([60]))
    with pytest.raises(CodecError, match="'C4'"):
        codec.encode_piece(Piece("low", plain_score([60]), write(plain_score([60]))))
    with pytest.raises(CodecError, match="0-0"):
        codec.decode(np.array([[1]]))
    with pytest.raises(CodecError, match="at least one"):
        ClassicCodec.fit([])


def test_a_score_that_no_one_could_play_is_refused() -> None:
    lengths = np.random.default_rng(0).uniform(1, 50_000, 500)
    score = Score(sort_notes((0.0, length, 60, 80, 0) for length in lengths))
    with pytest.raises(CodecError) as refusal:
        classic_strings(score)
    assert refusal.value.code == "too_dense"


def test_a_codec_survives_json() -> None:
    codec = ClassicCodec(("4.7.11", "E4"), tempo_bpm=90.0, program=24, literal=False)
    assert codec_from_json(codec.to_json()) == codec
    without = {key: value for key, value in codec.to_json().items() if key != "literal"}
    assert codec_from_json(without) == ClassicCodec(("4.7.11", "E4"), tempo_bpm=90.0, program=24)
