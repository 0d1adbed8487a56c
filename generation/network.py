"""The LSTM, built from a frozen configuration."""

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from generation.codecs import Codec
from generation.layers.bar_recall import BarRecall, bar_recall_shapes
from generation.layers.bidirectional import HoleAttention, Surroundings, bidirectional_weight_shapes
from generation.layers.heads import ChainedHeads, NoteEmbedding, NotesNear
from generation.layers.infilling import BarHeads, LaterBars, NotesOfTheBar
from generation.layers.recall import Recall, recall_shapes, recall_span
from generation.presets import PRESETS, ConfigRefused, NetworkConfig

__all__ = [
    "PRESETS",
    "ConfigRefused",
    "NetworkConfig",
    "build_network",
    "field_sizes",
    "has_gpu",
    "hole_context",
    "lstm_layers",
    "previous_notes",
    "scaled_tokens",
    "start_tokens",
    "weight_shapes",
]

UNROLLED_STEPS = 32  # up to here, unrolled steps make training on the CPU faster; beyond, compiling takes too long
# Shares of a config's dropout, which itself is that of the LSTM layers' output.
FIELD_SHARE = 0.2  # of the fields of what is heard, each wholly
HEAD_SHARE = 0.6


def build_network(config: NetworkConfig, codec: Codec) -> keras.Model:
    """A new network, its weights drawn anew.

    `every_step`: inputs (batch, window, fields) previous notes and (batch, window, fields) notes, int; output
    (batch, window, sum of field sizes) logits, each field's given the note's earlier fields.
    `infilling`: inputs (batch, window + window_after, fields) previous notes and as many notes, int; output (batch,
    window, sum of field sizes) logits of the first notes, each from the notes before it and those from the next bar on.
    `bidirectional`: inputs (batch, window, fields) notes before a hole and (batch, 1, fields) the hole's own; output
    (batch, 1, sum of field sizes) logits.
    `last_step`, the paper's: input (batch, window, 1) index/vocabulary, output (batch, vocabulary) probabilities.
    Raises ConfigRefused for `last_step` and a codec of several fields.
    """
    sizes = field_sizes(codec)
    if config.architecture == "every_step":
        return _every_step_network(config, sizes)
    if config.architecture == "infilling":
        return _infilling_network(config, sizes)
    if config.architecture == "bidirectional":
        return _bidirectional_network(config, sizes)
    if len(sizes) != 1:
        raise ConfigRefused(f"architecture should be every_step for a codec of {len(sizes)} fields, not last_step.")
    return _last_step_network(config, sizes[0])


def hole_context(model: keras.Model, before: Any) -> Any:
    """What a bidirectional network heard before a hole, for its layer `heads`: (batch, window, fields) int -> hidden.

    Missing notes are start tokens.
    """
    listener = keras.Model(model.inputs[0], model.get_layer("hole").output)
    return listener(before, training=False)


def _every_step_network(config: NetworkConfig, sizes: tuple[int, ...]) -> keras.Model:
    previous = keras.Input((config.window, len(sizes)), dtype="int32", name="previous")
    notes = keras.Input((config.window, len(sizes)), dtype="int32", name="notes")
    x = heard = _embedding(config, sizes)(previous)  # (b, t, fields * embedding)
    for i in range(config.lstm_layers):
        x = _lstm(config, config.window, name=f"lstm_{i}")(x)  # (b, t, lstm)
        x = layers.Dropout(config.dropout)(x)
    # The notes before also go straight to the heads: what follows what is learnt in the first minute, the LSTM later.
    near = NotesNear(name="near")(heard) if len(sizes) > 1 else heard
    x = layers.Concatenate()([x, layers.Dropout(config.dropout)(near)])  # (b, t, lstm + near * fields * embedding)
    logits = _heads(config, sizes)(x, notes)
    if len(sizes) > 1:
        recalled = Recall(sizes, recall_span(config.window), name="recall")(x, notes)
        logits = layers.Add()([logits, recalled])
    return keras.Model([previous, notes], logits, name=config.preset)


