"""Rows of tokens -> what a network takes, batch by batch, in an order that follows from seed and epoch alone."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.codecs import Codec
from generation.corpus import Side, is_sliding
from generation.corpus.examples import Examples, Index, Rows, thinned
from generation.corpus.lines import Tokens
from generation.network import field_sizes, previous_notes, scaled_tokens
from generation.presets import NetworkConfig

STEPS_PER_EPOCH_MIN = 24  # a small corpus is gone through several times in an epoch

Batch = tuple[Any, NDArray[Any]]  # what the network hears, what it should say


def network_batch(rows: Rows, config: NetworkConfig, sizes: tuple[int, ...], starts: Tokens | None = None) -> Batch:
    """Inputs and targets of a network (see `build_network`) for rows (n, length, fields) as the corpus cuts them.

    `starts` (n, fields) is what windows begin with, the start token where None is given.
    """
    if config.architecture == "every_step":
        return [previous_notes(rows, sizes, starts), rows], rows
    if config.architecture == "infilling":
        return [previous_notes(rows, sizes, starts), rows], rows[:, : config.window]
    if config.architecture == "bidirectional":
        return [rows[:, :-1], rows[:, -1:]], rows[:, -1:]
    one_hot = np.zeros((len(rows), sizes[0]), dtype=np.float32)
    one_hot[np.arange(len(rows)), rows[:, -1, 0]] = 1.0
    return scaled_tokens(rows[:, :-1], sizes[0]), one_hot


@dataclass
class Feed:
    """The training side's batches: every epoch another order, other windows and other transpositions."""

    side: Side
    config: NetworkConfig
    codec: Codec
    seed: int
    _tokens: Tokens = field(init=False)
    _examples: Examples = field(init=False)
    _order: Index = field(init=False)

    def __post_init__(self) -> None:
        self._sizes = field_sizes(self.codec)
        self.n_examples = len(thinned(self.side.examples, self.side.most_a_piece, None))
        self.n_batch = min(self.config.batch_size, self.n_examples)
        least = 1 if is_sliding(self.config) else STEPS_PER_EPOCH_MIN
        self.steps_per_epoch = max(self.n_examples // self.n_batch, least)

    def begin(self, epoch: int) -> None:
        """Draw the order, the windows and the transpositions of an epoch."""
        rng = np.random.default_rng((self.seed, epoch))
        self._tokens, self._examples = self.side.lines.tokens, self.side.examples
        if not is_sliding(self.config):
            self._tokens = self.side.lines.transposed(self.codec, self.config.transpositions, rng)
            self._examples = self._examples.drawn_anew(rng)
        wanted = self.steps_per_epoch * self.n_batch
        turns = range(-(-wanted // self.n_examples))
        orders = [thinned(self._examples, self.side.most_a_piece, rng) for _ in turns]
        self._order = np.concatenate(orders)[:wanted]

    def batch(self, step: int) -> Batch:
        """One step's inputs and targets, of the same shapes at every step."""
        places = self._order[step * self.n_batch : (step + 1) * self.n_batch]
        rows = self._examples.rows(self._tokens, places)
        return network_batch(rows, self.config, self._sizes, self.side.starts(places))
