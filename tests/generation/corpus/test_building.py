from pathlib import Path

import numpy as np
import pytest

from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.corpus import Corpus, build_corpus, choose_held_out, fit_codec
from generation.corpus.lines import common_meter, split_lines, transpose
from generation.network import field_sizes, start_tokens
from generation.pieces import Piece
from generation.score.notes import Meter, Part, Score, sort_notes
from tests.generation.pieces import ensemble, melody, pieces_of, tiny


def corpus_of(
    scores: list[Score], codec: Codec | None = None, *, held_out: float = 0.0, seed: int = 0, window: int = 8
) -> Corpus:
    """The corpus of windows of these scores."""
    config = tiny("quick", window=window)
    rng = np.random.default_rng(seed)
    return build_corpus(pieces_of(scores), codec or ExpressiveCodec(), config, held_out=held_out, rng=rng)


def test_every_window_is_of_one_score_only() -> None:
    low, high = melody(40, tonic=36), melody(40, seed=1, tonic=84)
    rows = corpus_of([low, high], ExpressiveCodec(follow_key=False), window=16).train.rows()
    octaves = rows[:, :, 3]
    assert len(octaves) == 6
    assert (octaves.max(axis=1) - octaves.min(axis=1) <= 3).all()


def test_a_held_out_score_lends_no_window_to_training() -> None:
    scores = [melody(40, seed=seed, tonic=36 + 12 * seed) for seed in range(5)]
    corpus = corpus_of(scores, held_out=0.2)
    trained = {row.tobytes() for row in corpus.train.rows()}
    judged = corpus.held_out.rows()
    assert (len(corpus.train.names), len(corpus.held_out.names), corpus.left_out) == (4, 1, ())
    assert not set(corpus.train.names) & set(corpus.held_out.names)
    assert len(judged) == 5
    assert not any(row.tobytes() in trained for row in judged)


@pytest.mark.parametrize(("n_pieces", "held_out", "expected"), [(1, 0.5, 0), (2, 0.9, 1), (10, 0.1, 1), (10, 0.0, 0)])
def test_held_out_is_never_everything(n_pieces: int, held_out: float, expected: int) -> None:
    assert len(choose_held_out(n_pieces, held_out, np.random.default_rng(0))) == expected


def test_a_short_loop_fills_a_window_by_going_on_from_the_next_bar() -> None:
    loop = melody(6)  # three quarters: the rest of the bar stays silent
    corpus = corpus_of([loop], window=16)
    rows = corpus.train.rows()
    assert rows.shape == (2, 16, 9)
    assert rows[0, [6, 12], 0].tolist() == [1, 1]
    assert rows[0, [0, 6, 12], 1].tolist() == [0, 0, 0]
    assert corpus.n_notes == 6


def test_a_line_that_rests_for_bars_goes_on_in_the_next_one() -> None:
    notes = [(onset, 1.0, 60, 80, 0) for onset in (0.0, 1.0, 40.0, 41.0)]
    rows = corpus_of([Score(sort_notes(notes))], window=4).train.rows()
    assert rows[0, :, 0].tolist() == [0, 0, 1, 0]


def test_each_instrument_is_a_line_and_two_staves_of_a_piano_are_one() -> None:
    lines = split_lines(ensemble(10))
    assert [len(line.notes) for line in lines] == [20, 10]
    assert [line.parts[0].program for line in lines] == [0, 33]


def test_lines_are_heard_in_the_key_of_the_whole_score() -> None:
    whole = melody(64, seed=3, tonic=62)
    bass = [(float(bar * 4), 1.0, 45, 80, 1) for bar in range(8)]  # A, the fifth of D
    score = Score(sort_notes([*whole.notes.tolist(), *bass]), parts=(Part("lead", 80), Part("bass", 33)))
    codec = ExpressiveCodec()
    rows = corpus_of([score], codec).train.rows()
    expected = (45 + codec.transposition(score)) % 12
    in_c_major = (0, 2, 4, 5, 7, 9, 11)
    assert in_c_major[int(rows[0, 0, 2])] == expected


def test_an_epoch_shows_some_windows_of_a_long_piece_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.corpus.building.WINDOWS_PER_PIECE", 10)
    corpus = corpus_of([melody(400), melody(16, seed=1)])
    assert len(corpus.train.examples.pieces) == 52
    assert len(corpus.train.rows()) == 12


def test_the_codec_takes_the_meter_of_most_notes() -> None:
    scores = [melody(40, meter=(3, 4)), melody(30, seed=1, meter=(3, 4)), melody(40, seed=2)]
    codec = fit_codec("expressive", pieces_of(scores))
    assert isinstance(codec, ExpressiveCodec)
    assert (codec.numerator, codec.denominator) == (3, 4)


