"""Nats a note of single phrases."""

import math
from dataclasses import replace

import numpy as np
import pytest

from generation.checkpoint import Checkpoint
from generation.codecs import ExpressiveCodec
from generation.fitting.judging import nats_by_field
from generation.likelihood.held_out import JudgingRefused
from generation.likelihood.phrases import phrase_nats
from generation.network import start_tokens
from generation.score.notes import KeySignature, Score
from tests.generation.networks import insisting, untrained
from tests.generation.pieces import melody

IN_C = (KeySignature(0.0, 0),)


def phrase(n_notes: int, seed: int = 0, tonic: int = 60, fifths: int = 0) -> Score:
    return replace(melody(n_notes, seed=seed, tonic=tonic), keys=(KeySignature(0.0, fifths),))


def knowing_nothing() -> Checkpoint:
    checkpoint = untrained("quick")
    checkpoint.model.set_weights([np.zeros_like(array) for array in checkpoint.model.get_weights()])
    return checkpoint


def test_a_network_that_knows_nothing_is_as_surprised_as_dice_by_every_phrase() -> None:
    checkpoint = knowing_nothing()
    dice = sum(math.log(field.size) for field in checkpoint.codec.fields)
    assert phrase_nats(checkpoint, [phrase(5), phrase(8), phrase(21)]) == pytest.approx([dice] * 3, rel=1e-4)


def test_a_phrase_as_long_as_a_window_is_judged_as_training_judges_it() -> None:
    checkpoint = untrained("quick")
    score, sizes = phrase(8), [field.size for field in checkpoint.codec.fields]
    rows = ExpressiveCodec(follow_key=False).encode(score)[None]
    starts = start_tokens(tuple(sizes))[None]
    by_field = nats_by_field(
        checkpoint.model, rows, checkpoint.config, checkpoint.codec, n_batch=4, starts=starts.astype(np.int32)
    )
    assert phrase_nats(checkpoint, [score])[0] == pytest.approx(by_field.sum(), rel=1e-4)


def test_what_else_is_judged_and_how_long_it_is_changes_nothing() -> None:
    checkpoint = untrained("quick")
    several = [phrase(6, seed) for seed in range(40)]
    together = phrase_nats(checkpoint, [phrase(19, 99), *several])[1:]
    alone = np.concatenate([phrase_nats(checkpoint, [one]) for one in several[:5]])
    assert together[:5] == pytest.approx(alone, rel=1e-4)
    assert together.std() > 0.05


def test_the_same_phrase_in_another_key_is_as_surprising() -> None:
    checkpoint = untrained("quick")
    in_c, in_d = phrase_nats(checkpoint, [phrase(8), phrase(8, tonic=62, fifths=2)])
    assert in_d == pytest.approx(in_c, rel=1e-5)
    assert np.isfinite(phrase_nats(checkpoint, [melody(30)])).all(), "without a written key one is found"


def test_a_phrase_that_the_network_insists_on_is_less_surprising() -> None:
    low = insisting(untrained("quick"), {"alteration": 1})  # plain notes of the scale
    plain, out = phrase(8), phrase(8)
    pitches = out.notes.copy()
    pitches["pitch"] += 1
    assert np.diff(phrase_nats(low, [plain, Score(pitches, keys=IN_C)]))[0] > 1


def test_silence_has_no_likelihood_and_other_kinds_of_network_are_refused() -> None:
    assert np.isnan(phrase_nats(untrained("quick"), [Score(melody(4).notes[:0])])).all()
    assert phrase_nats(untrained("quick"), []).shape == (0,)
    with pytest.raises(JudgingRefused, match=r"^checkpoint: expected every_step, expressive, got last_step, classic"):
        phrase_nats(untrained("paper"), [phrase(8)])
