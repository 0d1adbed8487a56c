import numpy as np
import pytest

from generation.codecs import ExpressiveCodec
from generation.corpus.examples import BarWindows, cut_bar_windows, cut_sliding_windows, cut_windows, thinned
from generation.corpus.lines import Lines, transpositions
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
    """Two lines of the bars above; the second field counts the notes from 10, and is 30 in the other."""
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


def windows_of(lines: Lines, window: int, after: int) -> BarWindows:
    return cut_bar_windows(lines, window, after, np.array([4, 99], dtype=np.int32))


def test_bar_windows_begin_with_a_bar_and_have_what_follows() -> None:
    lines = barred()
    windows = windows_of(lines, 4, 2)
    rows = windows.rows(lines.tokens, np.arange(len(windows.pieces)))
    assert rows[0, :, 1].tolist() == [10, 11, 12, 13, 14, 15]  # begins with the first bar
    assert rows[1, :, 1].tolist() == [12, 13, 14, 15, 16, 17]  # with the second, where the first window ends midway
    assert rows[2, :, 1].tolist() == [16, 17, 99, 99, 99, 99]  # nothing comes after the line's last note
    assert rows[:3, 0, 0].tolist() == [0, 0, 0]  # the first bar that is heard
    assert rows[0, 1:, 0].tolist() == BAR[1:6].tolist()
    assert windows.pieces.tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("window", [1, 3, 4, 8, 40])
def test_bar_windows_cover_every_note_that_fits_in_one_with_its_bar(window: int) -> None:
    lines = barred()
    windows = windows_of(lines, window, 2)
    rows = windows.rows(lines.tokens, np.flatnonzero(windows.pieces == 0))[:, :window, 1]
    seen = set(rows.ravel().tolist()) - {99}
    assert seen == {10, 12, 15, 16} if window == 1 else seen == set(range(10, 18))
    assert all(np.diff(row[row != 99]).tolist() == [1] * (len(row[row != 99]) - 1) for row in rows)


def test_a_bar_window_hears_nothing_of_another_line() -> None:
    lines = barred()
    windows = windows_of(lines, 4, 8)
    rows = windows.rows(lines.tokens, np.flatnonzero(windows.pieces == 1))[..., 1]
    assert set(rows.ravel().tolist()) == {30, 99}


def test_bar_windows_drawn_anew_begin_with_other_bars(rng: np.random.Generator) -> None:
    lines = barred()
    windows = windows_of(lines, 4, 2)
    begun: set[int] = set()
    for _ in range(20):
        drawn = windows.drawn_anew(rng)
        begun |= set(drawn.starts.tolist())
        assert (drawn.starts >= drawn.firsts).all()
        assert (drawn.starts < drawn.ends).all()
    assert begun == {0, 2, 5, 8, 10, 13}  # each line's bars, but the last, which the one before has in it


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
