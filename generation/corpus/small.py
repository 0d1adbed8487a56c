"""What keeps a network from learning a few short pieces by heart: how often they are shown, and how much dropout."""

import math

from generation.codecs import Codec
from generation.corpus.batches import Feed
from generation.corpus.lines import transpositions
from generation.presets import PRESETS, NetworkConfig

MOST_SHOWINGS = 60  # of a window, on the average of a training
FEW_NOTES, ENOUGH_NOTES = 2_000, 20_000  # between them the dropout goes down to the config's
MORE_DROPOUT, MOST_DROPOUT = 0.2, 0.8


def dropout_for(config: NetworkConfig, n_notes: int) -> float:
    """The dropout to learn so many notes with: the config's, and up to 0.2 more where they are few."""
    share = math.log(max(1, n_notes) / FEW_NOTES) / math.log(ENOUGH_NOTES / FEW_NOTES)
    wanted = config.dropout + MORE_DROPOUT * (1 - min(1.0, max(0.0, share)))
    return max(config.dropout, min(MOST_DROPOUT, wanted))


def most_epochs(config: NetworkConfig, feed: Feed, codec: Codec) -> int:
    """How many epochs show each window 60 times, in each transposition; at most the preset's.

    The learning rate comes down by then. With 60 epochs of 24 steps, 26 pieces of 40 notes would be shown 500 times,
    and known by heart after 50, long before the rate is low. Whoever asks for another number than the preset's knows
    what for: they get it.
    """
    preset = PRESETS.get(config.preset)
    if preset is None or config.epochs != preset.config.epochs:
        return config.epochs
    a_window = MOST_SHOWINGS * len(transpositions(codec, config.transpositions))
    an_epoch = feed.steps_per_epoch * feed.n_batch / feed.n_examples
    return max(1, min(config.epochs, math.ceil(a_window / an_epoch)))
