"""The LSTM, built from a frozen configuration."""

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from generation.codecs import Codec
from generation.heads import ChainedHeads, NoteEmbedding
from generation.presets import PRESETS, ConfigRefused, NetworkConfig

__all__ = [
    "PRESETS",
    "ConfigRefused",
    "NetworkConfig",
    "build_network",
    "field_sizes",
    "lstm_layers",
    "previous_notes",
    "scaled_tokens",
    "start_tokens",
    "weight_shapes",
]


def build_network(config: NetworkConfig, codec: Codec) -> keras.Model:
    """A new network, its weights drawn anew.

    With `is_every_step`: inputs (batch, window, fields) previous notes and (batch, window, fields) notes, int; output
    (batch, window, sum of field sizes) logits, each field's given the note's earlier fields.
    Otherwise the paper's: input (batch, window, 1) index/vocabulary, output (batch, vocabulary) probabilities.
    """
    sizes = field_sizes(codec)
    if config.is_every_step:
        return _every_step_network(config, sizes)
    if len(sizes) != 1:
        raise ConfigRefused(f"is_every_step should be true for a codec of {len(sizes)} fields, not false.")
    return _last_step_network(config, sizes[0])


def _every_step_network(config: NetworkConfig, sizes: tuple[int, ...]) -> keras.Model:
    previous = keras.Input((config.window, len(sizes)), dtype="int32", name="previous")
    notes = keras.Input((config.window, len(sizes)), dtype="int32", name="notes")
    x = heard = NoteEmbedding(sizes, config.embedding_units, name="embedding")(previous)  # (b, t, fields * embedding)
    for i in range(config.lstm_layers):
        x = layers.LSTM(config.lstm_units, return_sequences=True, name=f"lstm_{i}")(x)  # (b, t, lstm)
        x = layers.Dropout(config.dropout)(x)
    # The note before also goes straight to the heads: what follows what is learnt in the first minute, the LSTM later.
    x = layers.Concatenate()([x, layers.Dropout(config.dropout)(heard)])  # (b, t, lstm + fields * embedding)
    logits = ChainedHeads(sizes, config.dense_units, name="heads")(x, notes)
    return keras.Model([previous, notes], logits, name=config.preset)


def _last_step_network(config: NetworkConfig, vocabulary_size: int) -> keras.Model:
    x = tokens = keras.Input((config.window, 1), dtype="float32", name="tokens")
    last = config.lstm_layers - 1
    for i in range(config.lstm_layers):
        x = layers.LSTM(config.lstm_units, return_sequences=i < last, name=f"lstm_{i}")(x)
        if i < last:
            x = layers.Dropout(config.dropout)(x)
    x = layers.Dense(config.dense_units)(x)
    x = layers.Dropout(config.dropout)(x)
    probabilities = layers.Dense(vocabulary_size, activation="softmax")(x)
    return keras.Model(tokens, probabilities, name=config.preset)


def weight_shapes(config: NetworkConfig, codec: Codec) -> list[tuple[int, ...]]:
    """Shapes of the network's weights in the order `model.get_weights()` has them, without building it."""
    sizes, units = field_sizes(codec), config.lstm_units
    total, n_fields = sum(sizes), len(sizes)
    shapes: list[tuple[int, ...]] = []
    width = heard = n_fields * config.embedding_units if config.is_every_step else 1
    if config.is_every_step:
        shapes.append((total + n_fields, config.embedding_units))
    for _ in range(config.lstm_layers):
        shapes += [(width, 4 * units), (units, 4 * units), (4 * units,)]
        width = units
    dense = config.dense_units
    if config.is_every_step:
        chosen = [(total - sizes[-1], dense)] if n_fields > 1 else []
        return [*shapes, (units + heard, dense), (n_fields, dense), *chosen, (dense, total), (total,)]
    return [*shapes, (units, dense), (dense,), (dense, total), (total,)]


def field_sizes(codec: Codec) -> tuple[int, ...]:
    """How many values each field of a note has."""
    return tuple(field.size for field in codec.fields)


def start_tokens(sizes: tuple[int, ...]) -> NDArray[np.int32]:
    """What stands before the first note of a window, (fields,): every field's extra id."""
    return np.array(sizes, dtype=np.int32)


def previous_notes(windows: NDArray[np.int32], sizes: tuple[int, ...]) -> NDArray[np.int32]:
    """What the network hears when asked for each note of (n, window, fields): the note before, or the start."""
    start = np.broadcast_to(start_tokens(sizes), (len(windows), 1, len(sizes)))
    return np.concatenate([start, windows[:, :-1]], axis=1).astype(np.int32)


def scaled_tokens(windows: NDArray[np.int32], vocabulary_size: int) -> NDArray[np.float32]:
    """The paper's input: (n, window, 1) indices as index/vocabulary."""
    return (windows / vocabulary_size).astype(np.float32)


def lstm_layers(model: keras.Model) -> list[keras.layers.LSTM]:
    """The network's LSTM layers, first to last."""
    return [layer for layer in model.layers if isinstance(layer, layers.LSTM)]
