import math

import numpy as np
import pytest

from generation.codecs.codec import Field
from generation.likelihood.trigram import Likelihood, Trigram, TrigramRefused

FIELDS = (Field("step", 3), Field("pitch", 5))


def random_notes(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(0, field.size, n) for field in FIELDS], axis=1)


def round_and_round(n: int, first: int = 0) -> np.ndarray:
    at = np.arange(first, first + n)
    return np.stack([at % 3, at % 5], axis=1)


def test_what_follows_its_two_notes_before_without_fail_is_no_surprise() -> None:
    trigram = Trigram.fit([round_and_round(400, first) for first in range(8)], FIELDS)
    assert trigram.nats_per_note(round_and_round(100)).nats_per_note < 0.2


def test_noise_is_as_surprising_as_the_uniform_distribution() -> None:
    trigram = Trigram.fit([random_notes(800, seed) for seed in range(8)], FIELDS)
    assert trigram.nats_per_note(random_notes(2000, 99)).nats_per_note == pytest.approx(math.log(15), abs=0.05)


def test_a_field_is_said_from_the_note_s_earlier_fields() -> None:
    rng = np.random.default_rng(0)
    steps = rng.integers(0, 3, (8, 500))
    trigram = Trigram.fit([np.stack([step, step + 1], axis=1) for step in steps], FIELDS)
    likelihood = trigram.nats_per_note(np.stack([steps[0], steps[0] + 1], axis=1))
    assert trigram.causes["pitch"][0] == "step"
    assert likelihood.fields["step"] == pytest.approx(math.log(3), abs=0.1)
    assert likelihood.fields["pitch"] < 0.05


def test_probabilities_of_all_values_sum_to_one_in_seen_and_unseen_contexts() -> None:
    trigram = Trigram.fit([random_notes(300, seed) for seed in range(3)], FIELDS)
    for before in (random_notes(2, 7), np.array([[2, 4], [2, 4]])):
        last = [np.array([[step, pitch]]) for step in range(3) for pitch in range(5)]
        lines = np.stack([np.concatenate([before, note]) for note in last])
        nats = trigram.nats(lines)[:, -1].sum(axis=1)
        assert np.exp(-nats).sum() == pytest.approx(1.0)


def test_a_value_never_counted_is_possible() -> None:
    trigram = Trigram.fit([np.zeros((50, 2), dtype=np.int64)], FIELDS)
    assert np.isfinite(trigram.nats(np.array([[2, 4], [1, 3]]))).all()


def test_lines_of_a_piece_begin_anew() -> None:
    trigram = Trigram.fit([random_notes(100, seed) for seed in range(4)], FIELDS)
    lines = [random_notes(20, 5), random_notes(20, 6)]
    together = trigram.nats(np.stack(lines))
    assert np.allclose(together[1], trigram.nats(lines[1]))
    assert trigram.nats_per_note(lines).n_notes == 40


def test_what_is_given_stands_before_the_notes_and_is_not_said_itself() -> None:
    pieces = [round_and_round(100, first) for first in range(6)]
    trigram = Trigram.fit(pieces, FIELDS, n_given=1)
    line = round_and_round(20)
    assert np.allclose(trigram.nats(line, n_given=5), trigram.nats(line)[5:])
    # Of one note that is always given, nothing was counted: any value may come first.
    first = Trigram.fit([piece[:2] for piece in pieces], FIELDS, n_given=1).nats_per_note(line[:1])
    assert first.nats_per_note > 1.5


def test_the_total_is_the_sum_of_the_fields() -> None:
    trigram = Trigram.fit([random_notes(100, seed) for seed in range(4)], FIELDS)
    likelihood = trigram.nats_per_note(random_notes(50, 9))
    assert likelihood.nats_per_note == pytest.approx(sum(likelihood.fields.values()))


def test_the_same_notes_give_the_same_trigram() -> None:
    pieces, judged = [random_notes(100, seed) for seed in range(4)], random_notes(50, 9)
    assert Trigram.fit(pieces, FIELDS).nats_per_note(judged) == Trigram.fit(pieces, FIELDS).nats_per_note(judged)


def test_nothing_to_count_is_refused_and_nothing_to_judge_is_nan() -> None:
    with pytest.raises(TrigramRefused, match="at least one note"):
        Trigram.fit([np.zeros((0, 2), dtype=np.int64)], FIELDS)
    assert math.isnan(Likelihood.of(np.zeros((0, 2)), FIELDS).nats_per_note)
