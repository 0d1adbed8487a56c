"""Where a run can go on: the last training state of a node, or else the last checkpoint."""

from functools import partial
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db import transaction

from antiphon.core.errors import NotFound
from antiphon.core.jobs import Payload
from antiphon.training.models import Checkpoint, ResumePoint, TrainingRun
from antiphon.training.received import Received, digest, parsed

STATE = "state"
CHECKPOINT = "checkpoint"


class StateFacts(Received):
    """What a node says of a training state."""

    epoch: int


def state_received(run_id: int, file: BinaryIO, facts: Payload) -> Payload:
    """Keep a training state in place of the one before. Raises NotFound, Invalid."""
    said = parsed(StateFacts, facts)
    run = TrainingRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound("This training run was deleted.")
    sha256, n_bytes = digest(file)
    point = ResumePoint.objects.filter(run=run).first() or ResumePoint(run=run)
    if point.sha256 != sha256:
        _forget_file(point)
        point.sha256, point.n_bytes, point.epoch = sha256, n_bytes, said.epoch
        point.file.save("state", File(file), save=False)
        point.save()
    return {"sha256": sha256}


def open_latest(run_id: int, name: str) -> BinaryIO | None:
    """The last training state of a run as an open file, or with the name `checkpoint` its last checkpoint."""
    found: ResumePoint | Checkpoint | None
    if name == CHECKPOINT:
        found = Checkpoint.objects.filter(run_id=run_id).order_by("-pk").first()
    else:
        found = ResumePoint.objects.filter(run_id=run_id).first()
    try:
        return cast(BinaryIO, found.file.open("rb")) if found else None
    except OSError:
        return None  # lost from the store: what else there is will do


def epoch_to_resume(run: TrainingRun) -> int:
    """The epochs that are behind a run when it goes on; 0 where it begins anew."""
    point = ResumePoint.objects.filter(run=run).first() or run.checkpoints.order_by("-pk").first()
    return point.epoch if point else 0


def forget_state(run: TrainingRun) -> None:
    """Delete a run's training state, with its file once the open transaction commits."""
    for point in ResumePoint.objects.filter(run=run):
        _forget_file(point)
        point.delete()


def _forget_file(point: ResumePoint) -> None:
    if point.file:
        transaction.on_commit(partial(point.file.storage.delete, str(point.file.name)))
