import numpy as np
import pytest

from generation.codecs import ExpressiveCodec
from generation.corpus_examples import cut_holes, cut_sliding_windows, cut_windows, thinned
from generation.corpus_lines import Lines, transpositions
from generation.network import field_sizes, start_tokens
from tests.generation.pieces import melody

BAR = np.array([0, 0, 1, 0, 0, 1, 2, 0], dtype=np.int32)  # bars of 2, 3, 1 and 2 notes, an empty one before the last


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def lines_of(*lengths: int) -> Lines:
    """Lines of one field that counts all tokens up, each from a piece of its own."""
    firsts = np.cumsum([0, *lengths])
    tokens = np.arange(firsts[-1], dtype=np.int32)[:, None]
    return Lines.of([(i, tokens[firsts[i] : firsts[i + 1]]) for i in range(len(lengths))], 1)


def barred() -> Lines:
    """Two lines of the bars above; the second field counts the notes from 10 and from 30."""
    return Lines.of(
        [(0, np.stack([BAR, 10 + np.arange(8, dtype=np.int32)], 1)), (1, np.stack([BAR, BAR * 0 + 30], 1))], 2
    )


@pytest.mark.parametrize("n", [8, 9, 16, 17, 100])
def test_windows_cover_every_note_with_as_few_as_possible(n: int) -> None:
    lines = lines_of(n)
    windows = cut_windows(lines, 8)
    rows = windows.rows(lines.tokens, np.arange(len(windows.pieces)))
    assert set(rows.ravel().tolist()) == set(range(n))
    assert len(rows) == -(-n // 8)
    assert (np.diff(rows[:, :, 0], axis=1) == 1).all()


def test_windows_drawn_anew_stay_in_their_lines_and_begin_elsewhere(rng: np.random.Generator) -> None:
    lines = lines_of(50, 8, 33)
    windows = cut_windows(lines, 8)
    first, second = (windows.drawn_anew(rng) for _ in range(2))
    assert (first.starts != second.starts).any()
    for drawn in (first, second):
        rows = drawn.rows(lines.tokens, np.arange(len(drawn.pieces)))[:, :, 0]
        owner = np.searchsorted(lines.firsts, rows, side="right") - 1
        assert (owner == drawn.pieces[:, None]).all()


def test_lines_shorter_than_a_window_give_none() -> None:
    assert len(cut_windows(lines_of(7), 8).pieces) == 0
    assert len(cut_sliding_windows(lines_of(3, 4), 8).pieces) == 0


def test_sliding_windows_belong_to_the_piece_of_their_last_token() -> None:
    windows = cut_sliding_windows(lines_of(5, 5), 4)
    assert windows.pieces.tolist() == [0, 0, 1, 1, 1, 1, 1]


def test_a_hole_hears_the_notes_before_it_and_those_from_the_next_bar_on() -> None:
    lines = barred()
    holes = cut_holes(lines, 3, 2, np.array([4, 99], dtype=np.int32))
    rows = holes.rows(lines.tokens, np.arange(8))[..., 1]
    assert rows[0].tolist() == [99, 99, 99, 10, 12, 13]  # the first note of the first bar
    assert rows[3].tolist() == [10, 11, 12, 13, 15, 16]  # the second of three in the second bar
    assert rows[7].tolist() == [14, 15, 16, 17, 99, 99]  # the last bar: nothing comes after it
    # What comes after says by its first field how many bars later it is.
    assert holes.rows(lines.tokens, np.array([5]))[0, 4, 0] == 2


def test_after_each_bar_but_the_last_a_hole_says_that_it_is_over() -> None:
    lines = barred()
    holes = cut_holes(lines, 3, 2, np.array([4, 99], dtype=np.int32))
    assert holes.pieces.tolist() == [0] * 11 + [1] * 11
    over = holes.rows(lines.tokens, np.array([8, 9, 10]))
    assert over[:, 3, 1].tolist() == [12, 15, 16]
    assert (over[:, 3, 0] >= 1).all()
    assert (over[:, 3] == over[:, 4]).all()


def test_a_hole_hears_nothing_of_another_line() -> None:
    lines = barred()
    holes = cut_holes(lines, 3, 2, np.array([4, 99], dtype=np.int32))
    heard = holes.rows(lines.tokens, np.arange(11, 22))[..., 1]
    assert set(heard.ravel().tolist()) == {30, 99}


def test_no_piece_has_more_than_its_share_of_an_epoch(rng: np.random.Generator) -> None:
    windows = cut_windows(lines_of(400, 20), 8)
    first, second = (thinned(windows, 10, rng) for _ in range(2))
    assert np.bincount(windows.pieces[first]).tolist() == [10, 3]
    assert sorted(first) != sorted(second)
    assert len(thinned(windows, None, rng)) == 53


def test_a_codec_that_follows_the_key_is_transposed_by_octaves_and_another_by_semitones() -> None:
    assert transpositions(ExpressiveCodec(), 12) == [-12, 0, 12]
    assert transpositions(ExpressiveCodec(), 11) == [0]
    assert transpositions(ExpressiveCodec(follow_key=False), 2) == [-2, -1, 0, 1, 2]


def test_transposed_lines_move_as_a_whole_and_keep_their_rhythm(rng: np.random.Generator) -> None:
    codec = ExpressiveCodec()
    names = [field.name for field in codec.fields]
    line = codec.encode(melody(6))
    lines = Lines.of([(i, line) for i in range(40)], len(names))
    moved = lines.transposed(codec, 12, rng).reshape(40, 6, len(names))
    octaves = moved[:, :, names.index("octave")] - line[:, names.index("octave")]
    assert set(octaves[:, 0].tolist()) == {-1, 0, 1}
    assert (octaves == octaves[:, :1]).all()
    others = [i for i, name in enumerate(names) if name != "octave"]
    assert (moved[:, :, others] == line[:, others]).all()


def test_a_line_that_cannot_be_moved_stays(rng: np.random.Generator) -> None:
    codec = ExpressiveCodec()
    sizes = field_sizes(codec)
    line = np.broadcast_to(start_tokens(sizes) - 1, (3, len(sizes))).astype(np.int32)  # every field at its largest
    lines = Lines.of([(i, line) for i in range(20)], len(sizes))
    moved = lines.transposed(codec, 12, rng).reshape(20, 3, len(sizes))
    assert set(moved[:, 0, 3].tolist()) <= {sizes[3] - 2, sizes[3] - 1}
