"""What an `ingest` job means."""

from antiphon.core.jobs import Handler, Kind, Payload, register
from antiphon.datasets.ingest import ingest


def run(payload: Payload) -> Payload:
    """Read the waiting files of a dataset."""
    return {"files": ingest(dataset_id=int(payload["dataset_id"]))}


def register_jobs() -> None:
    """Say that this app answers for `ingest`."""
    register(Kind.INGEST, Handler(run=run))
