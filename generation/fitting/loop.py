"""The loop that trains: epochs of steps, each epoch judged, and a state to go on from."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from generation.codecs import Codec
from generation.corpus.batches import Feed
from generation.fitting.watch import Watch
from generation.layers.heads import field_losses
from generation.network import build_network, field_sizes, has_gpu
from generation.presets import NetworkConfig

GRADIENT_NORM = 1.0
WEIGHT_DECAY = 0.01


@dataclass(frozen=True)
class Hooks:
    """What the loop asks of the one who trains."""

    judge: Callable[[], float | None]  # the held-out loss of the model's weights, where anything is held out
    keep_state: Callable[[bool], None]  # told whether this is the last chance


def fit(model: Any, feed: Feed, watch: Watch, hooks: Hooks) -> None:
    """Train until the watch has a reason to stop; what it stops in the midst of is judged as it is."""
    watch.begin()
    while watch.reason is None:
        _run_epoch(model, feed, watch)
        is_whole = watch.course.step == feed.steps_per_epoch
        if not is_whole:
            hooks.keep_state(True)  # before the rest of the epoch is given up
        began = time.monotonic()
        held_out_loss = hooks.judge()
        watch.after_judging(time.monotonic() - began)
        watch.after_epoch(held_out_loss)
        if is_whole:
            hooks.keep_state(watch.reason is not None)


def _run_epoch(model: Any, feed: Feed, watch: Watch) -> None:
    """Steps until the epoch's end or a reason to stop; the first is the one that the course has come to."""
    feed.begin(watch.course.epoch)
    while watch.reason is None and watch.course.step < feed.steps_per_epoch:
        watch.before_step()
        model.optimizer.learning_rate = watch.learning_rate
        watch.after_step(float(model.train_on_batch(*feed.batch(watch.course.step))))


def compiled_network(config: NetworkConfig, codec: Codec) -> Any:
    """A new network with its loss and optimizer, ready for `fit`."""
    model = build_network(config, codec)
    sizes = field_sizes(codec)
    rate = config.learning_rate
    if config.optimizer == "adam":
        optimizer = keras.optimizers.Adam(rate, global_clipnorm=GRADIENT_NORM, weight_decay=WEIGHT_DECAY)
    else:
        optimizer = keras.optimizers.RMSprop(rate)
    loss: Any = _note_loss(sizes)
    if config.architecture == "last_step":
        loss = keras.losses.CategoricalCrossentropy()
    elif config.architecture == "infilling":
        loss = _loss_of_notes_there(sizes)
    model.compile(optimizer=optimizer, loss=loss, jit_compile=False)  # forced XLA is slower on the CPU
    optimizer.build(model.trainable_variables)
    return model


def make_repeatable(seed: int) -> None:
    """Have what Keras draws follow from the seed, and on a card take only ways that give the same sums each time."""
    keras.utils.set_random_seed(seed)
    if has_gpu() and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def _note_loss(sizes: tuple[int, ...]) -> Callable[[Any, Any], Any]:
    def nats_a_note(notes: Any, logits: Any) -> Any:
        return sum(field_losses(sizes, notes, logits))

    return nats_a_note


def _loss_of_notes_there(sizes: tuple[int, ...]) -> Callable[[Any, Any], Any]:
    """As `_note_loss`, of rows that have missing notes: those count for nothing in the mean."""

    def nats_a_note(notes: Any, logits: Any) -> Any:
        is_there = keras.ops.cast(notes[..., 0] < sizes[0], logits.dtype)
        notes = keras.ops.minimum(notes, np.array(sizes, dtype=np.int32) - 1)
        return sum(field_losses(sizes, notes, logits)) * is_there / keras.ops.mean(is_there)

    return nats_a_note
