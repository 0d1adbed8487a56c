"""The study's genome and loop, on examples worked out by hand."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolution.classic import (
    ClassicError,
    ClassicRun,
    ClassicSettings,
    bits_from_text,
    bits_of,
    bits_to_text,
    draw_pairs,
    lift,
    next_generation,
    numbers_of,
    original_pitches,
    random_population,
    score,
)
from evolution.frame import Frame
from evolution.genome import decode
from generation.score.scales import KEYS, SCALES

FRAME = Frame(bars=2, notes_per_bar=4, tempo_bpm=128.0)
FAITHFUL = ClassicSettings(faithful=True)


def rows(numbers: list[int], settings: ClassicSettings, frame: Frame = FRAME) -> list[tuple[float, float, int]]:
    notes = score(bits_of(numbers), frame, settings).notes
    return [(onset, length, pitch) for onset, length, pitch, *_ in notes.tolist()]


def test_the_first_bit_of_a_note_is_the_least() -> None:
    assert numbers_of(np.array([1, 0, 0, 0, 0, 0, 1, 0], dtype=np.uint8)).tolist() == [1, 4]


def test_ties_and_rests_as_meant() -> None:
    assert rows([2, 2, 9, 0, 0, 7, 12, 1], ClassicSettings()) == [(0, 2, 64), (3, 2, 60), (5, 1, 72), (7, 1, 62)]


def test_the_original_swallows_the_root_after_a_rest_and_sounds_an_octave_lower() -> None:
    assert rows([2, 2, 9, 0, 0, 7, 12, 1], FAITHFUL) == [(0, 2, 52), (5, 1, 60), (7, 1, 50)]


def test_without_pauses_the_top_bit_says_nothing() -> None:
    numbers = [8, 1, 9, 1, 3, 3, 11, 4]
    assert rows(numbers, ClassicSettings(pauses=False)) == [(0, 1, 60), (1, 3, 62), (4, 3, 65), (7, 1, 67)]


def test_voices_are_thirds_and_the_original_wraps_them_in_its_list() -> None:
    blues = Frame(bars=1, notes_per_bar=1, scale="majorBlues")
    assert original_pitches(blues) == [48, 50, 53, 55, 57, 60, 62, 65, 67, 69, 72]
    assert [pitch for *_, pitch in rows([7], ClassicSettings(steps=3, faithful=True), blues)] == [48, 65, 69]
    one = Frame(bars=1, notes_per_bar=1)
    assert [pitch for *_, pitch in rows([0], ClassicSettings(steps=3), one)] == [60, 64, 67]


@given(st.sampled_from(sorted(KEYS)), st.sampled_from(sorted(SCALES)), st.booleans(), st.integers(0, 2**32 - 1))
def test_lifting_keeps_every_pitch_and_onset(key: str, scale: str, faithful: bool, seed: int) -> None:
    frame = Frame(bars=2, notes_per_bar=4, key=key, scale=scale)
    settings = ClassicSettings(steps=2, faithful=faithful)
    bits = random_population(1, frame, np.random.default_rng(seed))[0]
    written = [(onset, length, pitch) for onset, length, pitch, *_ in decode(lift(bits, frame, settings), frame).notes]
    heard = [(onset, length, pitch) for onset, length, pitch, *_ in score(bits, frame, settings).notes]
    whole = [row for row in heard if row[1] not in (5.0, 7.0)]  # the grid writes these as two notes
    assert set(whole) <= set(written)
    assert {pitch for *_, pitch in heard} == {pitch for *_, pitch in written}


def test_the_faithful_sound_has_its_fingerprint() -> None:
    population = random_population(20, FRAME, np.random.default_rng(1))
    digest = hashlib.sha256()
    for bits in population:
        digest.update(score(bits, FRAME, FAITHFUL).notes.tobytes())
    assert digest.hexdigest()[:16] == "f72da1c30a20a65b"


def test_pairs_are_drawn_by_rating_plus_one() -> None:
    pairs = draw_pairs([5, 2, 0], 40_000, np.random.default_rng(1), faithful=True)
    shares = np.bincount(pairs.ravel(), minlength=3) / pairs.size
    assert shares == pytest.approx([0.6, 0.3, 0.1], abs=0.01)
    assert (pairs[:, 0] == pairs[:, 1]).mean() == pytest.approx((6 * 5 + 3 * 2) / 90, abs=0.01)
    apart = draw_pairs([5, 2, 0], 10_000, np.random.default_rng(1))
    assert (apart[:, 0] != apart[:, 1]).all()
    assert (apart[:, 0] == 0).mean() == pytest.approx(0.6, abs=0.02)


@given(st.integers(2, 40), st.booleans(), st.integers(0, 2**32 - 1))
def test_a_generation_keeps_two_elites_and_breeds_the_best_three_of_ten(size: int, faithful: bool, seed: int) -> None:
    population = random_population(size, FRAME, np.random.default_rng(seed))
    ratings = np.arange(size, dtype=np.float64)[::-1] % 6
    settings = ClassicSettings(mutations=0, faithful=faithful)
    following = next_generation(population, ratings, np.random.default_rng(seed), settings)
    order = np.argsort(-ratings, kind="stable")
    assert len(following) == (size - size % 2 if faithful else size)
    assert np.array_equal(following[:2], population[order[:2]])
    pool = population[order[: max(2, round(0.3 * size))]]
    assert ((following[2:, None] == pool[None]).any(axis=1)).all()
    assert np.array_equal(following, next_generation(population, ratings, np.random.default_rng(seed), settings))


def test_a_run_stored_between_answers_goes_on_to_the_bit() -> None:
    run = ClassicRun.begin(ClassicSettings(), FRAME, size=6, seed=3).tell({1: 4, 0: 2})
    again = ClassicRun.from_json(json.loads(json.dumps(run.to_json())))
    assert again == run
    rest = {2: 0, 3: 5, 4: 1, 5: 3}
    assert again.tell(rest).breed() == run.tell(rest).breed()
    following = run.tell(rest).breed()
    assert following.asked == (2, 3, 4, 5)
    assert ClassicRun.from_json(run.to_json() | {"settings": FAITHFUL.to_json()}).tell(rest).breed().asked == (
        0, 1, 2, 3, 4, 5,
    )  # fmt: skip


def test_a_run_ends_at_either_limit() -> None:
    all_five = dict.fromkeys(range(4), 5.0)
    assert ClassicRun.begin(ClassicSettings(generation_limit=1), FRAME, size=4, seed=1).tell(all_five).end
    limited = ClassicRun.begin(ClassicSettings(fitness_limit=5), FRAME, size=4, seed=1)
    assert limited.end is None
    assert limited.tell(all_five).end == "fitness_limit"
    with pytest.raises(ClassicError, match="fitness_limit"):
        limited.tell(all_five).breed()


@given(st.lists(st.integers(0, 15), max_size=20))
def test_bits_as_text_read_back(numbers: list[int]) -> None:
    bits = bits_of(numbers)
    assert np.array_equal(bits_from_text(bits_to_text(bits)), bits)
