"""Reads of training runs, checkpoints and samples: a host sees their own."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from antiphon.accounts.models import User
from antiphon.core.errors import NotFound
from antiphon.datasets.models import Dataset
from antiphon.training.models import Checkpoint, Report, Sample, TrainingRun

SAMPLES_MAX = 60


def runs_of(user: User) -> QuerySet[TrainingRun]:
    """A host's runs, newest first, with datasets and checkpoints; three queries."""
    return (
        TrainingRun.objects.filter(owner=user)
        .select_related("resume_point")
        .prefetch_related(
            Prefetch("datasets", Dataset.objects.only("id", "name", "owner_id")),
            Prefetch("checkpoints", _with_report_states(Checkpoint.objects.all())),
        )
    )


def get_run(user: User, run_id: int) -> TrainingRun:
    """One run of this host. Raises NotFound."""
    run = runs_of(user).filter(pk=run_id).first()
    if run is None:
        raise NotFound(f"There is no training run {run_id} of yours.")
    return run


def checkpoints_of(user: User) -> QuerySet[Checkpoint]:
    """A host's checkpoints, newest first, each with its run; one query."""
    return _with_report_states(Checkpoint.objects.filter(run__owner=user).select_related("run"))


def get_checkpoint(user: User, checkpoint_id: int) -> Checkpoint:
    """One checkpoint of this host. Raises NotFound."""
    checkpoint = checkpoints_of(user).filter(pk=checkpoint_id).first()
    if checkpoint is None:
        raise NotFound(f"There is no checkpoint {checkpoint_id} of yours.")
    return checkpoint


def get_report(user: User, checkpoint_id: int) -> dict[str, Any]:
    """The report on a checkpoint of this host. Raises NotFound, with what to do."""
    report = Report.objects.filter(checkpoint=get_checkpoint(user, checkpoint_id)).first()
    if report is None:
        raise NotFound("There is no report on this checkpoint yet. Order one.")
    if report.state == Report.State.FAILED:
        raise NotFound(f"No report could be made: {report.reason}")
    if not report.data:
        raise NotFound("The report on this checkpoint is being made.")
    return dict(report.data)


def samples_of(user: User, checkpoint_id: int | None = None) -> QuerySet[Sample]:
    """A host's last 60 samples, newest first, of one checkpoint or of all; one query."""
    samples = Sample.objects.filter(checkpoint__run__owner=user)
    if checkpoint_id is not None:
        samples = samples.filter(checkpoint_id=checkpoint_id)
    return samples[:SAMPLES_MAX]


def get_sample(user: User, sample_id: int) -> Sample:
    """One sample of this host. Raises NotFound."""
    sample = Sample.objects.filter(checkpoint__run__owner=user, pk=sample_id).select_related("checkpoint__run").first()
    if sample is None:
        raise NotFound(f"There is no sample {sample_id} of yours.")
    return sample


def _with_report_states(checkpoints: QuerySet[Checkpoint]) -> QuerySet[Checkpoint]:
    """Checkpoints that know whether there is a report on them, without loading it."""
    return checkpoints.select_related("report").defer("report__data")