def test_a_piece_in_another_meter_keeps_its_bars_and_its_windows_begin_with_their_length() -> None:
    waltz, march = melody(40, meter=(3, 4)), melody(40, seed=1)
    side = corpus_of([waltz, march]).train
    rows, starts = side.rows(), side.row_starts()
    assert len(rows) == 10
    assert rows[:5, :, 1].max() == 30  # the last eighth of a bar of three quarters
    assert rows[5:, :, 1].max() == 42
    plain = start_tokens(field_sizes(ExpressiveCodec()))
    assert (starts[5:] == plain).all()
    assert set(starts[:5, 1].tolist()) == {35}
    assert (np.delete(starts[:5], 1, axis=1) == np.delete(plain, 1)).all()


def test_a_piece_in_a_meter_that_no_token_can_say_is_named_as_left_out() -> None:
    corpus = corpus_of([melody(40), melody(40, meter=(15, 8))])
    assert corpus.train.names == ("piece 0",)
    assert [(piece.name, piece.reason) for piece in corpus.left_out] == [
        ("piece 1", "in 15/8, which bars of 4/4 don't hold")
    ]


def test_pieces_without_enough_notes_are_left_out_with_the_reason() -> None:
    drums = Score(sort_notes([(0.0, 1.0, 36, 80, 0)] * 9), parts=(Part("drums", 0, is_drum=True),))
    corpus = corpus_of([melody(20), melody(3), drums, Score(sort_notes([]))])
    assert [piece.reason for piece in corpus.left_out] == [
        "no instrument with 4 notes",
        "no pitched notes",
        "no pitched notes",
    ]


def test_half_bars_fit_whole_ones_and_a_score_is_cut_where_its_meter_changes() -> None:
    halves = melody(40, meter=(2, 4))
    changing = Score(melody(40).notes, meters=(Meter(0.0, 4, 4), Meter(8.0, 3, 4)))
    assert common_meter([halves, changing]) == Meter(0.0, 4, 4)
    assert corpus_of([changing], window=16).train.rows().shape == (1, 16, 9)


def test_transposition_of_a_score_moves_pitches_and_key_signatures_but_no_drums() -> None:
    score = ensemble(4)
    higher = transpose(score, 3)
    assert (higher.notes["pitch"] - score.notes["pitch"]).tolist() == [3, 3, 3, 0] * 4
    assert transpose(score, 0) is score
    extreme = transpose(Score(sort_notes([(0.0, 1.0, 126, 80, 0), (0.0, 1.0, 3, 80, 0)])), 7)
    assert extreme.notes["pitch"].tolist() == [10, 121]


def test_the_papers_windows_slide_by_one_and_run_across_scores() -> None:
    scores = [melody(20, seed=seed) for seed in range(3)]
    codec = ClassicCodec.fit(scores)
    stream = np.concatenate([codec.encode(score) for score in scores])
    for preset in ("paper", "paper-bidirectional"):
        config = tiny(preset, window=30)
        corpus = build_corpus(pieces_of(scores), codec, config, held_out=0.0, rng=np.random.default_rng(0))
        rows = corpus.train.rows()
        assert rows.shape == (len(stream) - 30, 31, 1)
        assert (rows[7] == stream[7:38]).all()


def test_too_little_music_makes_an_empty_corpus() -> None:
    assert len(corpus_of([melody(3)]).train.rows()) == 0
    codec = ClassicCodec.fit([melody(20)])
    config = tiny("paper", window=30)
    corpus = build_corpus(pieces_of([melody(20)]), codec, config, held_out=0.0, rng=np.random.default_rng(0))
    assert len(corpus.train.rows()) == 0


def test_the_digest_tells_other_pieces_and_other_splits_apart() -> None:
    scores = [melody(40, seed=seed) for seed in range(4)]
    digests = [
        corpus_of(scores, held_out=0.3).digest(),
        corpus_of(scores, held_out=0.3, seed=1).digest(),
        corpus_of(scores[:3], held_out=0.3).digest(),
    ]
    assert len(set(digests)) == 3
    assert corpus_of(scores, held_out=0.3).digest() == digests[0]


def test_the_classic_codec_reads_a_pieces_own_file() -> None:
    path = Path(__file__).parents[3] / "platform/antiphon/datasets/starter"
    data = min(path.rglob("*.mid"), key=lambda one: one.stat().st_size).read_bytes()
    piece = Piece.from_midi("one", data)
    codec = fit_codec("classic", [piece])
    assert len(codec.encode_piece(piece)) > 0


def test_a_classic_vocabulary_can_say_its_pieces_in_other_keys() -> None:
    pieces = pieces_of([melody(40)])
    codec = fit_codec("classic", pieces, transpositions=3)
    tokens = codec.encode_piece(pieces[0])
    assert len(codec.fields) == 1
    for semitones in (-3, 3):
        moved = codec.transposed(tokens, semitones)
        assert moved is not None
        assert (codec.decode(moved).notes["pitch"] == codec.decode(tokens).notes["pitch"] + semitones).all()
