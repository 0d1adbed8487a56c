"""What `train` and `sample` jobs mean."""

from typing import BinaryIO

from antiphon.core.errors import NotFound
from antiphon.core.jobs import Handler, Kind, Payload, register
from antiphon.training import drawing, reports
from antiphon.training.archive import pack_run
from antiphon.training.models import TrainingRun

CHECKPOINT = "checkpoint"


def train_specification(payload: Payload) -> Payload:
    """What a node is told of a run. Raises NotFound where it was deleted."""
    run = TrainingRun.objects.filter(pk=payload["run_id"]).first()
    if run is None:
        raise NotFound("This training run was deleted.")
    return {"config": run.config, "seed": run.seed, "name": run.name}


def train_received(payload: Payload, name: str, file: BinaryIO, facts: Payload) -> Payload:
    """A checkpoint has come. Raises NotFound for anything else."""
    if name != CHECKPOINT:
        raise NotFound(f"Expected an artefact named {CHECKPOINT}; got {name!r}.")
    return reports.checkpoint_received(payload["run_id"], file, facts)


def register_jobs() -> None:
    """Say that this app answers for `train` and `sample`."""
    register(
        Kind.TRAIN,
        Handler(
            specification=train_specification,
            archive=lambda payload: pack_run(payload["run_id"]),
            resume=lambda payload: reports.latest_checkpoint(payload["run_id"]),
            started=lambda payload: reports.run_started(payload["run_id"]),
            progressed=lambda payload, progress: reports.run_progressed(payload["run_id"], progress),
            received=train_received,
            finished=lambda payload, result: reports.run_finished(payload["run_id"], result),
            failed=lambda payload, reason: reports.run_failed(payload["run_id"], reason),
            cancelled=lambda payload: reports.run_cancelled(payload["run_id"]),
        ),
    )
    register(
        Kind.SAMPLE,
        Handler(
            specification=drawing.sample_specification,
            archive=drawing.sample_archive,
            finished=drawing.samples_drawn,
            failed=drawing.samples_failed,
            cancelled=drawing.samples_cancelled,
        ),
    )
