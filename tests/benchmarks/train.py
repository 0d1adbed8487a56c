"""`train`: loss terms a second for a network of the paper's size, against the paper's own training loop."""

import math
import time
from typing import Any

import keras
import numpy as np

from generation.corpus.batches import network_batch
from generation.fitting.loop import compiled_network
from generation.network import field_sizes
from tests.benchmarks.paper_network import our_config, papers_arrays, papers_network, vocabulary
from tests.benchmarks.result import Result

TARGET = 30.0


class Stopwatch(keras.callbacks.Callback):  # type: ignore[misc]
    """The seconds between the ends of a fit's steps; the first step, which compiles, is not among them."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Note the time."""
        self.ends.append(time.perf_counter())

    @property
    def step_seconds(self) -> float:
        """The median step: the machine's other work disturbs it least."""
        return float(np.median(np.diff(self.ends))) if len(self.ends) > 1 else math.nan


def run(*, small: bool = False) -> Result:
    """Time some steps of each; a loss term is one token predicted and learnt from."""
    n_tokens, units, n_steps = (20, 8, 3) if small else (300, 512, 6)
    rng = np.random.default_rng(0)
    ours, ours_step = our_terms(n_tokens, units, n_steps, rng)
    peer, peer_step = _papers_terms(n_tokens, units, n_steps, rng)
    detail = {"our_step_seconds": ours_step, "peer_step_seconds": peer_step, "units": units, "n_tokens": n_tokens}
    return Result("train", ours / peer, TARGET, ours, peer, "loss terms/s", detail)


def our_terms(n_tokens: int, units: int, n_steps: int, rng: np.random.Generator) -> tuple[float, float]:
    """Loss terms a second and seconds a step, steps made and handed over as training does it."""
    config, codec = our_config(units), vocabulary(n_tokens)
    rows = rng.integers(n_tokens, size=(n_steps, config.batch_size, config.window, 1)).astype(np.int32)
    model = compiled_network(config, codec)
    watch = Stopwatch()
    for step in range(n_steps):
        model.train_on_batch(*network_batch(rows[step], config, field_sizes(codec)))
        watch.on_train_batch_end(step)
    return config.window * config.batch_size / watch.step_seconds, watch.step_seconds


def _papers_terms(n_tokens: int, units: int, n_steps: int, rng: np.random.Generator) -> tuple[float, float]:
    batch_size = 64
    inputs, targets = papers_arrays(rng.integers(n_tokens, size=batch_size * n_steps + 30), n_tokens)
    watch = Stopwatch()
    papers_network(n_tokens, units).fit(inputs, targets, batch_size=batch_size, callbacks=[watch], verbose=0)
    return batch_size / watch.step_seconds, watch.step_seconds
