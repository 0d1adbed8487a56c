"""How far apart phrases are."""

import numpy as np
import pytest
from hypothesis import given, settings

from evolution.distance import distance, distances, distances_to
from evolution.frame import Frame
from evolution.genes import Genome, steps_of
from evolution.invention import random_genome
from evolution.operators.motif import laid
from evolution.operators.mutation import MUTATIONS
from evolution.operators.phrase import headroom, put_steps
from tests.evolution.strategies import frames_with_genomes

FRAME = Frame()


def phrases(count: int, seed: int, frame: Frame = FRAME) -> list[Genome]:
    rng = np.random.default_rng(seed)
    return [random_genome(frame, rng) for _ in range(count)]


@settings(max_examples=40, deadline=None)
@given(case=frames_with_genomes(3))
def test_a_distance_is_symmetric_bounded_zero_for_equals_and_no_way_round_is_shorter(
    case: tuple[Frame, list[Genome]],
) -> None:
    frame, genomes = case
    apart = distances([*genomes, genomes[0]], frame)
    assert np.allclose(apart, apart.T)
    assert ((apart >= 0) & (apart <= 1)).all()
    assert (np.diag(apart) == 0).all()
    assert apart[0, 3] == 0
    assert (apart[:, None, :] <= apart[:, :, None] + apart[None, :, :] + 1e-6).all()


def test_unlike_phrases_are_apart_and_a_note_changed_is_a_small_step() -> None:
    rng, given_ = np.random.default_rng(1), phrases(30, 1)
    apart = distances(given_, FRAME)
    unlike = apart[~np.eye(30, dtype=bool)]
    near = np.array([distance(one, MUTATIONS["change pitch"][0](one, FRAME, rng), FRAME) for one in given_])
    assert unlike.min() > 0.3
    assert (near > 0).mean() > 0.9
    assert near.max() < 0.2


def test_the_same_rhythm_with_other_pitches_is_nearer_than_all_different() -> None:
    given_ = phrases(60, 2)
    for one, other in zip(given_[:30], given_[30:], strict=True):
        bars = [(one.notes["bar"] == bar, other.notes["bar"] == bar) for bar in range(FRAME.bars)]
        relaid = np.concatenate([laid(one.notes[here], other.notes[there], FRAME) for here, there in bars])
        assert distance(one, Genome(relaid), FRAME) < distance(one, other, FRAME)


def test_a_transposed_phrase_is_nearer_than_any_other() -> None:
    given_ = phrases(40, 3)
    for place, one in enumerate(given_):
        notes = one.notes.copy()
        down, up = headroom(steps_of(notes, FRAME), FRAME)
        put_steps(notes, steps_of(notes, FRAME) + (2 if up >= 2 else max(down, -2)), FRAME)
        moved = Genome(notes, one.expression)
        others = distances_to([one], [g for g in given_ if g is not given_[place]], FRAME)
        assert 0 < distance(one, moved, FRAME) < others.min()


def test_what_is_only_played_otherwise_is_no_other_phrase() -> None:
    rng = np.random.default_rng(4)
    for one in phrases(10, 4):
        assert distance(one, MUTATIONS["swell"][0](one, FRAME, rng), FRAME) == 0


def test_an_octave_is_a_small_distance_but_not_none() -> None:
    rng = np.random.default_rng(5)
    for one in phrases(10, 5):
        moved = MUTATIONS["move octave"][0](one, FRAME, rng)
        assert 0 < distance(one, moved, FRAME) < 0.5 or moved == one


def test_a_table_of_distances_holds_what_each_pair_would_give() -> None:
    given_ = phrases(6, 6)
    apart = distances(given_, FRAME)
    assert apart[1, 4] == pytest.approx(distance(given_[1], given_[4], FRAME))
    assert np.allclose(distances_to(given_[:2], given_[2:], FRAME), apart[:2, 2:])
    assert distances([], FRAME).shape == (0, 0)
    assert distances_to([], given_, FRAME).shape == (0, 6)


def test_silent_phrases_are_alike_and_far_from_sounding_ones() -> None:
    (one,) = phrases(1, 7)
    silent = Genome(one.notes[:0], one.expression)
    assert distance(silent, silent, FRAME) == 0
    assert distance(silent, one, FRAME) > 0.5
