"""Reports on checkpoints: ordered when a run has ended or a host asks, made by a node, kept with the checkpoint."""

import io
import json
import zipfile

from django.db import transaction

from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.enqueue import enqueue
from antiphon.core.errors import Invalid, NotFound
from antiphon.core.events import TrainingChanged
from antiphon.core.jobs import Kind, Payload
from antiphon.training.archive import pack_run
from antiphon.training.models import Checkpoint, Report

REPORT_MAX_BYTES = 8 * 1024 * 1024
REASON_MAX = 500
CANCELLED = "The report was cancelled."


@transaction.atomic
def order_report(*, checkpoint: Checkpoint) -> Report:
    """Order a report on a checkpoint, unless one is being made; an earlier one is replaced when the new one comes."""
    report = Report.objects.select_for_update().filter(checkpoint=checkpoint).first() or Report(checkpoint=checkpoint)
    if report.pk is not None and report.state == Report.State.ORDERED:
        return report
    report.state, report.reason = Report.State.ORDERED, ""
    report.job_id = enqueue(Kind.REPORT, owner_id=checkpoint.run.owner_id, checkpoint_id=checkpoint.pk)
    report.save()
    _tell(checkpoint)
    return report


def report_specification(payload: Payload) -> Payload:
    """What a node is told. Raises NotFound where the checkpoint was deleted."""
    run = _checkpoint(payload).run
    return {"name": run.name, "seed": run.seed}


def report_archive(payload: Payload) -> bytes:
    """The checkpoint, and the pieces of its run, in one zip. Raises NotFound."""
    checkpoint = _checkpoint(payload)
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive, checkpoint.file.open("rb") as stream:
            archive.writestr(zipfile.ZipInfo("checkpoint"), stream.read())
            archive.writestr(zipfile.ZipInfo("pieces.zip"), pack_run(checkpoint.run_id))
    except OSError as error:
        raise NotFound("The file of this checkpoint is gone from the store.") from error
    return buffer.getvalue()


def report_made(payload: Payload, result: Payload) -> None:
    """Keep a report. Raises Invalid where it is none."""
    data = result.get("report")
    if not isinstance(data, dict) or not data:
        raise Invalid("Expected `report`, an object that holds something.")
    n_bytes = len(json.dumps(data))
    if n_bytes > REPORT_MAX_BYTES:
        raise Invalid(f"Expected a report of at most {REPORT_MAX_BYTES:,} bytes; got {n_bytes:,}.")
    _end(payload, state=Report.State.READY, data=data)


def report_failed(payload: Payload, reason: str) -> None:
    """Say why there is no report. The run and its checkpoints are as they were."""
    _end(payload, state=Report.State.FAILED, reason=reason[:REASON_MAX])


def report_cancelled(payload: Payload) -> None:
    """The same, where the job was cancelled."""
    report_failed(payload, CANCELLED)


def _end(payload: Payload, **changes: object) -> None:
    checkpoint = Checkpoint.objects.select_related("run").filter(pk=payload["checkpoint_id"]).first()
    if checkpoint is not None:
        Report.objects.filter(checkpoint=checkpoint).update(**changes)
        _tell(checkpoint)


def _checkpoint(payload: Payload) -> Checkpoint:
    checkpoint = Checkpoint.objects.select_related("run").filter(pk=payload["checkpoint_id"]).first()
    if checkpoint is None:
        raise NotFound("The checkpoint to report on was deleted.")
    return checkpoint


def _tell(checkpoint: Checkpoint) -> None:
    run = checkpoint.run
    broadcast(host_group(run.owner_id), TrainingChanged(run=run.pk, state=run.state))
