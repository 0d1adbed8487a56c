"""The study's training and sampling written anew, the peer of `train` and `sample`; and ours of the same size."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from generation.checkpoint import Checkpoint
from generation.codecs import ClassicCodec
from generation.network import build_network
from generation.presets import PRESETS, NetworkConfig

WINDOW = 30
PITCHES = range(21, 109)


def vocabulary(n_tokens: int) -> ClassicCodec:
    """A codec of that many tokens (at most 300): notes by name, then chords of two and three pitch classes."""
    names = ("C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B")
    strings = [f"{names[pitch % 12]}{pitch // 12 - 1}" for pitch in PITCHES]
    strings += [f"{low}.{high}" for low in range(12) for high in range(12) if low < high]
    strings += [f"{low}.{low + 1}.{high}" for low in range(10) for high in range(low + 2, 12)]
    strings += [f"{low}.{low + 2}.{high}" for low in range(9) for high in range(low + 3, 12)]
    strings += [f"{low}.{low + 3}.{high}" for low in range(8) for high in range(low + 4, 12)]
    strings += [f"{low}.{low + 4}.{high}" for low in range(7) for high in range(low + 5, 12)]
    return ClassicCodec(tuple(sorted(strings[:n_tokens])))


def papers_network(n_tokens: int, units: int) -> keras.Model:
    """Three LSTM layers, dropout 0.3, a dense layer and a softmax, compiled as in the study."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((WINDOW, 1)),
            layers.LSTM(units, return_sequences=True),
            layers.Dropout(0.3),
            layers.LSTM(units, return_sequences=True),
            layers.Dropout(0.3),
            layers.LSTM(units),
            layers.Dense(256),
            layers.Dropout(0.3),
            layers.Dense(n_tokens),
            layers.Activation("softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="rmsprop")
    return model


def papers_arrays(tokens: NDArray[np.int64], n_tokens: int) -> tuple[Any, Any]:
    """Every window of 30, as index/vocabulary, and the token after it, one-hot."""
    windows = np.lib.stride_tricks.sliding_window_view(tokens, WINDOW + 1)
    inputs = windows[:, :WINDOW, None] / float(n_tokens)
    return inputs, keras.utils.to_categorical(windows[:, WINDOW], num_classes=n_tokens)


def papers_generation(model: keras.Model, n_tokens: int, n_notes: int, rng: np.random.Generator) -> list[int]:
    """The study's generation: predict one token, take the likeliest, move the window on."""
    pattern = rng.integers(n_tokens, size=WINDOW).tolist()
    drawn: list[int] = []
    for _ in range(n_notes):
        prediction = model.predict(np.reshape(pattern, (1, WINDOW, 1)) / float(n_tokens), verbose=0)
        drawn.append(int(np.argmax(prediction)))
        pattern = [*pattern[1:], drawn[-1]]
    return drawn


def our_config(units: int) -> NetworkConfig:
    """A network of the paper's size and batch that learns at every step."""
    return PRESETS["paper"].config.with_changes(
        lstm_units=units,
        architecture="every_step",
        embedding_units=64,
        window=32,
        batch_size=128,
        optimizer="rmsprop",
    )


def our_checkpoint(n_tokens: int, units: int) -> Checkpoint:
    """Ours of that size, its weights as drawn: what sampling costs does not depend on them."""
    config, codec = our_config(units), vocabulary(n_tokens)
    return Checkpoint(build_network(config, codec), config, codec, {})
