"""What looks over a fit's shoulder: progress, time left, the learning rate, stopping, the best weights so far."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import keras

from generation.progress import Progress

REPORT_SECONDS = 1.0  # between two reports, and two looks at should_stop
WARM_UP_STEPS = 20
LAST_RATE = 0.05  # of the learning rate, when training ends

StopReason = Literal["finished", "no_improvement", "time", "asked", "diverged"]


@dataclass
class Plan:
    """How long a fit is to last."""

    epochs: int
    first_epoch: int
    steps_per_epoch: int
    started_seconds: float  # of the monotonic clock
    max_seconds: float | None
    reserve_seconds: float  # for what follows the last epoch
    learning_rate: float
    is_decaying: bool
    patience: int  # epochs without improvement; 0 for no end to patience
    has_held_out: bool


@dataclass
class Watch:
    """The state of one fit; its methods are the fit's hooks (see `callback`)."""

    plan: Plan
    best_loss: float
    on_progress: Callable[[Progress], None]
    on_better: Callable[[Progress], None]  # the model's weights are the best so far
    should_stop: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    reason: StopReason = "finished"
    history: list[Progress] = field(default_factory=list)  # one an epoch
    _model: Any = None
    _steps: int = 0
    _epoch: int = 0
    _loss: float | None = None
    _held_out_loss: float | None = None
    _first_step_end: float | None = None
    _reported: float = -math.inf
    _since_better: int = 0
    _judging_seconds: float = 0.0
    _judging_since: float | None = None

    def callback(self) -> Any:
        """The keras callback that calls this watch."""
        watch = self

        class _Callback(keras.callbacks.Callback):  # type: ignore[misc]
            def on_train_begin(self, logs: Any = None) -> None:
                watch._model = self.model
                watch._epoch = watch.plan.first_epoch
                watch.report(is_due=True)  # compiling the network takes some seconds, in which nothing is heard

            def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
                watch.before_step()

            def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
                watch.after_step(logs or {})

            def on_test_begin(self, logs: Any = None) -> None:
                watch._judging_since = watch.clock()

            def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
                watch.report()

            def on_test_end(self, logs: Any = None) -> None:
                watch._judging_seconds = watch.clock() - (watch._judging_since or watch.clock())

            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                watch.after_epoch(logs or {})

        return _Callback()

    @property
    def seconds(self) -> float:
        """Since training began, its reading of the scores included."""
        return self.clock() - self.plan.started_seconds

    @property
    def fraction(self) -> float:
        """How much of the training is done, by steps or by time, whichever is further; 0 to 1."""
        total = (self.plan.epochs - self.plan.first_epoch) * self.plan.steps_per_epoch
        by_steps = self._steps / total if total else 1.0
        by_time = self.seconds / self.plan.max_seconds if self.plan.max_seconds else 0.0
        return min(1.0, max(by_steps, by_time))

    @property
    def seconds_left(self) -> float | None:
        """Until training ends by steps or by time, whichever is sooner; None before it is known."""
        by_time = None if self.plan.max_seconds is None else max(0.0, self.plan.max_seconds - self.seconds)
        if self._first_step_end is None or self._steps < 2:
            return by_time
        epochs_left = self.plan.epochs - self.plan.first_epoch - self._steps / self.plan.steps_per_epoch
        # The first step also compiled the network, and tells nothing of the others; judging is counted in as it comes.
        per_step = (self.clock() - self._first_step_end) / (self._steps - 1)
        by_steps = max(0.0, epochs_left) * self.plan.steps_per_epoch * per_step
        return by_steps if by_time is None else min(by_time, by_steps)

    def progress(self) -> Progress:
        """This moment."""
        return Progress(
            epoch=self._epoch,
            epochs=self.plan.epochs,
            loss=self._loss,
            held_out_loss=self._held_out_loss,
            seconds_elapsed=round(self.seconds, 3),
            seconds_left=self.seconds_left,
            fraction=self.fraction,
        )

    def report(self, *, is_due: bool = False) -> None:
        """Tell of the progress and ask whether to stop, at most once a second unless it is due."""
        if not is_due and self.clock() - self._reported < REPORT_SECONDS:
            return
        self._reported = self.clock()
        self.on_progress(self.progress())
        if self.should_stop():
            self._stop("asked")

    def before_step(self) -> None:
        """Set the learning rate: a warm-up, then a cosine along what is done."""
        if self.plan.is_decaying:
            slope = LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * self.fraction)) / 2
            rate = min(1.0, (self._steps + 1) / WARM_UP_STEPS) * slope
            self._model.optimizer.learning_rate = self.plan.learning_rate * rate

    def after_step(self, logs: dict[str, Any]) -> None:
        """Count a step, and stop where time is up."""
        self._steps += 1
        if self._first_step_end is None:
            self._first_step_end = self.clock()
        self._loss = _finite(logs.get("loss"))
        if self._loss is None:
            self._stop("diverged")
        limit = self.plan.max_seconds
        # One judging of the held-out windows is still to come, about as long as the last.
        if limit is not None and self.seconds + self._judging_seconds * 1.2 + self.plan.reserve_seconds >= limit:
            self._stop("time")
        self.report()

    def after_epoch(self, logs: dict[str, Any]) -> None:
        """Note the epoch's losses, keep the weights if they are better, and stop where nothing gets better."""
        self._epoch += 1
        self._loss, self._held_out_loss = _finite(logs.get("loss")), _finite(logs.get("val_loss"))
        self.history.append(self.progress())
        judged = self._held_out_loss if self.plan.has_held_out else self._loss
        self._since_better += 1
        if judged is not None and judged < self.best_loss:
            self.best_loss, self._since_better = judged, 0
            self.on_better(self.progress())
        if self.plan.patience and self._since_better >= self.plan.patience:
            self._stop("no_improvement")
        self.report(is_due=True)

    def _stop(self, reason: StopReason) -> None:
        if not self._model.stop_training:
            self.reason = reason
            self._model.stop_training = True


def _finite(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(float(value)) else None
