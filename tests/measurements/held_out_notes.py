"""A network that writes bars and one that goes on note by note, asked for the very same held-out notes."""

from collections.abc import Sequence

import numpy as np

from generation.batches import network_batch
from generation.checkpoint import Checkpoint
from generation.heads import field_losses
from generation.judging import nats_by_field
from generation.likelihood import side_of
from generation.network import field_sizes
from generation.pieces import Piece

MOST = 2048
BATCH = 32


def nats_of_the_same_notes(bars: Checkpoint, every_step: Checkpoint, held_out: Sequence[Piece]) -> str:
    """Nats a note of both, by field, over notes with as many notes of their line before them as the latter hears."""
    side, window = side_of(bars, held_out), every_step.config.window
    holes = side.examples
    firsts = side.lines.firsts[holes.lines]
    notes = holes.notes  # type: ignore[attr-defined]
    _, first_of = np.unique(notes, return_index=True)  # the notes themselves, not those that say a bar is over
    places = first_of[notes[first_of] - firsts[first_of] >= window]
    places = places[np.linspace(0, len(places) - 1, min(MOST, len(places))).astype(np.int64)]
    rows = holes.rows(side.lines.tokens, places)
    ours = nats_by_field(bars.model, rows, bars.config, bars.codec, n_batch=BATCH, starts=side.starts(places))
    before = side.lines.tokens[notes[places][:, None] + np.arange(1 - window, 1)]
    theirs = _nats_of_last(every_step, before, side.lines.tokens[notes[places] - window])
    names = [field.name for field in bars.codec.fields]
    said = [f"{name} {one:.2f} / {other:.2f}" for name, one, other in zip(names, ours, theirs, strict=True)]
    return f"{len(places)} notes, bars / every step: {ours.sum():.2f} / {theirs.sum():.2f} ({', '.join(said)})"


def _nats_of_last(checkpoint: Checkpoint, rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Nats of the last note of each row (n, window, fields) after `starts` (n, fields), by field."""
    sizes = field_sizes(checkpoint.codec)
    total = np.zeros(len(sizes))
    for first in range(0, len(rows), BATCH):
        part = np.resize(rows[first : first + BATCH], (BATCH, *rows.shape[1:]))
        inputs, _ = network_batch(
            part, checkpoint.config, sizes, np.resize(starts[first : first + BATCH], (BATCH, len(sizes)))
        )
        losses = field_losses(sizes, part, checkpoint.model.predict_on_batch(inputs))
        total += [np.sum(np.asarray(loss)[: len(rows[first : first + BATCH]), -1]) for loss in losses]
    return total / len(rows)
