"""A `report` job: fetch a checkpoint and the pieces of its run, sample it, measure it, send what was found."""

import io
import logging
import zipfile
from typing import Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import JobImpossible
from antiphon.node.pieces import unpack

log = logging.getLogger(__name__)


def run_report_job(client: NodeClient, claim: Claim) -> dict[str, Any]:
    """Report as the job says. Raises JobImpossible where trying again would not help."""
    from generation.checkpoint import CheckpointRefused, load  # with TensorFlow: seconds, only where it is needed
    from generation.drawing.settings import SampleRefused
    from generation.report.building import ReportRefused, build_report

    with zipfile.ZipFile(io.BytesIO(client.archive(claim))) as archive:
        pieces = unpack(archive.read("pieces.zip"))
        data = archive.read("checkpoint")
    log.info("job %s: a report on %r", claim.job_id, claim.specification["name"])
    try:
        report = build_report(load(data), pieces, seed=int(claim.specification["seed"]))
    except (CheckpointRefused, ReportRefused, SampleRefused) as error:
        raise JobImpossible(str(error)) from error
    return {"report": report}
