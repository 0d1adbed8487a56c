"""Training a network on pieces: checkpoint on improvement, stop, resume."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from generation.checkpoint import Checkpoint, load, save
from generation.codecs import Codec, CodecError, ExpressiveCodec
from generation.copies.passages import Passages
from generation.corpus import Corpus, build_corpus, fit_codec, is_sliding
from generation.corpus.batches import Feed
from generation.corpus.small import dropout_for, most_epochs
from generation.fitting.course import Course
from generation.fitting.judging import nats_by_field
from generation.fitting.loop import Hooks, compiled_network, fit, make_repeatable
from generation.fitting.state import StateRefused, TrainingState, is_state, read_state, restore, save_state
from generation.fitting.watch import Plan, StopReason, Watch
from generation.network import weight_shapes
from generation.pieces import Piece
from generation.presets import NetworkConfig
from generation.progress import Progress

__all__ = ["Progress", "StateRefused", "TrainingRefused", "TrainingResult", "train"]

HELD_OUT = 0.1  # of the pieces, but for the study's networks
PATIENCE_EPOCHS = 6
STATE_SECONDS = 30.0  # likewise between two states
RESERVE_SECONDS = 2.0  # for the last checkpoint and what the caller does with it


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
    about: dict[str, Any]  # the corpus in numbers and names, as in the checkpoint's facts


@dataclass
class _Outlet:
    """Hands files out, not more often than every few seconds, and never misses the last."""

    on_file: Callable[[bytes, Progress], None]
    pause_seconds: float
    data: bytes = b""
    progress: Progress | None = None
    is_handed_out: bool = True
    handed_out_seconds: float = field(default=-math.inf)

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self.handed_out_seconds >= self.pause_seconds

    def offer(self, data: bytes, progress: Progress) -> None:
        self.data, self.progress, self.is_handed_out = data, progress, False
        if self.is_due:
            self.flush()

    def flush(self) -> None:
        if not self.is_handed_out and self.progress is not None:
            self.on_file(self.data, self.progress)
            self.is_handed_out, self.handed_out_seconds = True, time.monotonic()


def train(
    pieces: Sequence[Piece],
    config: NetworkConfig,
    *,
    seed: int,
    on_progress: Callable[[Progress], None],
    on_checkpoint: Callable[[bytes, Progress], None],
    on_state: Callable[[bytes, Progress], None] | None = None,
    should_stop: Callable[[], bool],
    resume_from: bytes | None = None,
    held_out: float | None = None,
    checkpoint_pause_seconds: float = 0.0,
) -> TrainingResult:
    """Train a network on pieces, and hand out a checkpoint at each improvement.

    `on_progress` is called at each epoch's end and about every second between. `on_checkpoint` gets the best weights'
    file at an improvement of the held-out loss (of the training loss, for the study's networks and where nothing is
    held out), at most one in `checkpoint_pause_seconds` but always the last; `on_state` a file to go on from at an
    epoch's end, at most every 30 seconds, and when training ends, also in the midst of an epoch. Training ends after
    `config.epochs`, when `should_stop()` says so, when nothing gets better, or before `config.max_seconds` have
    passed, evaluation included.

    `resume_from` a state goes on as if nothing had happened, bit for bit on the same device where no time limit steers
    the learning rate; from a checkpoint, with its weights, codec and epoch only. `held_out` is the share of the pieces
    to be judged by, a tenth where None is given, and none for the study's networks. Raises TrainingRefused, and
    CheckpointRefused (StateRefused is one) for `resume_from`.
    """
    started = time.monotonic()
    state = read_state(resume_from, config) if resume_from is not None and is_state(resume_from) else None
    earlier = load(resume_from) if resume_from is not None and state is None else None
    seed = state.seed if state else seed
    make_repeatable(seed)
    known = state or earlier
    codec = known.codec if known else _codec(config, pieces)
    corpus = _corpus(pieces, config, codec, seed, held_out)
    feed = Feed(corpus.train, config, codec, seed)
    run = _Run(config, codec, corpus, feed, seed, _Outlet(on_checkpoint, checkpoint_pause_seconds))
    if config.is_every_step and config.codec == ExpressiveCodec.name:
        run.passages = Passages.of([piece for piece in pieces if piece.name in set(corpus.train.names)])
    if on_state is not None:
        run.states = _Outlet(on_state, STATE_SECONDS, handed_out_seconds=started)
    run.watch = Watch(run.plan(started), on_progress, run.keep, should_stop)
    if state is not None:
        run.resume_state(state)
    elif earlier is not None and resume_from is not None:
        run.resume_checkpoint(earlier, resume_from)
    fit(run.model, feed, run.watch, Hooks(run.judge, run.keep_state))
    return run.result()


class _Run:
    """One training: its network, what it is judged by, and what it hands out."""

    watch: Watch
    states: _Outlet | None = None
    passages: Passages | None = None  # that no sample may have in common with the pieces

    def __init__(
        self, config: NetworkConfig, codec: Codec, corpus: Corpus, feed: Feed, seed: int, checkpoints: _Outlet
    ) -> None:
        self.config, self.codec, self.seed, self.feed, self.checkpoints = config, codec, seed, feed, checkpoints
        learning, self.n_epochs = config, config.epochs
        if config.learns_every_note:  # the study's networks learn as they did
            learning = config.with_changes(dropout=dropout_for(config, corpus.n_notes))
            self.n_epochs = most_epochs(config, feed, codec)
        self.model = compiled_network(learning, codec)
        self.digest = corpus.digest()
        self.judged, self.judged_starts = corpus.held_out.rows(), corpus.held_out.row_starts()
        self.about = _about(corpus, seed, feed.n_examples)
        self.earlier_history: list[Any] = []

    def plan(self, started_seconds: float) -> Plan:
        is_study = is_sliding(self.config)
        terms_per_row = self.config.window if self.config.learns_every_note else 1
        return Plan(
            epochs=self.n_epochs,
            steps_per_epoch=self.feed.steps_per_epoch,
            terms_per_step=self.feed.n_batch * terms_per_row,
            started_seconds=started_seconds,
            max_seconds=self.config.max_seconds,
            reserve_seconds=min(RESERVE_SECONDS, 0.1 * (self.config.max_seconds or 0)),
            learning_rate=self.config.learning_rate,
            is_decaying=not is_study,
            patience=0 if is_study or not len(self.judged) else PATIENCE_EPOCHS,
            is_judged_by_held_out=not is_study and len(self.judged) > 0,
        )

    def judge(self) -> float | None:
        if not len(self.judged) or self.watch.reason == "diverged":
            return None
        nats = nats_by_field(
            self.model,
            self.judged,
            self.config,
            self.codec,
            n_batch=self.feed.n_batch,
            starts=self.judged_starts,
            on_batch=self.watch.report,
        )
        return float(nats.sum())

    def keep(self, progress: Progress) -> None:
        """The weights are the best so far."""
        losses = [[row.epoch, row.loss, row.held_out_loss] for row in self.watch.course.history]
        about = {**self.about, "history": [*self.earlier_history, *losses]}
        data = save(self.model, self.config, self.codec, progress=progress, about=about, passages=self.passages)
        self.checkpoints.offer(data, progress)

    def keep_state(self, is_last: bool) -> None:
        """Hand out the training's state where it is due; the best checkpoint in it has been handed out before."""
        if self.states is None or self.watch.reason == "diverged" or not (is_last or self.states.is_due):
            return
        self.checkpoints.flush()
        data = save_state(
            self.model,
            self.config,
            self.codec,
            seed=self.seed,
            corpus=self.digest,
            course=replace(self.watch.course, seconds=self.watch.seconds),
            best=self.checkpoints.data,
        )
        self.states.offer(data, self.watch.progress())
        self.states.flush()

    def resume_state(self, state: TrainingState) -> None:
        if state.corpus != self.digest:
            raise StateRefused("expected a state of a training on these pieces, got others'; go on from its checkpoint")
        if state.course.step > self.feed.steps_per_epoch:
            raise StateRefused("expected a state within an epoch, got one beyond; go on from its checkpoint")
        restore(state, self.model)
        self.watch.course = state.course
        if state.course.since_better >= PATIENCE_EPOCHS:
            state.course.since_better = 0  # it had ended for want of improvement, and is asked to try again
        if state.best:
            best = load(state.best)  # refuses what is damaged
            self.checkpoints.data, self.checkpoints.progress = state.best, _progress_of(best.facts, self.n_epochs)

    def resume_checkpoint(self, earlier: Checkpoint, data: bytes) -> None:
        """The earlier checkpoint stays the best one until it is beaten, and is not handed out again."""
        if weight_shapes(earlier.config, earlier.codec) != weight_shapes(self.config, self.codec):
            raise TrainingRefused("expected a checkpoint of this configuration, got another's; train a new one")
        self.model.set_weights(earlier.model.get_weights())
        best = _progress_of(earlier.facts, self.n_epochs)
        self.checkpoints.data, self.checkpoints.progress = data, best
        judged = best.held_out_loss if self.watch.plan.is_judged_by_held_out else best.loss
        self.watch.course = Course(first_epoch=best.epoch, epoch=best.epoch, best_loss=judged)
        history = earlier.facts.get("history")
        self.earlier_history = history if isinstance(history, list) else []

    def result(self) -> TrainingResult:
        self.checkpoints.flush()
        best, reason = self.checkpoints.progress, self.watch.reason
        if best is None or reason is None:
            raise TrainingRefused(
                f"expected a finite loss, got none in {self.watch.course.epoch} epochs; "
                f"lower the learning rate from {self.config.learning_rate}"
            )
        return TrainingResult(self.checkpoints.data, best, tuple(self.watch.course.history), reason, self.about)