def _infilling_network(config: NetworkConfig, sizes: tuple[int, ...]) -> keras.Model:
    steps, row = config.window, config.window + config.window_after
    previous = keras.Input((row, len(sizes)), dtype="int32", name="previous")
    notes = keras.Input((row, len(sizes)), dtype="int32", name="notes")
    embedding, unheard = _embedding(config, sizes), layers.Dropout(config.dropout)
    heard, following = embedding(previous), embedding(notes)  # (b, row, fields * embedding)
    x = heard[:, :steps]
    near = unheard(NotesNear(name="near")(x))
    for i in range(config.lstm_layers):
        x = unheard(_lstm(config, steps, name=f"lstm_{i}")(x))  # (b, t, lstm)
    backwards = _lstm(config, row, name="backwards")(keras.ops.flip(following, axis=1))
    later, later_over = LaterBars(steps, sizes[0], name="later")(backwards, notes, previous)
    hidden, over = (layers.Concatenate()([x, near, unheard(heard_later)]) for heard_later in (later, later_over))
    logits = BarHeads(sizes, config.dense_units, dropout=HEAD_SHARE * config.dropout, name="heads")(
        hidden, notes, over=over
    )
    of_bar = NotesOfTheBar(sizes[0], name="of_bar")(heard, notes, previous)
    recalled = BarRecall(sizes, name="bar_recall")(hidden, over, of_bar, notes, previous)
    return keras.Model([previous, notes], layers.Add()([logits, recalled]), name=config.preset)


def _bidirectional_network(config: NetworkConfig, sizes: tuple[int, ...]) -> keras.Model:
    before = keras.Input((config.window, len(sizes)), dtype="int32", name="before")
    notes = keras.Input((1, len(sizes)), dtype="int32", name="notes")
    x = Surroundings(name="surroundings")(_embedding(config, sizes)(before))  # (b, window + 1, fields * embedding)
    for i in range(config.lstm_layers):
        one_way = _lstm(config, config.window + 1, name=f"lstm_{i}")
        x = layers.Bidirectional(one_way, name=f"both_ways_{i}")(x)  # (b, t, 2 * lstm)
        x = layers.Dropout(config.dropout)(x)
    hole = HoleAttention(config.window, config.lstm_units, name="hole")(x)  # (b, 4 * lstm)
    context = keras.ops.expand_dims(layers.Dropout(config.dropout)(hole), axis=1)
    logits = _heads(config, sizes)(context, notes)
    return keras.Model([before, notes], logits, name=config.preset)


def _last_step_network(config: NetworkConfig, vocabulary_size: int) -> keras.Model:
    x = tokens = keras.Input((config.window, 1), dtype="float32", name="tokens")
    last = config.lstm_layers - 1
    for i in range(config.lstm_layers):
        x = _lstm(config, config.window, is_sequence=i < last, name=f"lstm_{i}")(x)
        if i < last:
            x = layers.Dropout(config.dropout)(x)
    x = layers.Dense(config.dense_units)(x)
    x = layers.Dropout(config.dropout)(x)
    probabilities = layers.Dense(vocabulary_size, activation="softmax")(x)
    return keras.Model(tokens, probabilities, name=config.preset)


def _embedding(config: NetworkConfig, sizes: tuple[int, ...]) -> NoteEmbedding:
    dropout = FIELD_SHARE * config.dropout
    return NoteEmbedding(sizes, config.embedding_units, dropout=dropout, name="embedding")


def _heads(config: NetworkConfig, sizes: tuple[int, ...]) -> ChainedHeads:
    return ChainedHeads(sizes, config.dense_units, dropout=HEAD_SHARE * config.dropout, name="heads")


