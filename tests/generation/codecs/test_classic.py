import difflib
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from music21 import chord, converter, instrument, note

from generation.codecs import ClassicCodec, CodecError, codec_from_json
from generation.codecs.classic import string_to_pitches
from generation.codecs.classic_strings import classic_strings, pitch_to_string
from generation.score.midi import read
from generation.score.notes import Meter, Part, Score, sort_notes
from tests.generation.score.strategies import plain_score, scores_on_grid

STARTER = Path(__file__).parents[3] / "platform/antiphon/datasets/starter"
CHORDS = sorted((STARTER / "dataset2").rglob("*.mid"))
PIECES = [
    STARTER / "dataset1/classical" / f"{name}.mid"
    for name in (
        "bach_cello_suite_bwv1007_7_gigue",
        "bach_cello_suite_bwv1007_1_prelude",
        "vivaldi_autumn_rv293_mvt2",
        "mozart_k331_mvt1_tema",
        "bach_cello_suite_bwv1007_4_sarabande",
    )
]


def studys_strings(path: Path) -> list[str]:
    """What the study's code says of a file: music21's notes and chords of the first instrument that has any."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = instrument.partitionByInstrument(converter.parse(path.read_bytes(), format="midi")).parts
    for part in parts:
        strings = []
        for element in part.recurse():
            if isinstance(element, note.Note):
                strings.append(str(element.pitch))
            elif isinstance(element, chord.Chord):
                strings.append(".".join(str(pitch_class) for pitch_class in element.normalOrder))
        if strings:
            return strings
    return []


@pytest.mark.parametrize("path", CHORDS, ids=lambda path: path.stem)
def test_a_chord_file_has_the_studys_strings(path: Path) -> None:
    assert classic_strings(read(path.read_bytes())) == studys_strings(path)


@pytest.mark.parametrize("path", PIECES, ids=lambda path: path.stem)
def test_a_piece_has_the_studys_strings_but_for_the_order_of_what_begins_together(path: Path) -> None:
    ours, theirs = classic_strings(read(path.read_bytes())), studys_strings(path)
    assert sorted(ours) == sorted(theirs)
    assert difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio() > 0.98


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
    codec = ClassicCodec(("4.7.11", "E4"), tempo_bpm=90.0, program=24)
    assert codec_from_json(codec.to_json()) == codec
