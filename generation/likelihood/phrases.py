"""How surprised a network is by single phrases, all of them in one call: nats a note of each."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from generation.checkpoint import Checkpoint
from generation.codecs import ExpressiveCodec
from generation.corpus.batches import network_batch
from generation.corpus.lines import Tokens, own_bars, start_of, transpose
from generation.drawing.masks import scale_home
from generation.likelihood.held_out import JudgingRefused
from generation.network import field_sizes
from generation.score.notes import Score

Floats = NDArray[np.float64]

BATCH = 32  # rows judged at once; always so many, for another number would be compiled anew
OCTAVE, FIFTH = 12, 7  # semitones


def phrase_nats(checkpoint: Checkpoint, scores: Sequence[Score]) -> Floats:
    """Mean negative log-likelihood of a note of each score, (n,), in nats; NaN for a score without notes.

    A network of the kind `every_step` hears each phrase from its first note on, in the key and the meter that are
    written in it; of one longer than the network's window, every window by itself. Raises JudgingRefused.
    """
    codec = checkpoint.codec
    if not checkpoint.config.is_every_step or not isinstance(codec, ExpressiveCodec):
        found = f"{checkpoint.config.architecture}, {codec.name}"
        raise JudgingRefused(f"checkpoint: expected every_step, expressive, got {found}; train a preset like quick")
    window, sizes = checkpoint.config.window, field_sizes(codec)
    said = [_tokens(score, codec) for score in scores]
    owners = np.repeat(np.arange(len(said)), [-(-len(tokens) // window) for tokens, _ in said])
    rows = np.zeros((len(owners), window, len(sizes)), dtype=np.int32)
    starts = np.zeros((len(owners), len(sizes)), dtype=np.int32)
    lengths = np.zeros(len(owners), dtype=np.int64)
    parts = (
        (tokens[first : first + window], start) for tokens, start in said for first in range(0, len(tokens), window)
    )
    for place, (part, start) in enumerate(parts):
        rows[place, : len(part)], starts[place], lengths[place] = part, start, len(part)
    rows[:, 0, 0] = 0  # the bar of the first note is the first that is heard
    counted = np.arange(window) < lengths[:, None]
    nats = (_nats(checkpoint, rows, starts) * counted).sum(axis=1)
    summed = np.bincount(owners, nats, minlength=len(said))
    notes = np.bincount(owners, lengths, minlength=len(said))
    mean: Floats = np.where(notes > 0, summed / np.maximum(notes, 1), np.nan)
    return mean


def _tokens(score: Score, codec: ExpressiveCodec) -> tuple[Tokens, Tokens]:
    """The phrase's tokens (notes, fields) in its own meter and key, and what stands before them (fields,)."""
    bars = own_bars(score, codec)
    start = start_of(codec, None if bars.bar_slots == codec.bar_slots else bars.bar_slots)
    heard = transpose(score, _semitones(score, codec)) if codec.follow_key else score
    return replace(bars, follow_key=False).encode(heard), start


def _semitones(score: Score, codec: ExpressiveCodec) -> int:
    """From the key that is written in the score, or else found in it, to the codec's, -6 to 5."""
    if len(score.keys) != 1:
        return codec.transposition(score)
    away = scale_home(codec, "major") - FIFTH * score.keys[0].fifths
    return (away + OCTAVE // 2) % OCTAVE - OCTAVE // 2


def _nats(checkpoint: Checkpoint, rows: Tokens, starts: Tokens) -> Floats:
    """Nats of each note of rows (n, window, fields), (n, window)."""
    sizes = field_sizes(checkpoint.codec)
    nats = np.zeros(rows.shape[:2])
    for first in range(0, len(rows), BATCH):
        part, begun = rows[first : first + BATCH], starts[first : first + BATCH]
        whole = (np.resize(part, (BATCH, *part.shape[1:])), np.resize(begun, (BATCH, begun.shape[1])))
        inputs, _ = network_batch(whole[0], checkpoint.config, sizes, whole[1])
        logits = np.asarray(checkpoint.model.predict_on_batch(inputs), dtype=np.float64)[: len(part)]
        for field, said in enumerate(np.split(logits, np.cumsum(sizes)[:-1], axis=-1)):
            highest = said.max(axis=-1, keepdims=True)
            norm = highest[..., 0] + np.log(np.exp(said - highest).sum(axis=-1))
            chosen = np.take_along_axis(said, part[..., field][..., None].astype(np.int64), axis=-1)[..., 0]
            nats[first : first + len(part)] += norm - chosen
    return nats
