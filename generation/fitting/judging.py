"""How surprised a network is by held-out music, field by field."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.corpus.batches import network_batch
from generation.corpus.examples import Rows
from generation.corpus.lines import Tokens
from generation.network import field_sizes
from generation.presets import NetworkConfig

SMALLEST_PROBABILITY = 1e-7  # Keras' own bound


def nats_by_field(
    model: Any,
    rows: Rows,
    config: NetworkConfig,
    codec: Any,
    *,
    n_batch: int,
    starts: Tokens | None = None,
    on_batch: Callable[[], None] = lambda: None,
) -> NDArray[np.float64]:
    """Mean negative log-likelihood of each field of the notes to be said, (fields,), in nats; their sum is a note's.

    `rows` (n, length, fields) are as a corpus cuts them, `starts` (n, fields) what they begin
    with. Every note counts alike, also those of the last, short batch; missing notes don't count.
    """
    sizes = field_sizes(codec)
    total, n_notes = np.zeros(len(sizes)), 0
    for first in range(0, len(rows), n_batch):
        part = rows[first : first + n_batch]
        # Batches of one shape: another would be compiled anew.
        first_notes = None if starts is None else np.resize(starts[first : first + n_batch], (n_batch, len(sizes)))
        inputs, _ = network_batch(np.resize(part, (n_batch, *part.shape[1:])), config, sizes, first_notes)
        said = np.asarray(model.predict_on_batch(inputs), dtype=np.float64)[: len(part)]
        notes = judged_notes(part, config)
        if config.architecture == "last_step":
            said = np.log(np.maximum(said, SMALLEST_PROBABILITY))[:, None]
        is_there = notes[..., 0] < sizes[0]
        total += _nats(said[is_there], notes[is_there], sizes)
        n_notes += int(is_there.sum())
        on_batch()
    mean: NDArray[np.float64] = total / max(1, n_notes)
    return mean


def judged_notes(rows: Rows, config: NetworkConfig) -> Rows:
    """The notes that a network says of rows (n, length, fields): each of a window, or the last, (n, said, fields)."""
    return rows[:, : config.window] if config.learns_every_note else rows[:, -1:]


def _nats(logits: NDArray[np.float64], notes: Rows, sizes: tuple[int, ...]) -> NDArray[np.float64]:
    """Sums over all notes: (n, sum of sizes) logits and (n, fields) notes -> (fields,)."""
    found, first = [], 0
    for field, size in enumerate(sizes):
        part = logits[..., first : first + size]
        highest = part.max(axis=-1, keepdims=True)
        norm = highest[..., 0] + np.log(np.exp(part - highest).sum(axis=-1))
        chosen = np.take_along_axis(part, notes[..., field][..., None].astype(np.int64), axis=-1)[..., 0]
        found.append(np.sum(norm - chosen))
        first += size
    return np.array(found)
