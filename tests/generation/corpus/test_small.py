import numpy as np
import pytest

from generation.codecs import ExpressiveCodec
from generation.corpus import build_corpus
from generation.corpus.batches import Feed
from generation.corpus.small import MOST_SHOWINGS, dropout_for, most_epochs
from generation.presets import PRESETS, NetworkConfig
from tests.generation.pieces import melody, pieces_of, tiny

CODEC = ExpressiveCodec()


def feed_of(config: NetworkConfig, n_pieces: int, n_notes: int) -> Feed:
    """The batches of so many pieces of so many notes."""
    pieces = pieces_of(melody(n_notes, seed=seed) for seed in range(n_pieces))
    corpus = build_corpus(pieces, CODEC, config, held_out=0.0, rng=np.random.default_rng(0))
    return Feed(corpus.train, config, CODEC, 0)


@pytest.mark.parametrize(
    ("n_notes", "dropout"), [(0, 0.6), (1_000, 0.6), (2_000, 0.6), (6_325, 0.5), (20_000, 0.4), (10**6, 0.4)]
)
def test_few_notes_are_learnt_with_more_dropout(n_notes: int, dropout: float) -> None:
    assert dropout_for(PRESETS["quick"].config, n_notes) == pytest.approx(dropout, abs=1e-4)


def test_a_config_with_much_dropout_keeps_it() -> None:
    assert dropout_for(tiny("quick", dropout=0.7), 100) == pytest.approx(0.8)
    assert dropout_for(tiny("quick", dropout=0.9), 100) == 0.9


def test_a_small_corpus_is_shown_sixty_times_and_a_large_one_as_often_as_the_preset_says() -> None:
    config = tiny("quick", epochs=PRESETS["quick"].config.epochs, window=16, batch_size=16)
    small, large = feed_of(config, 8, 40), feed_of(config, 40, 300)
    epochs = most_epochs(config, small, CODEC)
    shown = epochs * small.steps_per_epoch * small.n_batch / small.n_examples
    assert MOST_SHOWINGS <= shown < MOST_SHOWINGS + small.steps_per_epoch * small.n_batch / small.n_examples
    assert most_epochs(config, large, CODEC) == 60


@pytest.mark.parametrize("epochs", [2, 500])
def test_a_number_of_epochs_that_is_not_the_preset_s_is_meant(epochs: int) -> None:
    config = tiny("quick", epochs=epochs, window=16, batch_size=16)
    assert most_epochs(config, feed_of(config, 8, 40), CODEC) == epochs


def test_transpositions_are_other_windows() -> None:
    config = tiny("studio", epochs=PRESETS["studio"].config.epochs, window=16, batch_size=16)
    feed = feed_of(config, 8, 40)
    once, thrice = (most_epochs(config.with_changes(transpositions=n), feed, CODEC) for n in (0, 12))
    assert thrice == pytest.approx(3 * once, abs=2)
