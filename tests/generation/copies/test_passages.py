from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.copies.memorisation import MemorisationIndex, read_lines
from generation.copies.passages import FEWEST_NOTES, MOST_NOTES, Passages, hashes_of
from generation.pieces import Piece
from tests.generation.networks import score_of
from tests.generation.pieces import melody, pieces_of

PITCHES = st.lists(st.integers(58, 64), min_size=4, max_size=60)


@given(PITCHES, PITCHES, st.integers(0, 50), st.integers(-12, 12))
def test_a_piece_is_copied_where_more_is_shared_than_may_be(
    piece: list[int], other: list[int], first: int, semitones: int
) -> None:
    line = [*other, *(pitch + semitones for pitch in piece[first:])]
    passages = Passages.of([Piece("piece", score_of(piece))])
    shared = MemorisationIndex.build([Piece("piece", score_of(piece))]).longest_shared(score_of(line))
    is_copied = passages.first_copied(read_lines(score_of(line)), 0) is not None
    assert is_copied == (shared is not None and shared.n_notes > FEWEST_NOTES)


def test_the_place_is_that_of_the_note_that_makes_it_too_long() -> None:
    piece = (60, 64, 62, 67, 65, 72, 69, 71, 60, 65, 64, 72, 74, 67, 77, 62)
    passages = Passages.of([Piece("piece", score_of(piece))])
    lines = read_lines(score_of([60, 61, 60, 61, *piece]))
    place = passages.first_copied(lines, 0)
    assert place == 5 + FEWEST_NOTES  # the ninth after the opening, whose rhythm is that of no other note
    assert passages.first_copied(lines, place + 1) == place + 1  # each note further is one too many, too


def test_how_much_may_be_shared_is_what_people_share_within_bounds() -> None:
    alone = Passages.of([Piece("piece", melody(60))])
    twice = Passages.of([Piece("piece", melody(60)), Piece("copy", melody(60))])
    assert (alone.n_notes, twice.n_notes) == (FEWEST_NOTES, MOST_NOTES)


def test_passages_come_back_from_bytes() -> None:
    passages = Passages.of(pieces_of([melody(60), melody(60, seed=1)]))
    again = Passages.from_bytes(passages.to_bytes())
    assert again.n_notes == passages.n_notes
    assert (again.hashes == passages.hashes).all()
    assert len(again.hashes) > 40
    assert all(a < b for a, b in pairwise(again.hashes.tolist()))


@pytest.mark.parametrize(
    "data", [b"", b"abc", np.array([99, 1, 2], "<u4").tobytes(), np.array([8, 2, 2], "<u4").tobytes()]
)
def test_bytes_that_say_no_passages_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="expected"):
        Passages.from_bytes(data)


def test_different_passages_have_different_hashes() -> None:
    lines = [line for seed in range(20) for line in read_lines(melody(100, seed=seed))[:1]]
    found = np.concatenate([hashes_of(line, FEWEST_NOTES)[1] for line in lines])
    said = {tuple(line.steps[i : i + 20].tolist()) for line in lines for i in range(len(line.steps) - 20)}
    assert len(np.unique(found)) > 0.95 * len(said)
