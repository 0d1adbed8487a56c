"""What a node reports of a training run: that it began, how it goes, a better checkpoint, how it ended."""

import time
from functools import partial
from typing import BinaryIO

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from pydantic import Field

from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.errors import NotFound
from antiphon.core.events import TrainingChanged, TrainingProgressed
from antiphon.core.jobs import Payload
from antiphon.training import checkpoint_reports
from antiphon.training.models import Checkpoint, LossPoint, TrainingRun
from antiphon.training.received import Received, digest, parsed
from antiphon.training.resuming import epoch_to_resume

TELL_SECONDS = 0.4  # between two events of one run
LOSSES_MAX = 2_000  # in one report
NAMES_KEPT = 2_000  # of pieces, on each side
KEPT_LATEST = 5
TOLD_AT = "told_at"  # kept beside the progress, for nobody else


class Loss(Received):
    """The loss after one epoch."""

    epoch: int = Field(ge=0, le=10_000_000)
    loss: float
    held_out_loss: float | None = None
    seconds: float = Field(ge=0)


class Progress(Received):
    """How far a run is; `losses` holds the epochs that ended since the last report."""

    fraction: float = Field(ge=0, le=1)
    epoch: int = Field(ge=0)
    epochs: int = Field(ge=0)
    loss: float | None = None
    held_out_loss: float | None = None
    seconds_elapsed: float = Field(ge=0)
    seconds_left: float | None = None
    terms_per_second: float | None = None
    losses: list[Loss] = Field(default=[], max_length=LOSSES_MAX)


class Corpus(Received):
    """What a node made of the run's pieces: how many it learns from, is judged by, and can do nothing with."""

    n_scores: int = Field(ge=0)
    n_held_out: int = Field(default=0, ge=0)
    n_left_out: int = Field(default=0, ge=0)
    held_out: list[str] = []
    left_out: list[str] = []
    left_out_because: list[str] = []  # for each one left out

    def to_json(self) -> Payload:
        """Plain values, with as many names as can be useful."""
        return {
            key: value[:NAMES_KEPT] if isinstance(value, list) else value for key, value in self.model_dump().items()
        }


class CheckpointFacts(Received):
    """What a node says of a checkpoint."""

    epoch: int = Field(ge=0)
    loss: float
    held_out_loss: float | None = None
    corpus: Corpus | None = None


def run_started(run_id: int) -> None:
    """A node has begun, or goes on with, a run. What an earlier attempt reached beyond that point will come again."""
    run = _run(run_id)
    if run is not None:
        run.losses.filter(epoch__gt=epoch_to_resume(run)).delete()
        _change(run, TrainingRun.State.RUNNING)


def run_progressed(run_id: int, report: Payload) -> None:
    """Keep how far a run is, with the loss of every epoch. Raises Invalid."""
    progress = parsed(Progress, report)
    run = _run(run_id)
    if run is None:
        return
    told_at = run.progress.get(TOLD_AT, 0.0)
    is_news = time.time() - told_at >= TELL_SECONDS or progress.fraction >= 1
    run.progress = {
        **progress.model_dump(exclude={"losses"}),
        TOLD_AT: time.time() if is_news else told_at,
    }
    run.save(update_fields=["progress"])
    LossPoint.objects.bulk_create(
        [LossPoint(run=run, **loss.model_dump()) for loss in {loss.epoch: loss for loss in progress.losses}.values()],
        update_conflicts=True,
        unique_fields=["run", "epoch"],
        update_fields=["loss", "held_out_loss", "seconds"],
    )
    if is_news:
        event = TrainingProgressed(
            run=run.pk, state=run.state, **progress.model_dump(exclude={"losses", "seconds_elapsed"})
        )
        broadcast(host_group(run.owner_id), event)


def checkpoint_received(run_id: int, file: BinaryIO, facts: Payload) -> Payload:
    """Keep a checkpoint, once however often it comes, and thin out older ones. Raises NotFound, Invalid."""
    said = parsed(CheckpointFacts, facts)
    run = TrainingRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound("This training run was deleted.")
    sha256, n_bytes = digest(file)
    checkpoint = run.checkpoints.filter(sha256=sha256).first()
    if checkpoint is None:
        checkpoint = Checkpoint(run=run, sha256=sha256, n_bytes=n_bytes, **said.model_dump(exclude={"corpus"}))
        checkpoint.file.save("checkpoint", File(file), save=False)
        checkpoint.save()
        if said.corpus is not None:
            run.corpus = said.corpus.to_json()
            run.save(update_fields=["corpus"])
        _thin_out(run)
        broadcast(host_group(run.owner_id), TrainingChanged(run=run.pk, state=run.state))
    return {"checkpoint": checkpoint.pk, "sha256": sha256}


def checkpoint_bytes(checkpoint: Checkpoint) -> bytes:
    """The file of a checkpoint. Raises OSError where it is gone."""
    with checkpoint.file.open("rb") as stream:
        return bytes(stream.read())


def run_finished(run_id: int, result: Payload) -> None:
    """A run has ended, by itself or because it was asked to stop."""
    run = _run(run_id)
    if run is None:
        return
    run.ended_by = str(result.get("ended_by", ""))[:20]
    if result.get("is_stopped"):
        _change(run, TrainingRun.State.STOPPED)
    elif run.checkpoints.exists():
        _change(run, TrainingRun.State.FINISHED)
    else:
        _change(run, TrainingRun.State.FAILED, "It ended without a checkpoint: its loss never was a number.")
    best = best_checkpoint(run)
    if best is not None:
        checkpoint_reports.order_report(checkpoint=best)


def run_failed(run_id: int, reason: str) -> None:
    """A run was given up."""
    run = _run(run_id)
    if run is not None:
        _change(run, TrainingRun.State.FAILED, reason)


def run_cancelled(run_id: int) -> None:
    """A run was stopped where no node could end it properly."""
    run = _run(run_id)
    if run is not None:
        _change(run, TrainingRun.State.STOPPED)


def _run(run_id: int) -> TrainingRun | None:
    return TrainingRun.objects.select_for_update().filter(pk=run_id).first()


def _change(run: TrainingRun, state: TrainingRun.State, reason: str = "") -> None:
    run.state = state
    run.reason = reason
    run.finished_at = None if state == TrainingRun.State.RUNNING else timezone.now()
    if state == TrainingRun.State.FINISHED:
        run.progress = {**run.progress, "fraction": 1.0, "seconds_left": 0.0}
    run.save(update_fields=["state", "reason", "finished_at", "progress", "ended_by"])
    broadcast(host_group(run.owner_id), TrainingChanged(run=run.pk, state=state.value))


def best_checkpoint(run: TrainingRun) -> Checkpoint | None:
    """The checkpoint of the lowest loss on what was held out (on what was learned, where nothing was)."""
    found = list(run.checkpoints.order_by("-pk"))
    return min(found, key=lambda one: one.loss if one.held_out_loss is None else one.held_out_loss, default=None)


def _thin_out(run: TrainingRun) -> None:
    """Keep the latest checkpoints, the best, and those that samples were drawn from."""
    best = best_checkpoint(run)
    for checkpoint in run.checkpoints.order_by("-pk")[KEPT_LATEST:]:
        if checkpoint != best and not checkpoint.is_kept:
            transaction.on_commit(partial(checkpoint.file.storage.delete, str(checkpoint.file.name)))
            checkpoint.delete()
