"""Training a network on scores: fit, checkpoint on improvement, stop, resume."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from generation.checkpoint import Checkpoint, load, save
from generation.codecs import Codec, CodecError
from generation.corpus import Corpus, build_corpus, build_sliding_corpus, fit_codec
from generation.heads import field_losses
from generation.network import build_network, field_sizes, previous_notes, scaled_tokens, weight_shapes
from generation.presets import NetworkConfig
from generation.progress import Progress
from generation.score.notes import Score
from generation.watch import Plan, StopReason, Watch

__all__ = ["Progress", "TrainingRefused", "TrainingResult", "train"]

HELD_OUT = 0.1  # of the scores, where the loss is taken at every step
PATIENCE_EPOCHS = 6
STEPS_PER_EPOCH_MIN = 24  # a small corpus is gone through several times in an epoch
CHECKPOINT_SECONDS = 5.0  # between two checkpoints handed out, but for the last
RESERVE_SECONDS = 2.0  # for the last checkpoint and what the caller does with it
GRADIENT_NORM = 1.0
WEIGHT_DECAY = 0.01


class TrainingRefused(ValueError):
    """A corpus or a checkpoint that training can't begin with; the message says what to do."""

    code = "training_refused"


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What a training run came to."""

    checkpoint: bytes  # of the best loss: held-out where there is one
    best: Progress  # when it was saved
    history: tuple[Progress, ...]  # one an epoch
    reason: StopReason
    about: dict[str, Any]  # the corpus in numbers, as in the checkpoint's facts


@dataclass
class _Outlet:
    """Hands checkpoints out, not more often than every few seconds, and never misses the last."""

    on_checkpoint: Callable[[bytes, Progress], None]
    data: bytes = b""
    best: Progress | None = None
    is_handed_out: bool = True
    handed_out_seconds: float = field(default=-math.inf)

    def offer(self, data: bytes, progress: Progress) -> None:
        self.data, self.best, self.is_handed_out = data, progress, False
        if time.monotonic() - self.handed_out_seconds >= CHECKPOINT_SECONDS:
            self.flush()

    def flush(self) -> None:
        if not self.is_handed_out and self.best is not None:
            self.on_checkpoint(self.data, self.best)
            self.is_handed_out, self.handed_out_seconds = True, time.monotonic()


def train(
    scores: Sequence[Score],
    config: NetworkConfig,
    *,
    seed: int,
    on_progress: Callable[[Progress], None],
    on_checkpoint: Callable[[bytes, Progress], None],
    should_stop: Callable[[], bool],
    resume_from: bytes | None = None,
) -> TrainingResult:
    """Train a network on scores, and hand out a checkpoint at each improvement.

    `on_progress` is called at each epoch's end and about every second between; `on_checkpoint` with the best weights'
    file at an improvement of the held-out loss (of the loss, where nothing is held out), at most every five seconds and
    once more at the end. Training ends after `config.epochs`, when `should_stop()` says so, when nothing gets better,
    or before `config.max_seconds` have passed, evaluation included. `resume_from` goes on from a checkpoint's weights,
    codec and epoch. The same seed, scores and config give the same weights on one machine as long as time does not
    end it. Raises TrainingRefused, or CheckpointRefused for `resume_from`.
    """
    started = time.monotonic()
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    earlier = load(resume_from) if resume_from is not None else None
    codec = earlier.codec if earlier else _codec(config, scores)
    corpus = _corpus(scores, config, codec, rng)
    about = {
        "seed": seed,
        "n_scores": corpus.n_scores,
        "n_held_out": corpus.n_held_out,
        "n_left_out": corpus.n_left_out,
        "n_windows": len(corpus.train),
    }
    model = _network(config, codec, earlier)
    outlet = _Outlet(on_checkpoint)
    n_batch = min(config.batch_size, len(corpus.train))
    steps = max(len(corpus.train) // n_batch, STEPS_PER_EPOCH_MIN if config.is_every_step else 1)
    plan = Plan(
        epochs=config.epochs,
        first_epoch=int(earlier.facts.get("epoch", 0)) if earlier else 0,
        steps_per_epoch=steps,
        started_seconds=started,
        max_seconds=config.max_seconds,
        reserve_seconds=min(RESERVE_SECONDS, 0.1 * (config.max_seconds or 0)),
        learning_rate=config.learning_rate,
        is_decaying=config.is_every_step,
        patience=PATIENCE_EPOCHS if len(corpus.held_out) else 0,
        has_held_out=len(corpus.held_out) > 0,
    )

    def keep(progress: Progress) -> None:
        outlet.offer(save(model, config, codec, progress=progress, about=about), progress)

    watch = Watch(plan, math.inf, on_progress, keep, should_stop)
    if earlier is not None and resume_from is not None:
        watch.best_loss = _resume(earlier, resume_from, outlet, plan)
    _fit(model, corpus, config, codec, plan, watch, n_batch, seed)
    outlet.flush()
    if outlet.best is None:
        raise TrainingRefused(
            f"expected a finite loss, got none in {plan.epochs} epochs; "
            f"lower the learning rate from {config.learning_rate}"
        )
    return TrainingResult(outlet.data, outlet.best, tuple(watch.history), watch.reason, about)


def _codec(config: NetworkConfig, scores: Sequence[Score]) -> Codec:
    if not any(len(score.notes) for score in scores):
        raise TrainingRefused("expected at least one score with notes, got none; add MIDI files to the dataset")
    try:
        return fit_codec(config.codec, scores)
    except (CodecError, KeyError) as error:
        raise TrainingRefused(f"expected scores that the codec {config.codec!r} can say; {error}") from None


def _corpus(scores: Sequence[Score], config: NetworkConfig, codec: Codec, rng: np.random.Generator) -> Corpus:
    try:
        if config.is_every_step:
            corpus = build_corpus(
                scores,
                codec,
                window=config.window,
                held_out=HELD_OUT,
                rng=rng,
                transpositions=config.transpositions,
            )
        else:
            corpus = build_sliding_corpus(scores, codec, window=config.window, held_out=0.0, rng=rng)
    except CodecError as error:
        raise TrainingRefused(f"the scores don't go with this checkpoint's codec: {error}; train a new one") from None
    if len(corpus.train) == 0:
        raise TrainingRefused(
            f"expected scores that fill a window of {config.window} tokens, got {corpus.n_left_out + corpus.n_scores} "
            "scores with too few pitched notes; add longer pieces, or choose a smaller window"
        )
    return corpus


def _network(config: NetworkConfig, codec: Codec, earlier: Checkpoint | None) -> Any:
    model = compiled_network(config, codec)
    if earlier is not None:
        if weight_shapes(earlier.config, earlier.codec) != weight_shapes(config, codec):
            raise TrainingRefused("expected a checkpoint of this configuration, got another's; train a new one")
        model.set_weights(earlier.model.get_weights())
    return model


def compiled_network(config: NetworkConfig, codec: Codec) -> Any:
    """A new network with its loss and optimizer, ready for `fit`."""
    model = build_network(config, codec)
    sizes = field_sizes(codec)
    rate = config.learning_rate
    if config.optimizer == "adam":
        optimizer = keras.optimizers.Adam(rate, global_clipnorm=GRADIENT_NORM, weight_decay=WEIGHT_DECAY)
    else:
        optimizer = keras.optimizers.RMSprop(rate)
    loss = _note_loss(sizes) if config.is_every_step else keras.losses.CategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, jit_compile=False)  # forced XLA is slower on the CPU
    return model


def _note_loss(sizes: tuple[int, ...]) -> Callable[[Any, Any], Any]:
    def nats_a_note(notes: Any, logits: Any) -> Any:
        return sum(field_losses(sizes, notes, logits))

    return nats_a_note


def _resume(earlier: Checkpoint, data: bytes, outlet: _Outlet, plan: Plan) -> float:
    """The loss to beat; the earlier checkpoint stays the best one until then, and is not handed out again."""
    facts = earlier.facts
    outlet.data = data
    outlet.best = Progress(
        epoch=plan.first_epoch,
        epochs=plan.epochs,
        loss=facts.get("loss"),
        held_out_loss=facts.get("held_out_loss"),
        seconds_elapsed=0.0,
        seconds_left=None,
        fraction=0.0,
    )
    judged = outlet.best.held_out_loss if plan.has_held_out else outlet.best.loss
    return math.inf if judged is None else float(judged)


def _fit(
    model: Any,
    corpus: Corpus,
    config: NetworkConfig,
    codec: Codec,
    plan: Plan,
    watch: Watch,
    n_batch: int,
    seed: int,
) -> None:
    if plan.first_epoch >= plan.epochs:
        return
    judged = None
    if len(corpus.held_out):
        judged = batches(corpus.held_out, config, codec, min(n_batch, len(corpus.held_out)), seed=None)
    model.fit(
        batches(corpus.train, config, codec, n_batch, seed=seed).repeat(),
        steps_per_epoch=plan.steps_per_epoch,
        initial_epoch=plan.first_epoch,
        epochs=plan.epochs,
        validation_data=judged,
        callbacks=[watch.callback()],
        shuffle=False,  # the batches are
        verbose=0,
    )


def batches(windows: Any, config: NetworkConfig, codec: Codec, n_batch: int, *, seed: int | None) -> Any:
    """A tf.data set of static shapes, shuffled anew each time round where there is a seed."""
    import tensorflow as tf

    sizes = field_sizes(codec)
    arrays: tuple[Any, Any]
    if config.is_every_step:
        arrays = ((previous_notes(windows, sizes), windows), windows)
    else:
        arrays = (scaled_tokens(windows[:, :-1], sizes[0]), windows[:, -1, 0])
    batches = tf.data.Dataset.from_tensor_slices(arrays).cache()
    if seed is not None:
        batches = batches.shuffle(len(windows), seed=seed, reshuffle_each_iteration=True)
    batches = batches.batch(n_batch, drop_remainder=True)
    if not config.is_every_step:
        batches = batches.map(lambda x, y: (x, tf.one_hot(y, sizes[0])))
    return batches.prefetch(2)
