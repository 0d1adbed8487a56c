"""Runs that stop and go on: from their last state, under a new job, with no loss told twice."""

import io
from typing import Any

import pytest
from django.db import transaction

from antiphon.accounts.models import User
from antiphon.core.errors import Conflict, Invalid
from antiphon.core.jobs import Kind, handler_for
from antiphon.training import reports, resuming, services
from antiphon.training.models import ResumePoint, TrainingRun
from antiphon.workers import services as workers
from antiphon.workers.models import Job, Node
from antiphon.workers.nodes import create_node
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.training.runs import make_checkpoint, make_run, make_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def run(host: User) -> TrainingRun:
    return make_run(host)


@pytest.fixture
def node() -> Node:
    return create_node(name="attic")[0]


def claimed(run: TrainingRun, node: Node) -> workers.Claim:
    run.refresh_from_db()
    assert run.job_id is not None
    return workers.claim(job_id=run.job_id, node=node)


def progress(run: TrainingRun, *epochs: int) -> None:
    losses = [{"epoch": epoch, "loss": 1.0 / epoch, "seconds": float(epoch)} for epoch in epochs]
    said = {"fraction": 0.5, "epoch": epochs[-1], "epochs": 9, "seconds_elapsed": 1.0, "losses": losses}
    reports.run_progressed(run.pk, said)


def stopped(run: TrainingRun, node: Node) -> TrainingRun:
    """The run after it was stopped at epoch 4, its state being of epoch 3."""
    claim = claimed(run, node)
    progress(run, 1, 2, 3, 4)
    make_checkpoint(run)
    make_state(run, b"after three", epoch=3)
    services.stop_run(run=run)
    workers.finish(job_id=claim.job.pk, lease=claim.lease, result={"is_stopped": True, "ended_by": "asked"})
    run.refresh_from_db()
    return run


def content(run: TrainingRun, name: str) -> bytes | None:
    resume = handler_for(Kind.TRAIN).resume
    assert resume is not None
    file = resume({"run_id": run.pk}, name)
    if file is None:
        return None
    with file:
        return file.read()


def test_a_run_goes_on_from_its_last_state_or_else_its_last_checkpoint(run: TrainingRun) -> None:
    assert (content(run, "state"), content(run, "checkpoint")) == (None, None)
    make_checkpoint(run, b"one")
    make_checkpoint(run, b"two")
    assert (content(run, "state"), content(run, "checkpoint")) == (None, b"two")
    assert resuming.epoch_to_resume(run) == 1
    make_state(run, b"state", epoch=5)
    assert (content(run, "state"), resuming.epoch_to_resume(run)) == (b"state", 5)


def test_only_the_latest_state_is_kept(run: TrainingRun, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_state(run, b"one", epoch=1)
        first = ResumePoint.objects.get()
        make_state(run, b"two", epoch=2)
        make_state(run, b"two", epoch=2)
    latest = ResumePoint.objects.get()
    assert (latest.epoch, latest.n_bytes) == (2, 3)
    assert not first.file.storage.exists(str(first.file.name))
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_run(run=run)
    assert not latest.file.storage.exists(str(latest.file.name))


def test_a_state_without_its_epoch_is_refused(run: TrainingRun) -> None:
    with transaction.atomic(), pytest.raises(Invalid, match="epoch"):
        resuming.state_received(run.pk, io.BytesIO(b"x"), {})


def test_a_stopped_run_goes_on_as_the_same_run_under_a_new_job(run: TrainingRun, node: Node) -> None:
    earlier = stopped(run, node).job_id
    assert (run.state, run.ended_by) == ("stopped", "asked")
    services.resume_run(run=run)
    claim = claimed(run, node)
    run.refresh_from_db()
    assert (run.state, run.finished_at, run.ended_by) == ("running", None, "")
    assert claim.job.pk != earlier
    assert claim.specification["seed"] == run.seed
    assert content(run, "state") == b"after three"


def test_losses_after_the_resumed_epoch_come_again_and_are_not_doubled(run: TrainingRun, node: Node) -> None:
    services.resume_run(run=stopped(run, node))
    claimed(run, node)
    assert list(run.losses.values_list("epoch", flat=True)) == [1, 2, 3]
    progress(run, 4, 5)
    assert list(run.losses.values_list("epoch", flat=True)) == [1, 2, 3, 4, 5]


def test_a_node_that_falls_silent_loses_nothing_before_the_last_state(run: TrainingRun, node: Node) -> None:
    claim = claimed(run, node)
    progress(run, 1, 2, 3)
    make_state(run, b"after two", epoch=2)
    job = Job.objects.get(pk=claim.job.pk)
    workers.expire(job)
    job.save()
    claimed(run, node)
    assert list(run.losses.values_list("epoch", flat=True)) == [1, 2]


def test_a_finished_run_goes_on_only_with_more_to_do(run: TrainingRun, node: Node) -> None:
    claim = claimed(run, node)
    make_checkpoint(run)
    workers.finish(job_id=claim.job.pk, lease=claim.lease, result={"ended_by": "finished"})
    with pytest.raises(Conflict, match="more epochs"):
        services.resume_run(run=run)
    services.resume_run(run=run, limits={"epochs": 120, "max_seconds": 600})
    run.refresh_from_db()
    assert (run.state, run.config["epochs"], run.config["max_seconds"]) == ("queued", 120, 600)


def test_what_goes_on_by_itself_or_has_learned_nothing_cannot_be_resumed(run: TrainingRun, node: Node) -> None:
    with pytest.raises(Conflict, match="by itself"):
        services.resume_run(run=run)
    claim = claimed(run, node)
    workers.fail(job_id=claim.job.pk, lease=claim.lease, reason="add longer pieces", is_final=True)
    with pytest.raises(Conflict, match="Start a new one"):
        services.resume_run(run=run)
    make_state(run, b"state", epoch=1)
    services.resume_run(run=run)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("queued", "")


def test_a_host_resumes_over_http(run: TrainingRun, host: User, node: Node) -> None:
    browser = signed_in(host)
    address = f"/api/v1/training/runs/{stopped(run, node).pk}/resume/"
    assert browser.get(f"/api/v1/training/runs/{run.pk}/").json()["resume_epoch"] == 3
    assert browser.post(address, {"epochs": 0}, format="json").status_code == 400
    answer = browser.post(address, {"epochs": 200}, format="json")
    assert (answer.status_code, answer.json()["state"], answer.json()["config"]["epochs"]) == (202, "queued", 200)
    assert browser.post(address, {}, format="json").status_code == 409
