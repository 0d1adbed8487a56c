import math
from typing import Any

import numpy as np
import pytest

from generation.checkpoint import Checkpoint
from generation.corpus import fit_codec
from generation.likelihood.held_out import JudgingRefused, compare_with_trigram
from generation.network import build_network
from generation.pieces import Piece
from tests.generation.pieces import melody, pieces_of, tiny

PIECES = pieces_of(melody(40, seed=seed) for seed in range(6))


def untrained(preset: str, **changes: Any) -> Checkpoint:
    """A checkpoint of a network whose weights are all zero: every value is as likely as another."""
    config = tiny(preset, **changes)
    codec = fit_codec(config.codec, PIECES)
    model = build_network(config, codec)
    model.set_weights([np.zeros_like(array) for array in model.get_weights()])
    return Checkpoint(model, config, codec, {})


@pytest.mark.parametrize(
    ("preset", "changes"),
    [
        ("quick", {}),
        ("bars", {"window_after": 4, "embedding_units": 4}),
        ("paper", {}),
        ("paper-bidirectional", {"embedding_units": 4}),
    ],
)
def test_a_network_that_knows_nothing_is_as_surprised_as_dice_in_every_field(preset: str, changes: Any) -> None:
    checkpoint = untrained(preset, **changes)
    found = compare_with_trigram(checkpoint, PIECES[:5], PIECES[5:])
    dice = {field.name: math.log(field.size) for field in checkpoint.codec.fields}
    assert found.network.fields == pytest.approx(dice, rel=1e-4)
    assert found.network.nats_per_note == pytest.approx(sum(dice.values()), rel=1e-4)
    assert found.trigram.nats_per_note < found.network.nats_per_note
    assert found.trigram.n_notes == found.network.n_notes > 0
    assert found.hears_what_follows == (preset == "bars")


def test_every_note_of_the_windows_is_judged_and_one_a_row_elsewhere() -> None:
    assert compare_with_trigram(untrained("quick"), PIECES[:5], PIECES[5:]).network.n_notes == 40
    assert compare_with_trigram(untrained("paper"), PIECES[:5], PIECES[5:]).network.n_notes == 40 - 8


def test_the_trigram_says_what_it_says_each_field_from() -> None:
    found = compare_with_trigram(untrained("quick"), PIECES[:5], PIECES[5:])
    assert set(found.causes) == set(found.network.fields)


def test_pieces_that_fill_no_window_are_refused() -> None:
    with pytest.raises(JudgingRefused, match="held-out"):
        compare_with_trigram(untrained("paper"), PIECES[:5], [Piece("short", melody(5))])
    with pytest.raises(JudgingRefused, match="at least one note"):
        compare_with_trigram(untrained("quick"), [], PIECES)
