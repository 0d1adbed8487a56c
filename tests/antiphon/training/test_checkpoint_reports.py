"""Reports on checkpoints: ordered when a run ends or a host asks, and never in the way of the run."""

import io
import json
import zipfile

import pytest

from antiphon.accounts.models import User
from antiphon.core.errors import Invalid
from antiphon.core.jobs import Kind
from antiphon.training import checkpoint_reports, reports
from antiphon.training.models import Checkpoint, Report
from antiphon.workers import services as workers
from antiphon.workers.models import Job, Node
from antiphon.workers.nodes import create_node
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.training.runs import make_checkpoint, make_run

pytestmark = pytest.mark.django_db
FOUND = {"version": 1, "rows": [{"id": "likelihood", "value": None}]}


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def checkpoint(host: User) -> Checkpoint:
    return make_checkpoint(make_run(host))


@pytest.fixture
def node() -> Node:
    return create_node(name="attic")[0]


def claimed(node: Node) -> workers.Claim:
    return workers.claim(job_id=Job.objects.get(kind=Kind.REPORT).pk, node=node)


def test_the_best_checkpoint_of_a_run_that_ends_is_reported_on(checkpoint: Checkpoint, node: Node) -> None:
    better = make_checkpoint(checkpoint.run, b"better", loss=1.0)
    make_checkpoint(checkpoint.run, b"later", loss=1.5)
    reports.run_finished(checkpoint.run_id, {"ended_by": "finished"})
    assert (Report.objects.get().checkpoint, Report.objects.get().state) == (better, "ordered")
    claim = claimed(node)
    assert claim.specification == {"name": "Evening", "seed": 3}
    with zipfile.ZipFile(io.BytesIO(checkpoint_reports.report_archive(claim.payload))) as archive:
        assert archive.read("checkpoint") == b"better"
        with zipfile.ZipFile(io.BytesIO(archive.read("pieces.zip"))) as pieces:
            assert len(json.loads(pieces.read("manifest.json"))) == 2


def test_a_report_is_ordered_once_and_read_when_it_is_there(checkpoint: Checkpoint, host: User, node: Node) -> None:
    browser = signed_in(host)
    address = f"/api/v1/training/checkpoints/{checkpoint.pk}/report/"
    assert browser.get(address).status_code == 404
    for _ in range(2):
        assert browser.post(address).json() == {"state": "ordered", "reason": ""}
    assert "being made" in browser.get(address).json()["message"]
    claim = claimed(node)
    workers.finish(job_id=claim.job.pk, lease=claim.lease, result={"report": FOUND})
    assert browser.get(address).json() == FOUND
    (listed,) = browser.get("/api/v1/training/checkpoints/").json()
    assert listed["report"] == {"state": "ready", "reason": ""}


def test_a_report_that_fails_says_why_and_leaves_the_run_finished(
    checkpoint: Checkpoint, host: User, node: Node
) -> None:
    reports.run_finished(checkpoint.run_id, {"ended_by": "time"})
    claim = claimed(node)
    workers.fail(job_id=claim.job.pk, lease=claim.lease, reason="no notes to compare", is_final=True)
    checkpoint.run.refresh_from_db()
    assert (checkpoint.run.state, checkpoint.run.ended_by) == ("finished", "time")
    answer = signed_in(host).get(f"/api/v1/training/checkpoints/{checkpoint.pk}/report/")
    assert (answer.status_code, "no notes to compare" in answer.json()["message"]) == (404, True)


@pytest.mark.parametrize("found", [None, [], {}, {"text": "x" * (checkpoint_reports.REPORT_MAX_BYTES + 1)}])
def test_what_is_no_report_is_refused(checkpoint: Checkpoint, node: Node, found: object) -> None:
    checkpoint_reports.order_report(checkpoint=checkpoint)
    claim = claimed(node)
    with pytest.raises(Invalid, match="report"):
        workers.finish(job_id=claim.job.pk, lease=claim.lease, result={"report": found})
