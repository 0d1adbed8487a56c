"""A network that writes bars and one that goes on note by note, asked for the very same held-out notes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from generation.checkpoint import Checkpoint
from generation.corpus.batches import network_batch
from generation.corpus.examples import BarWindows
from generation.layers.heads import field_losses
from generation.likelihood.held_out import side_of
from generation.network import field_sizes
from generation.pieces import Piece

MOST = 1024
BATCH = 32


def nats_of_the_same_notes(bars: Checkpoint, every_step: Checkpoint | None, held_out: Sequence[Piece]) -> str:
    """Nats a note of both, by field, over notes with as many notes of their line before them as both hear at most.

    The network that writes bars says each note as it does when it writes one: from whole bars before it and all after.
    """
    side = side_of(bars, held_out)
    windows, tokens = side.examples, side.lines.tokens
    assert isinstance(windows, BarWindows)
    window = max(bars.config.window, every_step.config.window if every_step else 0)
    lines = np.searchsorted(side.lines.firsts, np.arange(len(tokens)), side="right") - 1
    notes = np.flatnonzero(np.arange(len(tokens)) - side.lines.firsts[lines] >= window)
    notes = notes[np.linspace(0, len(notes) - 1, min(MOST, len(notes))).astype(np.int64)]
    ends = side.lines.firsts[lines[notes] + 1]
    ours = _nats_of_bars(bars, windows, tokens, notes, ends)
    theirs = np.full_like(ours, np.nan)
    if every_step is not None:
        length = every_step.config.window
        before = tokens[notes[:, None] + np.arange(1 - length, 1)]
        theirs = _nats(every_step, before, tokens[notes - length], np.full(len(notes), length - 1))
    names = [field.name for field in bars.codec.fields]
    said = [f"{name} {one:.2f} / {other:.2f}" for name, one, other in zip(names, ours, theirs, strict=True)]
    return f"{len(notes)} notes, bars / every step: {ours.sum():.2f} / {theirs.sum():.2f} ({', '.join(said)})"


def _nats_of_bars(
    checkpoint: Checkpoint, windows: BarWindows, tokens: np.ndarray, notes: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """Nats of notes by field, each the last of a window that begins with a bar, or in its midst."""
    starts = windows.bars[np.searchsorted(windows.bars, notes - checkpoint.config.window + 1)]
    starts = np.minimum(starts, notes)  # where a bar has more notes than a window
    placed = replace(windows, starts=starts, ends=ends)
    rows = placed.rows(tokens, np.arange(len(notes)))
    return _nats(checkpoint, rows, None, notes - starts)


def _nats(checkpoint: Checkpoint, rows: np.ndarray, starts: np.ndarray | None, at: np.ndarray) -> np.ndarray:
    """Nats of one note of each row (n, length, fields), which `at` names, by field."""
    sizes = field_sizes(checkpoint.codec)
    total = np.zeros(len(sizes))
    for first in range(0, len(rows), BATCH):
        part, n = np.resize(rows[first : first + BATCH], (BATCH, *rows.shape[1:])), len(rows[first : first + BATCH])
        begins = None if starts is None else np.resize(starts[first : first + BATCH], (BATCH, len(sizes)))
        inputs, said = network_batch(part, checkpoint.config, sizes, begins)
        said = np.minimum(said, np.array(sizes) - 1)  # missing notes are not asked for
        losses = field_losses(sizes, said, checkpoint.model.predict_on_batch(inputs))
        total += [np.sum(np.asarray(loss)[np.arange(n), at[first : first + n]]) for loss in losses]
    return total / len(rows)
