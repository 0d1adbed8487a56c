"""Scores made into first generations."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from evolution.frame import Frame
from evolution.genes import UNALTERED, arrange, pitches_of, slots_of
from evolution.genome import Genome, decode
from evolution.invention import random_genome
from evolution.seeding import cut_all, cut_phrases, quality_of, rank, seed_population, shared_bars
from generation.score.notes import Meter, Notes, Part, Score, sort_notes
from generation.score.tonality import Tonality, find_tonality
from tests.evolution.strategies import assert_fits, frames, generators

MAJOR = (0, 2, 4, 5, 7, 9, 11)


def melody(bars: int, *, tonic: int = 62, beats_per_bar: int = 4, seed: int = 0) -> Notes:
    """Quarter notes up and down a major scale."""
    rng = np.random.default_rng(seed)
    step, rows = 0, []
    for onset in range(bars * beats_per_bar):
        step = int(np.clip(step + rng.choice([-2, -1, 1, 2]), -4, 8))
        rows.append((float(onset), 0.9, tonic + 12 * (step // 7) + MAJOR[step % 7], 80, 0))
    return sort_notes(rows)


@settings(max_examples=40, deadline=None)
@given(frames(), generators())
def test_seeds_fit_their_frame_whatever_it_is(frame: Frame, rng: np.random.Generator) -> None:
    scores = [Score(melody(16)), Score(melody(9, beats_per_bar=3), meters=(Meter(0.0, 3, 4),)), Score(sort_notes([]))]
    seeds = seed_population(scores, frame, size=5, rng=rng)
    assert len(seeds) == 5
    for seed in seeds:
        assert_fits(seed.genome, frame)
        assert (seed.source_index is None) == (seed.origin == "random")


def test_a_melody_in_another_key_is_brought_into_the_scale_near_the_root() -> None:
    frame = Frame(key="G", scale="major", root_octave=4)
    scores = [Score(melody(16, tonic=tonic)) for tonic in (38, 62, 85)]
    phrases = cut_phrases(scores, frame, rng=np.random.default_rng(0))
    assert len(phrases) >= 39
    for phrase in phrases:
        assert np.mean(phrase.notes["alteration"] == UNALTERED) >= 0.9
        assert 61 <= np.median(pitches_of(phrase.notes, frame)) <= 79


def test_phrases_begin_on_bar_lines_of_bars_like_the_frames() -> None:
    # Eight bars of 3/4 whose downbeats alone are loud, then eight of 4/4.
    waltz = melody(8, beats_per_bar=3)
    waltz["velocity"] = np.where(np.arange(24) % 3 == 0, 120, 40)
    march = melody(8, beats_per_bar=4, seed=1)
    march["onset_quarters"] += 24.0
    march["velocity"] = np.where(np.arange(32) % 4 == 0, 120, 40)
    score = Score(sort_notes(np.concatenate([waltz, march])), meters=(Meter(0.0, 3, 4), Meter(24.0, 4, 4)))
    for beats_per_bar in (3, 4):
        frame = Frame(bars=2, beats_per_bar=beats_per_bar)
        phrases = cut_phrases([score], frame, rng=np.random.default_rng(0))
        assert 7 <= len(phrases) <= 8
        for phrase in phrases:
            loud = phrase.notes["velocity"] == 15
            assert (phrase.notes["position"][loud] == 0).all()
            assert loud.any()


def test_a_dense_piece_is_thinned_to_about_the_notes_asked_for() -> None:
    frame = Frame(notes_per_bar=4)
    rows = [(i / 4, 0.25, 60 + 12 * voice + MAJOR[i % 7], 80, 0) for i in range(256) for voice in (0, 1)]
    phrases = cut_phrases([Score(sort_notes(rows))], frame, rng=np.random.default_rng(0))
    for phrase in phrases:
        per_bar = np.bincount(phrase.notes["bar"], minlength=frame.bars)
        assert (per_bar <= 6).all()
        assert (per_bar >= 3).all()
        assert 0 in phrase.notes["position"]


def test_a_phrase_already_on_the_grid_is_taken_over_as_it_is() -> None:
    frame = Frame(notes_per_bar=6)
    drawn = (random_genome(frame, np.random.default_rng(seed)) for seed in range(100))
    original = next(genome for genome in drawn if find_tonality(decode(genome, frame)) == Tonality("C", False))
    (phrase,) = cut_phrases([decode(original, frame)], frame, max_per_score=1, rng=np.random.default_rng(0))
    assert np.array_equal(slots_of(phrase.notes, frame), slots_of(original.notes, frame))
    assert np.array_equal(np.diff(pitches_of(phrase.notes, frame)), np.diff(pitches_of(original.notes, frame)))


def test_strummed_and_late_notes_are_put_on_their_beat() -> None:
    rows = [(beat + late / 12, 0.8, 60 + 4 * late, 80, 0) for beat in range(16) for late in (0, 1)]
    (phrase,) = cut_phrases([Score(sort_notes(rows))], Frame(), max_per_score=1, rng=np.random.default_rng(0))
    assert (phrase.notes["position"] % 12 == 0).all()


def test_triplets_that_are_meant_stay_triplets() -> None:
    rows = [(i / 3, 0.3, 60 + MAJOR[i % 7], 80, 0) for i in range(48)]
    frame = Frame(notes_per_bar=12)
    (phrase,) = cut_phrases([Score(sort_notes(rows))], frame, max_per_score=1, rng=np.random.default_rng(0))
    assert set(phrase.notes["position"] % 12) == {0, 4, 8}


@pytest.mark.parametrize(
    "score",
    [
        Score(sort_notes([])),
        Score(sort_notes([(0.0, 1.0, 36, 90, 0)] * 8), parts=(Part("Kit", 0, True),)),
        Score(sort_notes([(0.0, 1.0, 60, 90, 0)])),
        Score(sort_notes([(2000.0, 1.0, 60, 90, 0)]), meters=()),
    ],
)
def test_a_score_with_nothing_to_cut_leaves_the_population_to_random_phrases(score: Score) -> None:
    seeds = seed_population([score], Frame(), size=4, rng=np.random.default_rng(0))
    assert [seed.origin for seed in seeds] == ["random"] * 4
    assert len({seed.genome for seed in seeds}) == 4


def test_no_scores_at_all_give_a_random_population() -> None:
    seeds = seed_population([], Frame(), size=3, rng=np.random.default_rng(0))
    assert [seed.origin for seed in seeds] == ["random"] * 3


def test_seeds_come_from_their_scores_and_the_same_seed_gives_the_same_population() -> None:
    scores = [Score(melody(24, seed=seed)) for seed in range(3)]
    first, second = (seed_population(scores, Frame(), size=10, rng=np.random.default_rng(1)) for _ in range(2))
    assert first == second
    assert {seed.origin for seed in first} == {"sample"}
    assert {seed.source_index for seed in first} <= {0, 1, 2}
    assert len({seed.genome.notes.tobytes() for seed in first}) == 10


def test_ranking_prefers_the_well_made_and_takes_no_phrase_twice() -> None:
    frame, rng = Frame(), np.random.default_rng(2)
    good = [random_genome(frame, rng) for _ in range(4)]
    dull = good[0].notes.copy()
    dull["degree"], dull["octave"] = 0, 0
    chromatic = good[1].notes.copy()
    chromatic["alteration"] = 2
    poor = [Genome(arrange(notes, frame)) for notes in (dull, chromatic)]
    assert quality_of(poor[1], frame) == 0.0
    assert quality_of(poor[0], frame) < min(quality_of(genome, frame) for genome in good)
    chosen = rank([*good, good[2], *poor], frame, 7)
    assert set(chosen[:4]) <= {0, 1, 2, 3, 4}
    assert len({2, 4} & set(chosen)) == 1
    assert 6 not in chosen


def test_the_tonic_stays_the_tonic_when_a_tune_changes_its_mode() -> None:
    tune = [60, 64, 67, 65, 62, 71, 72, 67, 64, 62, 60, 59, 60, 64, 67, 60]  # C major
    rows = [(float(at), 1.0, pitch, 80, 0) for at, pitch in enumerate(tune)]
    frame = Frame(bars=4, key="D", scale="dorian", notes_per_bar=4)
    phrase = cut_phrases([Score(sort_notes(rows))], frame, rng=np.random.default_rng(1))[0]
    assert (phrase.notes["alteration"] == UNALTERED).all()
    degrees = [(pitch - 60) % 12 for pitch in tune]
    assert phrase.notes["degree"].tolist() == [(0, 2, 4, 5, 7, 9, 11).index(chroma) for chroma in degrees]


def test_phrases_of_one_generation_share_no_bars_while_there_are_others() -> None:
    rng = np.random.default_rng(5)
    frame = Frame(bars=2, notes_per_bar=4)
    tune = rng.permutation(np.arange(40, 80))  # no pitch twice: a bar is known by its notes
    rows = [(float(at), 1.0, int(pitch), 80, 0) for at, pitch in enumerate(tune)]
    cuts = cut_all([Score(sort_notes(rows))], frame, 24, rng)
    chosen = rank([cut.genome for cut in cuts], frame, 3, is_shared=shared_bars(cuts))
    spans = sorted((cuts[index].start_quarters, cuts[index].end_quarters) for index in chosen)
    assert len(spans) == 3
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
