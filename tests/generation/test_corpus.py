import numpy as np
import pytest

from generation.codecs import ClassicCodec, ExpressiveCodec
from generation.corpus import (
    build_corpus,
    build_sliding_corpus,
    choose_held_out,
    common_meter,
    disjoint_windows,
    fit_codec,
    split_lines,
    transpose,
)
from generation.score.notes import Meter, Part, Score, sort_notes
from tests.generation.pieces import ensemble, melody


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("n", [8, 9, 16, 17, 100])
def test_windows_cover_every_note_with_as_few_as_possible(n: int) -> None:
    tokens = np.arange(n, dtype=np.int32)[:, None]
    rows = disjoint_windows(tokens, 8)
    assert set(rows.ravel().tolist()) == set(range(n))
    assert len(rows) == -(-n // 8)
    assert (np.diff(rows[:, :, 0], axis=1) == 1).all()


def test_every_window_is_of_one_score_only(rng: np.random.Generator) -> None:
    low, high = melody(40, tonic=36), melody(40, seed=1, tonic=84)
    corpus = build_corpus([low, high], ExpressiveCodec(follow_key=False), window=16, held_out=0.0, rng=rng)
    octaves = corpus.train[:, :, 3]
    assert len(octaves) == 6
    assert (octaves.max(axis=1) - octaves.min(axis=1) <= 3).all()


def test_a_held_out_score_lends_no_window_to_training(rng: np.random.Generator) -> None:
    scores = [melody(40, seed=seed, tonic=36 + 12 * seed) for seed in range(5)]
    corpus = build_corpus(scores, ExpressiveCodec(), window=8, held_out=0.2, rng=rng)
    trained = {row.tobytes() for row in corpus.train}
    assert (corpus.n_scores, corpus.n_held_out, corpus.n_left_out) == (4, 1, 0)
    assert len(corpus.held_out) == 5
    assert not any(row.tobytes() in trained for row in corpus.held_out)


@pytest.mark.parametrize(("n_scores", "held_out", "expected"), [(1, 0.5, 0), (2, 0.9, 1), (10, 0.1, 1), (10, 0.0, 0)])
def test_held_out_is_never_everything(n_scores: int, held_out: float, expected: int, rng: np.random.Generator) -> None:
    assert len(choose_held_out(n_scores, held_out, rng)) == expected


def test_a_short_loop_fills_a_window_by_going_on_from_the_next_bar(rng: np.random.Generator) -> None:
    loop = melody(6)  # three quarters: the rest of the bar stays silent
    corpus = build_corpus([loop], ExpressiveCodec(), window=16, held_out=0.0, rng=rng)
    bar_step, position = corpus.train[0, :, 0], corpus.train[0, :, 1]
    assert corpus.train.shape == (2, 16, 9)
    assert bar_step[[6, 12]].tolist() == [1, 1]
    assert position[[0, 6, 12]].tolist() == [0, 0, 0]


def test_a_line_that_rests_for_bars_goes_on_in_the_next_one(rng: np.random.Generator) -> None:
    rows = [(onset, 1.0, 60, 80, 0) for onset in (0.0, 1.0, 40.0, 41.0)]
    corpus = build_corpus([Score(sort_notes(rows))], ExpressiveCodec(), window=4, held_out=0.0, rng=rng)
    assert corpus.train[0, :, 0].tolist() == [0, 0, 1, 0]


def test_each_instrument_is_a_line_and_two_staves_of_a_piano_are_one() -> None:
    lines = split_lines(ensemble(10))
    assert [len(line.notes) for line in lines] == [20, 10]
    assert [line.parts[0].program for line in lines] == [0, 33]


def test_lines_are_heard_in_the_key_of_the_whole_score(rng: np.random.Generator) -> None:
    whole = melody(64, seed=3, tonic=62)
    bass = [(float(bar * 4), 1.0, 45, 80, 1) for bar in range(8)]  # A, the fifth of D
    rows = [*whole.notes.tolist(), *bass]
    score = Score(sort_notes(rows), parts=(Part("lead", 80), Part("bass", 33)))
    codec = ExpressiveCodec()
    corpus = build_corpus([score], codec, window=8, held_out=0.0, rng=rng)
    expected = (45 + codec.transposition(score)) % 12
    in_c_major = (0, 2, 4, 5, 7, 9, 11)
    assert in_c_major[int(corpus.train[0, 0, 2])] == expected


def test_long_scores_are_thinned(rng: np.random.Generator) -> None:
    corpus = build_corpus([melody(400)], ExpressiveCodec(), window=8, held_out=0.0, rng=rng, windows_per_score=10)
    assert len(corpus.train) == 10


def test_the_codec_takes_the_meter_of_most_notes_and_others_are_counted_as_left_out(rng: np.random.Generator) -> None:
    scores = [melody(40, meter=(3, 4)), melody(30, seed=1, meter=(3, 4)), melody(40, seed=2)]
    codec = fit_codec("expressive", scores)
    assert isinstance(codec, ExpressiveCodec)
    assert (codec.numerator, codec.denominator) == (3, 4)
    corpus = build_corpus(scores, codec, window=8, held_out=0.0, rng=rng)
    assert (corpus.n_scores, corpus.n_left_out) == (2, 1)


def test_half_bars_fit_whole_ones_and_a_score_is_cut_where_its_meter_changes() -> None:
    halves = melody(40, meter=(2, 4))
    changing = Score(melody(40).notes, meters=(Meter(0.0, 4, 4), Meter(8.0, 3, 4)))
    assert common_meter([halves, changing]) == Meter(0.0, 4, 4)
    corpus = build_corpus([changing], ExpressiveCodec(), window=16, held_out=0.0, rng=np.random.default_rng(0))
    assert corpus.train.shape == (1, 16, 9)


def test_transposition_moves_pitches_and_key_signatures_but_no_drums() -> None:
    score = ensemble(4)
    higher = transpose(score, 3)
    assert (higher.notes["pitch"] - score.notes["pitch"]).tolist() == [3, 3, 3, 0] * 4
    assert transpose(score, 0) is score
    extreme = transpose(Score(sort_notes([(0.0, 1.0, 126, 80, 0), (0.0, 1.0, 3, 80, 0)])), 7)
    assert extreme.notes["pitch"].tolist() == [10, 121]


def test_transpositions_add_copies_of_training_scores_only(rng: np.random.Generator) -> None:
    scores = [melody(32, seed=seed) for seed in range(4)]
    plain = ExpressiveCodec(follow_key=False)
    corpus = build_corpus(scores, plain, window=8, held_out=0.25, rng=rng, transpositions=2)
    assert (len(corpus.train), len(corpus.held_out)) == (3 * 4 * 3, 4)


def test_the_papers_windows_slide_by_one_and_run_across_scores(rng: np.random.Generator) -> None:
    scores = [melody(20, seed=seed) for seed in range(3)]
    codec = ClassicCodec.fit(scores)
    stream = np.concatenate([codec.encode(score) for score in scores])
    corpus = build_sliding_corpus(scores, codec, window=30, held_out=0.0, rng=rng)
    assert corpus.train.shape == (len(stream) - 30, 31, 1)
    assert (corpus.train[7] == stream[7:38]).all()


def test_too_little_music_makes_an_empty_corpus(rng: np.random.Generator) -> None:
    assert len(build_corpus([melody(3)], ExpressiveCodec(), window=8, held_out=0.0, rng=rng).train) == 0
    codec = ClassicCodec.fit([melody(20)])
    assert len(build_sliding_corpus([melody(20)], codec, window=30, held_out=0.0, rng=rng).train) == 0