def _codec(config: NetworkConfig, pieces: Sequence[Piece]) -> Codec:
    if not any(len(piece.score.notes) for piece in pieces):
        raise TrainingRefused(
            f"expected at least one piece with notes, got none among {len(pieces)}; add MIDI files to the dataset"
        )
    try:
        # The paper's preset keeps what the study's code did, its faults included; the others are put right.
        is_papers = config.architecture == "last_step"
        return fit_codec(config.codec, pieces, transpositions=config.transpositions, literal=is_papers)
    except (CodecError, KeyError) as error:
        raise TrainingRefused(f"expected pieces that the codec {config.codec!r} can say; {error}") from None


def _corpus(pieces: Sequence[Piece], config: NetworkConfig, codec: Codec, seed: int, held_out: float | None) -> Corpus:
    """The corpus to train on. Raises TrainingRefused where it is too small, with how much it would need."""
    share = held_out if held_out is not None else 0.0 if is_sliding(config) else HELD_OUT
    try:
        corpus = build_corpus(pieces, codec, config, held_out=share, rng=np.random.default_rng(seed))
    except CodecError as error:
        raise TrainingRefused(f"the pieces don't go with this checkpoint's codec: {error}; train a new one") from None
    needed = config.window + (not config.learns_every_note)
    if corpus.n_notes < needed or len(corpus.train.examples.pieces) == 0:
        kind = "notes" if config.codec == "expressive" else "notes and chords"
        reasons = "".join(f"; {piece.name}: {piece.reason}" for piece in corpus.left_out[:3])
        raise TrainingRefused(
            f"expected at least {needed} {kind} for windows of {needed}, got {corpus.n_notes} in {len(pieces)} pieces; "
            f"add more or longer pieces{reasons}"
        )
    return corpus


def _about(corpus: Corpus, seed: int, n_examples: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "n_scores": len(corpus.train.names),
        "n_held_out": len(corpus.held_out.names),
        "n_left_out": len(corpus.left_out),
        "held_out": list(corpus.held_out.names),
        "left_out": [piece.name for piece in corpus.left_out],
        "left_out_because": [piece.reason for piece in corpus.left_out],
        "n_notes": corpus.n_notes,
        "n_windows": n_examples,
    }


def _progress_of(facts: dict[str, Any], epochs: int) -> Progress:
    """The moment when a checkpoint was saved, as far as its facts say."""
    numbers = {name: facts.get(name) for name in ("loss", "held_out_loss", "seconds_elapsed", "fraction")}
    said = {name: float(value) if isinstance(value, int | float) else None for name, value in numbers.items()}
    epoch = facts.get("epoch")
    return Progress(
        epoch=epoch if isinstance(epoch, int) else 0,
        epochs=epochs,
        loss=said["loss"],
        held_out_loss=said["held_out_loss"],
        seconds_elapsed=said["seconds_elapsed"] or 0.0,
        seconds_left=None,
        fraction=said["fraction"] or 0.0,
    )
