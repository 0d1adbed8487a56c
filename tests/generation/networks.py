"""Untrained checkpoints, and such whose weights were set to say one thing for ever."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from generation.checkpoint import Checkpoint
from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.network import build_network
from generation.score.notes import Score, sort_notes
from tests.generation.pieces import melody, tiny

CLASSIC = ClassicCodec.fit([melody(40, seed=seed) for seed in range(5)])


def untrained(preset: str, codec: Codec | None = None, **changes: Any) -> Checkpoint:
    """A small network of a preset, its weights as large as those of a trained one."""
    codec = codec or (CLASSIC if preset.startswith("paper") else ExpressiveCodec())
    config = tiny(preset, codec=codec.name, **changes)
    model = build_network(config, codec)
    rng = np.random.default_rng(0)
    size = 2.0 if preset == "paper" else 0.5  # as drawn at first, the weights would let it hear next to nothing
    model.set_weights([rng.normal(0, size, array.shape) for array in model.get_weights()])
    return Checkpoint(model, config, codec, {})


def insisting(checkpoint: Checkpoint, wanted: Mapping[str, int], *, by: float = 50.0) -> Checkpoint:
    """The checkpoint, its answers' bias now so far in favour of some fields' values that no other has a chance."""
    answers = [layer for layer in checkpoint.model.layers if layer.name == "heads"] or checkpoint.model.layers
    *weights, bias = answers[-1].get_weights()
    first = 0
    for field in checkpoint.codec.fields:
        if field.name in wanted:
            bias[first + wanted[field.name]] += by
        first += field.size
    answers[-1].set_weights([*weights, bias])
    return checkpoint


def echoing(period: int, values: Sequence[int]) -> Checkpoint:
    """A network of the study's kind that says `values` in turn for ever, whatever it is asked."""
    codec = ClassicCodec(tuple(f"{name}{octave}" for octave in (3, 4) for name in "ABCDEFG"))
    checkpoint = untrained("paper", codec, architecture="every_step", embedding_units=4)
    heads, embedding = checkpoint.model.get_layer("heads"), checkpoint.model.get_layer("embedding")
    size, units, dense = len(codec.vocabulary), checkpoint.config.lstm_units, checkpoint.config.dense_units
    assert len(set(values)) == period <= min(embedding.units, dense)
    # The last token goes straight to the heads: its one-hot row there asks for the one that comes next.
    table, entry = np.zeros((size + 1, embedding.units)), np.zeros((units + embedding.units, dense))
    kernel = np.zeros((dense, size))
    for place, value in enumerate(values):
        table[value, place] = 1.0
        entry[units + place, place] = 1.0
        kernel[place, values[(place + 1) % period]] = 50.0
    embedding.table.assign(table)
    heads.entry.assign(entry)
    heads.kernel.assign(kernel)
    heads.field_bias.assign(np.zeros((1, dense)))
    heads.bias.assign(np.zeros(size))
    return checkpoint


def score_of(pitches: Sequence[int], *, step_quarters: float = 0.5) -> Score:
    """The pitches one after the other."""
    return Score(sort_notes([(i * step_quarters, step_quarters, p, 80, 0) for i, p in enumerate(pitches)]))


def reciting(score: Score) -> Checkpoint:
    """A network that says a score of one bar for ever: each note tells which is next, whatever came before."""
    codec = ExpressiveCodec()
    bar = codec.encode(score)
    checkpoint = untrained("quick", codec, embedding_units=len(bar), dense_units=len(bar))
    heads, embedding = checkpoint.model.get_layer("heads"), checkpoint.model.get_layer("embedding")
    recall = checkpoint.model.get_layer("recall")
    position, n_units = 1, checkpoint.config.lstm_units
    assert len(set(bar[:, position].tolist())) == len(bar)
    table, entry = np.zeros(embedding.table.shape), np.zeros(heads.entry.shape)
    kernel, bias = np.zeros(heads.kernel.shape), np.zeros(heads.bias.shape)
    for place, note in enumerate(bar):
        table[embedding.offsets[position] + note[position], place] = 1.0
        entry[n_units + position * embedding.units + place, place] = 1.0
        following = bar[(place + 1) % len(bar)].copy()
        following[0] = place + 1 == len(bar)
        kernel[place, np.array(heads.offsets[:-1]) + following] = 50.0
    bias[np.array(heads.offsets[:-1]) + bar[0]] = 20.0  # of the first note
    for weight, value in ((embedding.table, table), (heads.entry, entry), (heads.kernel, kernel), (heads.bias, bias)):
        weight.assign(value)
    for weight in (heads.field_bias, heads.chosen, recall.weight):
        weight.assign(np.zeros(weight.shape))
    return checkpoint
