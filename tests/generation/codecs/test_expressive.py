from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.codecs import CodecError, ExpressiveCodec, codec_from_json
from generation.pieces import Piece
from generation.score.grid import DURATION_SLOTS, SLOTS_PER_QUARTER, TIMING_CLASSES
from generation.score.midi import read, write
from generation.score.notes import Part, Score, sort_notes
from generation.score.scales import KEYS, SCALES
from tests.generation.score.strategies import close, plain_score, scores_on_grid

IN_OWN_KEY = ExpressiveCodec(follow_key=False)
MELODY = plain_score([60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60, 60])


@given(scores_on_grid(), st.sampled_from(list(KEYS)), st.sampled_from(list(SCALES)))
@settings(deadline=None)
def test_a_score_on_the_grid_comes_back_exactly(score: Score, key: str, scale: str) -> None:
    codec = ExpressiveCodec(key=key, scale=scale, follow_key=False)
    assert close(codec.decode(codec.encode(score)), score)


@given(scores_on_grid())
@settings(deadline=None)
def test_tokens_come_back_through_a_file(score: Score) -> None:
    _, firsts = np.unique(score.notes["pitch"], return_index=True)
    tokens = IN_OWN_KEY.encode(Score(score.notes[np.sort(firsts)]))
    assert np.array_equal(IN_OWN_KEY.encode(read(write(IN_OWN_KEY.decode(tokens)))), tokens)


@given(scores_on_grid())
@settings(deadline=None)
def test_tokens_fit_their_fields(score: Score) -> None:
    tokens = ExpressiveCodec(key="F#", scale="minorBlues").encode(score)
    assert tokens.dtype == np.int32
    assert (tokens >= 0).all()
    assert (tokens < [field.size for field in IN_OWN_KEY.fields]).all()


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0.05, 8), st.integers(0, 127), st.integers(1, 127)), min_size=1))
@settings(deadline=None)
def test_any_note_moves_by_half_a_class_at_most(rows: list[tuple[float, float, int, int]]) -> None:
    for onset, duration, pitch, velocity in rows:
        back = IN_OWN_KEY.decode(
            IN_OWN_KEY.encode(Score(sort_notes([(onset % 3.9, duration, pitch, velocity, 0)])))
        ).notes[0]
        assert abs(back["onset_quarters"] - onset % 3.9) <= (0.5 / TIMING_CLASSES + 1e-9) / SLOTS_PER_QUARTER
        assert 0.8 < back["duration_quarters"] / duration < 1.25 or duration * SLOTS_PER_QUARTER < DURATION_SLOTS[0]
        assert back["pitch"] == pitch
        assert abs(int(back["velocity"]) - velocity) <= 4


@pytest.mark.parametrize("semitones", range(-11, 12))
def test_the_same_music_in_another_key_has_the_same_tokens_an_octave_apart_at_most(semitones: int) -> None:
    codec = ExpressiveCodec()
    moved = MELODY.notes.copy()
    moved["pitch"] += semitones
    tokens, others = codec.encode(MELODY), codec.encode(Score(moved))
    octaves = others[:, 3] - tokens[:, 3]
    assert len(set(octaves.tolist())) == 1
    assert np.array_equal(np.delete(others, 3, axis=1), np.delete(tokens, 3, axis=1))


def test_a_minor_piece_stays_minor_in_a_major_codec() -> None:
    minor = plain_score([69, 71, 72, 74, 76, 69, 72, 76, 68, 69])
    assert close(ExpressiveCodec().decode(ExpressiveCodec().encode(minor)), plain_score(minor.notes["pitch"].tolist()))


def test_drums_are_left_out_and_parts_become_one() -> None:
    rows = [(0.0, 1.0, 60, 84, 0), (0.0, 1.0, 36, 84, 1), (1.0, 1.0, 64, 84, 2)]
    score = Score(sort_notes(rows), parts=(Part(), Part(is_drum=True), Part()))
    assert IN_OWN_KEY.decode(IN_OWN_KEY.encode(score)).notes["pitch"].tolist() == [60, 64]


def test_leading_silence_goes_and_a_long_rest_is_three_bars() -> None:
    score = Score(sort_notes([(401.0, 1.0, 60, 84, 0), (801.0, 1.0, 62, 84, 0)]))
    assert IN_OWN_KEY.decode(IN_OWN_KEY.encode(score)).notes["onset_quarters"].tolist() == [1.0, 13.0]


