"""`train`: loss terms a second for a network of the paper's size, against the paper's own training loop."""

import math
import time
from typing import Any

import keras
import numpy as np

from generation.corpus import disjoint_windows
from generation.training import batches, compiled_network
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
    n_tokens, units, n_steps = (20, 8, 3) if small else (300, 512, 5)
    rng = np.random.default_rng(0)
    ours, ours_step = _our_terms(n_tokens, units, n_steps, rng)
    peer, peer_step = _papers_terms(n_tokens, units, n_steps, rng)
    detail = {"our_step_seconds": ours_step, "peer_step_seconds": peer_step, "units": units, "n_tokens": n_tokens}
    return Result("train", ours / peer, TARGET, ours, peer, "loss terms/s", detail)


def _our_terms(n_tokens: int, units: int, n_steps: int, rng: np.random.Generator) -> tuple[float, float]:
    config, codec = our_config(units), vocabulary(n_tokens)
    tokens = rng.integers(n_tokens, size=(config.window * config.batch_size, 1)).astype(np.int32)
    model = compiled_network(config, codec)
    data = batches(disjoint_windows(tokens, config.window), config, codec, config.batch_size, seed=0)
    watch = Stopwatch()
    model.fit(data.repeat(), steps_per_epoch=n_steps, callbacks=[watch], shuffle=False, verbose=0)
    return config.window * config.batch_size / watch.step_seconds, watch.step_seconds


def _papers_terms(n_tokens: int, units: int, n_steps: int, rng: np.random.Generator) -> tuple[float, float]:
    batch_size = 64
    inputs, targets = papers_arrays(rng.integers(n_tokens, size=batch_size * n_steps + 30), n_tokens)
    watch = Stopwatch()
    papers_network(n_tokens, units).fit(inputs, targets, batch_size=batch_size, callbacks=[watch], verbose=0)
    return batch_size / watch.step_seconds, watch.step_seconds
