from dataclasses import replace

import numpy as np
import pytest

from generation.checkpoint import Checkpoint
from generation.codecs import ExpressiveCodec
from generation.copies.memorisation import MemorisationIndex, read_lines
from generation.copies.passages import FEWEST_NOTES, Passages
from generation.drawing.copying import STRETCH, readings_of_tokens
from generation.pieces import Piece
from generation.sampling import Sampling, sample, sample_tokens
from generation.score.notes import Score
from generation.score.overlaps import without_overlaps
from tests.generation.networks import reciting, score_of, untrained
from tests.generation.pieces import melody, pieces_of

PITCHES = (60, 64, 62, 67, 65, 72, 69, 71, 60, 65, 64, 72, 74, 67, 77, 62)
BAR = score_of(PITCHES, step_quarters=0.25)
FREE = Sampling(allows_copies=True)


@pytest.fixture(scope="module")
def recital() -> Checkpoint:
    """A network that says one bar for ever, and knows what it may not say."""
    return replace(reciting(BAR), passages=Passages.of([Piece("bar", repeated(BAR, 4))]))


def repeated(score: Score, times: int) -> Score:
    """The score again and again, a bar of four quarters each."""
    turns = [np.array(score.notes) for _ in range(times)]
    for turn, notes in enumerate(turns):
        notes["onset_quarters"] += 4.0 * turn
    return replace(score, notes=np.concatenate(turns))


def longest_copy(score: Score) -> int:
    """Notes of the longest passage that the score shares with the bar."""
    found = MemorisationIndex.build([Piece("bar", repeated(BAR, 4))]).longest_shared(score)
    return found.n_notes if found else 0


@pytest.mark.parametrize("temperature", [0.0, 1.0, 2.0])
def test_a_network_that_says_a_piece_for_ever_copies_no_more_of_it_than_people_share(
    recital: Checkpoint, temperature: float
) -> None:
    settings = Sampling(temperature=temperature, longest_bar_run=0)
    scores = sample(recital, count=3, length=2 * STRETCH + 10, seed=1, settings=settings)
    assert max(longest_copy(score) for score in scores) <= FEWEST_NOTES
    free = replace(settings, allows_copies=True)
    assert max(longest_copy(score) for score in sample(recital, count=3, length=60, seed=1, settings=free)) > 15


def test_in_another_key_a_copy_is_one_too(recital: Checkpoint) -> None:
    settings = Sampling(temperature=0.0, key="Eb")
    moved = sample(recital, count=1, length=40, seed=1, settings=replace(settings, allows_copies=True))[0]
    assert np.all((moved.notes["pitch"][:8] - np.array(PITCHES[:8])) == 3)
    assert longest_copy(moved) > 15
    assert longest_copy(sample(recital, count=1, length=40, seed=1, settings=settings)[0]) <= FEWEST_NOTES


def test_with_the_guard_the_same_seed_gives_the_same_notes(recital: Checkpoint) -> None:
    first, second = (sample_tokens(recital, count=2, length=100, seed=3) for _ in range(2))
    assert (first == second).all()
    assert (first != sample_tokens(recital, count=2, length=100, seed=4)).any()


def test_samples_that_copy_nothing_are_as_without_the_guard() -> None:
    checkpoint = replace(untrained("quick"), passages=Passages.of(pieces_of([melody(40)])))
    guarded = sample_tokens(checkpoint, count=2, length=STRETCH + 30, seed=1)
    assert (guarded == sample_tokens(checkpoint, count=2, length=STRETCH + 30, seed=1, settings=FREE)).all()


def test_what_the_study_drew_is_not_guarded(recital: Checkpoint) -> None:
    score = sample(recital, count=1, length=40, seed=1, settings=Sampling(temperature=0, is_faithful=True))[0]
    assert score.notes["pitch"].tolist() == [*PITCHES, *PITCHES, *PITCHES[:8]]


def test_where_nothing_else_can_be_drawn_the_copy_stays_and_drawing_ends(
    recital: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def always(self: Passages, lines: object, fresh: int) -> int:
        tried.append(fresh)
        return fresh

    monkeypatch.setattr(Passages, "first_copied", always)
    monkeypatch.setattr("generation.drawing.copying.MOST_ROUNDS", 5)
    assert sample_tokens(recital, count=1, length=20, seed=1).shape == (1, 20, 9)
    assert len(tried) == 5


def test_tokens_are_read_as_their_score_is() -> None:
    codec = ExpressiveCodec()
    for tokens in sample_tokens(untrained("quick"), count=3, length=120, seed=2):
        by_tokens = readings_of_tokens(tokens, codec)
        by_score = read_lines(without_overlaps(codec.decode(tokens)))
        assert [line.steps.tolist() for line in by_tokens] == [line.steps.tolist() for line in by_score]
        assert [line.pitches.tolist() for line in by_tokens] == [line.pitches.tolist() for line in by_score]