def test_bars_follow_the_codecs_meter() -> None:
    waltz = replace(IN_OWN_KEY, numerator=3)
    tokens = waltz.encode(plain_score([60] * 4, quarters=3.0))
    assert tokens[:, 0].tolist() == [0, 1, 1, 1]
    assert waltz.decode(tokens).meters[0].numerator == 3


def test_a_score_without_pitched_notes_has_no_tokens() -> None:
    drums = Score(plain_score([36]).notes, parts=(Part(is_drum=True),))
    assert IN_OWN_KEY.encode(drums).shape == (0, 9)
    assert len(IN_OWN_KEY.decode(IN_OWN_KEY.encode(drums)).notes) == 0


@pytest.mark.parametrize(
    ("tokens", "code"),
    [
        (np.zeros((2, 8), dtype=int), "bad_shape"),
        (np.zeros((2, 9)), "bad_shape"),
        (np.full((1, 9), -1), "out_of_range"),
        (np.array([[0, 72, 0, 0, 0, 0, 0, 0, 0]]), "out_of_range"),
    ],
)
def test_tokens_of_another_codec_are_refused(tokens: np.ndarray, code: str) -> None:
    with pytest.raises(CodecError) as refusal:
        IN_OWN_KEY.decode(tokens)
    assert refusal.value.code == code


@given(scores_on_grid(), st.sampled_from(list(KEYS)), st.sampled_from(list(SCALES)), st.integers(-24, 24))
@settings(deadline=None)
def test_transposed_tokens_are_the_score_transposed(score: Score, key: str, scale: str, semitones: int) -> None:
    codec = ExpressiveCodec(key=key, scale=scale, follow_key=False)
    tokens = codec.encode(score)
    moved = codec.transposed(tokens, semitones)
    pitches = score.notes["pitch"].astype(int) + semitones
    if pitches.min() < 0 or pitches.max() > 127:
        assert moved is None
        return
    high = score.notes.copy()
    high["pitch"] = pitches
    assert moved is not None
    assert np.array_equal(moved, codec.encode(Score(high)))
    back = codec.transposed(moved, -semitones)
    assert back is not None
    assert np.array_equal(back, tokens)


def test_a_codec_that_follows_the_key_transposes_in_its_own() -> None:
    codec = ExpressiveCodec()
    tokens = codec.encode(MELODY)
    octave_up, fifth_up = codec.transposed(tokens, 12), codec.transposed(tokens, 7)
    assert octave_up is not None
    assert fifth_up is not None
    assert np.array_equal(np.delete(octave_up, 3, axis=1), np.delete(tokens, 3, axis=1))
    assert (codec.decode(fifth_up).notes["pitch"] == codec.decode(tokens).notes["pitch"] + 7).all()
    assert codec.transposed(np.empty((0, 9), dtype=int), 5) is not None


def test_a_piece_is_said_by_its_score() -> None:
    assert np.array_equal(ExpressiveCodec().encode_piece(Piece("a", MELODY, b"MThd")), ExpressiveCodec().encode(MELODY))


def test_every_token_in_range_is_a_playable_note() -> None:
    rng = np.random.default_rng(4)
    tokens = np.stack([rng.integers(field.size, size=500) for field in IN_OWN_KEY.fields], axis=1)
    notes = ExpressiveCodec(key="B", scale="majorBlues").decode(tokens).notes
    assert len(notes) == 500
    assert 0 <= notes["pitch"].min() <= notes["pitch"].max() <= 127
    assert notes["onset_quarters"].min() >= 0


def test_a_codec_survives_json_and_nonsense_does_not() -> None:
    codec = ExpressiveCodec(key="Eb", scale="dorian", numerator=6, denominator=8, tempo_bpm=90.0)
    assert codec_from_json(codec.to_json()) == codec
    broken: list[dict[str, Any]] = [
        {},
        {"name": "morse"},
        {"name": "expressive", "colour": 1},
        {"name": "expressive", "key": "H"},
    ]
    for data in broken:
        with pytest.raises(CodecError):
            codec_from_json(data)


def test_a_bar_too_long_for_the_grid_is_refused() -> None:
    with pytest.raises(CodecError, match="7/4"):
        ExpressiveCodec(numerator=7)
