"""What `train`, `report`, `sample`, `rewrite`, `likelihood` and `memorise` jobs mean."""

from typing import BinaryIO

from antiphon.core.errors import NotFound
from antiphon.core.jobs import Handler, Kind, Payload, register
from antiphon.training import checkpoint_reports, drawing, likelihoods, memorisation, reports, resuming, rewriting
from antiphon.training.archive import pack_run
from antiphon.training.borrowing import checkpoint_archive
from antiphon.training.models import TrainingRun
from antiphon.training.resuming import CHECKPOINT, STATE


def train_specification(payload: Payload) -> Payload:
    """What a node is told of a run. Raises NotFound where it was deleted."""
    run = TrainingRun.objects.filter(pk=payload["run_id"]).first()
    if run is None:
        raise NotFound("This training run was deleted.")
    return {"config": run.config, "seed": run.seed, "name": run.name}


def train_received(payload: Payload, name: str, file: BinaryIO, facts: Payload) -> Payload:
    """A checkpoint has come, or a state to go on from. Raises NotFound for anything else."""
    if name == CHECKPOINT:
        return reports.checkpoint_received(payload["run_id"], file, facts)
    if name == STATE:
        return resuming.state_received(payload["run_id"], file, facts)
    raise NotFound(f"Expected an artefact named {CHECKPOINT} or {STATE}; got {name!r}.")


def register_jobs() -> None:
    """Say that this app answers for these kinds."""
    register(
        Kind.TRAIN,
        Handler(
            specification=train_specification,
            archive=lambda payload: pack_run(payload["run_id"]),
            resume=lambda payload, name: resuming.open_latest(payload["run_id"], name),
            started=lambda payload: reports.run_started(payload["run_id"]),
            progressed=lambda payload, progress: reports.run_progressed(payload["run_id"], progress),
            received=train_received,
            finished=lambda payload, result: reports.run_finished(payload["run_id"], result),
            failed=lambda payload, reason: reports.run_failed(payload["run_id"], reason),
            cancelled=lambda payload: reports.run_cancelled(payload["run_id"]),
        ),
    )
    register(
        Kind.REPORT,
        Handler(
            specification=checkpoint_reports.report_specification,
            archive=checkpoint_reports.report_archive,
            finished=checkpoint_reports.report_made,
            failed=checkpoint_reports.report_failed,
            cancelled=checkpoint_reports.report_cancelled,
        ),
    )
    register(Kind.MEMORISE, Handler(run=memorisation.memorise))
    memorisation.on_memorise(memorisation.SAMPLES, memorisation.compare_samples)
    register(
        Kind.SAMPLE,
        Handler(
            specification=drawing.sample_specification,
            archive=checkpoint_archive,
            finished=drawing.samples_drawn,
            failed=drawing.samples_failed,
            cancelled=drawing.samples_cancelled,
        ),
    )
    register(
        Kind.REWRITE,
        Handler(
            specification=rewriting.rewrite_specification,
            archive=checkpoint_archive,
            finished=rewriting.bars_rewritten,
        ),
    )
    register(
        Kind.LIKELIHOOD,
        Handler(
            specification=likelihoods.likelihood_specification,
            archive=checkpoint_archive,
            finished=likelihoods.scores_judged,
            failed=likelihoods.judging_failed,
            cancelled=likelihoods.judging_failed,
        ),
    )
