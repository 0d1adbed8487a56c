"""What looks over a training's shoulder: progress, time left, the learning rate, stopping, the best loss so far."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from generation.fitting.course import Course
from generation.progress import Progress

REPORT_SECONDS = 1.0  # between two reports, and two looks at should_stop
WARM_UP_STEPS = 20
LAST_RATE = 0.05  # of the learning rate, when training ends

StopReason = Literal["finished", "no_improvement", "time", "asked", "diverged"]


@dataclass(frozen=True)
class Plan:
    """How long a training is to last."""

    epochs: int
    steps_per_epoch: int
    terms_per_step: int  # notes or tokens that a step learns from
    started_seconds: float  # of the monotonic clock
    max_seconds: float | None
    reserve_seconds: float  # for what follows the last epoch
    learning_rate: float
    is_decaying: bool
    patience: int  # epochs without improvement; 0 for no end to patience
    is_judged_by_held_out: bool  # or by the training loss, as in the study


@dataclass
class Watch:
    """The state of one training; the loop that trains calls its methods."""

    plan: Plan
    on_progress: Callable[[Progress], None]
    on_better: Callable[[Progress], None]  # the model's weights are the best so far
    should_stop: Callable[[], bool]
    course: Course = field(default_factory=Course)
    clock: Callable[[], float] = time.monotonic
    reason: StopReason | None = None  # to stop; None while there is none
    _loss: float | None = None
    _held_out_loss: float | None = None
    _step_began: float = 0.0
    _steps_timed: int = -1  # the first step also compiles the network, and tells nothing of the others
    _step_seconds: float = 0.0
    _reported: float = -math.inf
    _judging_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """Since training began, its reading of the pieces and earlier processes included."""
        return self.course.seconds + self.clock() - self.plan.started_seconds

    @property
    def fraction(self) -> float:
        """How much of the training is done, by steps or by time, whichever is further; 0 to 1."""
        total = (self.plan.epochs - self.course.first_epoch) * self.plan.steps_per_epoch
        by_steps = self.course.steps / total if total > 0 else 1.0
        by_time = self.seconds / self.plan.max_seconds if self.plan.max_seconds else 0.0
        return min(1.0, max(by_steps, by_time))

    @property
    def seconds_left(self) -> float | None:
        """Until training ends by steps or by time, whichever is sooner; None before it is known."""
        by_time = None if self.plan.max_seconds is None else max(0.0, self.plan.max_seconds - self.seconds)
        if self._steps_timed < 1:
            return by_time
        total = (self.plan.epochs - self.course.first_epoch) * self.plan.steps_per_epoch
        steps_left = max(0, total - self.course.steps)
        judging = steps_left / self.plan.steps_per_epoch * self._judging_seconds
        by_steps = steps_left * self._step_seconds / self._steps_timed + judging
        return by_steps if by_time is None else min(by_time, by_steps)

    @property
    def terms_per_second(self) -> float | None:
        """Loss terms learnt from a second of training steps, judging and the first step not counted."""
        if self._steps_timed < 1 or self._step_seconds <= 0:
            return None
        return self.plan.terms_per_step * self._steps_timed / self._step_seconds

    @property
    def learning_rate(self) -> float:
        """The next step's: a warm-up, then a cosine along what is done."""
        if not self.plan.is_decaying:
            return self.plan.learning_rate
        slope = LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * self.fraction)) / 2
        return self.plan.learning_rate * min(1.0, (self.course.steps + 1) / WARM_UP_STEPS) * slope

    def progress(self) -> Progress:
        """This moment."""
        return Progress(
            epoch=self.course.epoch,
            epochs=self.plan.epochs,
            loss=self._loss,
            held_out_loss=self._held_out_loss,
            seconds_elapsed=round(self.seconds, 3),
            seconds_left=self.seconds_left,
            fraction=self.fraction,
            terms_per_second=self.terms_per_second,
        )

    def begin(self) -> None:
        """Tell of the beginning: compiling the network takes some seconds, in which nothing is heard."""
        if self.course.history:
            self._loss, self._held_out_loss = self.course.history[-1].loss, self.course.history[-1].held_out_loss
        self._end_if_due()
        self._reported = self.clock()
        self.on_progress(self.progress())  # whether to stop is asked after a step, for then there is something to keep

    def report(self, *, is_due: bool = False) -> None:
        """Tell of the progress and ask whether to stop, at most once a second unless it is due."""
        if not is_due and self.clock() - self._reported < REPORT_SECONDS:
            return
        self._reported = self.clock()
        self.on_progress(self.progress())
        if self.should_stop():
            self._stop("asked")

    def before_step(self) -> None:
        """Note the time."""
        self._step_began = self.clock()

    def after_step(self, loss: float) -> None:
        """Count a step with its loss, and stop where time is up."""
        course = self.course
        course.steps, course.step, course.loss_sum = course.steps + 1, course.step + 1, course.loss_sum + loss
        self._steps_timed += 1
        if self._steps_timed > 0:
            self._step_seconds += self.clock() - self._step_began
        self._loss = _finite(course.loss_sum / course.step)
        if self._loss is None:
            self._stop("diverged")
        limit = self.plan.max_seconds
        # One judging of the held-out music is still to come, about as long as the last.
        if limit is not None and self.seconds + self._judging_seconds * 1.2 + self.plan.reserve_seconds >= limit:
            self._stop("time")
        self.report()

    def after_judging(self, seconds: float) -> None:
        """Note how long judging took."""
        self._judging_seconds = seconds

    def after_epoch(self, held_out_loss: float | None) -> None:
        """Note the epoch's losses, keep the weights if they are better, and stop where nothing gets better."""
        course = self.course
        course.epoch, course.step, course.loss_sum = course.epoch + 1, 0, 0.0
        self._held_out_loss = None if held_out_loss is None else _finite(held_out_loss)
        course.history.append(self.progress())
        judged = self._held_out_loss if self.plan.is_judged_by_held_out else self._loss
        course.since_better += 1
        if judged is not None and (course.best_loss is None or judged < course.best_loss):
            course.best_loss, course.since_better = judged, 0
            self.on_better(self.progress())
        self._end_if_due()
        self.report(is_due=True)

    def _end_if_due(self) -> None:
        if self.course.epoch >= self.plan.epochs:
            self._stop("finished")
        elif self.plan.patience and self.course.since_better >= self.plan.patience:
            self._stop("no_improvement")

    def _stop(self, reason: StopReason) -> None:
        self.reason = self.reason or reason


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