def _lstm(config: NetworkConfig, steps: int, *, name: str, is_sequence: bool = True) -> keras.layers.LSTM:
    """One LSTM as cuDNN takes it (tanh, sigmoid, a bias, no recurrent dropout), or unrolled where there is no card.

    `auto` would fall back to slow steps on a card without a word; True says so.
    """
    is_on_card = has_gpu()
    return layers.LSTM(
        config.lstm_units,
        return_sequences=is_sequence,
        use_cudnn=True if is_on_card else "auto",
        unroll=not is_on_card and steps <= UNROLLED_STEPS,
        name=name,
    )


def has_gpu() -> bool:
    """Whether Keras' backend, whichever it is, puts what it computes on a GPU here."""
    place = str(keras.ops.zeros((1,)).device).lower()
    return "gpu" in place or "cuda" in place


def weight_shapes(config: NetworkConfig, codec: Codec) -> list[tuple[int, ...]]:
    """Shapes of the network's weights in the order `model.get_weights()` has them, without building it."""
    sizes, units, dense = field_sizes(codec), config.lstm_units, config.dense_units
    total, n_fields = sum(sizes), len(sizes)
    if config.architecture == "last_step":
        return [*_lstm_shapes(config, 1), (units, dense), (dense,), (dense, total), (total,)]
    heard = n_fields * config.embedding_units
    table = (total + n_fields, config.embedding_units)
    chosen = [(total - sizes[-1], dense)] if n_fields > 1 else []
    after_entry = [(n_fields, dense), *chosen, (dense, total), (total,)]
    if config.architecture == "infilling":
        hidden = 2 * units + 2 * heard
        lstms, recall = _lstm_shapes(config, heard), bar_recall_shapes(hidden, 2 * heard, n_fields)
        backwards = [(heard, 4 * units), (units, 4 * units), (4 * units,)]  # Keras counts it before the last of them
        return [table, *lstms[:-3], *backwards, *lstms[-3:], (hidden, dense), *after_entry, *recall]
    if config.architecture == "every_step":
        hidden, recall = units + heard, []
        if n_fields > 1:
            hidden += heard
            recall = recall_shapes(hidden, sizes, recall_span(config.window))
        return [table, *_lstm_shapes(config, heard), (hidden, dense), *after_entry, *recall]
    return [table, *bidirectional_weight_shapes(heard, units, config.lstm_layers), (4 * units, dense), *after_entry]


def _lstm_shapes(config: NetworkConfig, width: int) -> list[tuple[int, ...]]:
    units = config.lstm_units
    shapes: list[tuple[int, ...]] = []
    for _ in range(config.lstm_layers):
        shapes += [(width, 4 * units), (units, 4 * units), (4 * units,)]
        width = units
    return shapes


def field_sizes(codec: Codec) -> tuple[int, ...]:
    """How many values each field of a note has."""
    return tuple(field.size for field in codec.fields)


def start_tokens(sizes: tuple[int, ...]) -> NDArray[np.int32]:
    """What stands where there is no note, (fields,): every field's extra id."""
    return np.array(sizes, dtype=np.int32)


def previous_notes(
    windows: NDArray[np.int32], sizes: tuple[int, ...], starts: NDArray[np.int32] | None = None
) -> NDArray[np.int32]:
    """What the network hears when asked for each note of (n, window, fields): the note before, or the start.

    `starts` (n, fields) is what each window begins with; the start token, where None is given.
    """
    first = start_tokens(sizes)[None] if starts is None else starts
    first = np.broadcast_to(first, (len(windows), len(sizes)))
    return np.concatenate([first[:, None], windows[:, :-1]], axis=1).astype(np.int32)


def scaled_tokens(windows: NDArray[np.int32], vocabulary_size: int) -> NDArray[np.float32]:
    """The paper's input: (n, window, 1) indices as index/vocabulary."""
    return (windows / vocabulary_size).astype(np.float32)


def lstm_layers(model: keras.Model) -> list[keras.layers.LSTM]:
    """The network's LSTM layers, first to last."""
    return [layer for layer in model.layers if isinstance(layer, layers.LSTM)]
