"""A job is held by one at a time, under a lease; whoever lost it cannot report."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from antiphon.core.enqueue import cancel, enqueue
from antiphon.core.errors import NotFound
from antiphon.core.jobs import Handler, Kind, _handlers, register
from antiphon.workers import services
from antiphon.workers.errors import JobCancelled, JobGone, JobTaken, LeaseLost
from antiphon.workers.models import Job, Node
from antiphon.workers.nodes import create_node
from antiphon.workers.sweeping import sweep

pytestmark = pytest.mark.django_db


class Diary:
    """An app that orders `train` jobs and writes down what it is told."""

    def __init__(self) -> None:
        self.entries: list[tuple[Any, ...]] = []

    def handler(self) -> Handler:
        return Handler(
            specification=lambda payload: {"what": payload["what"]},
            started=lambda payload: self.entries.append(("started", payload["job_id"])),
            progressed=lambda payload, progress: self.entries.append(("progressed", progress)),
            received=lambda payload, name, file, facts: {"got": file.read().decode(), **facts},
            finished=lambda payload, result: self.entries.append(("finished", result)),
            failed=lambda payload, reason: self.entries.append(("failed", reason)),
            cancelled=lambda payload: self.entries.append(("cancelled", payload["job_id"])),
        )


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    """The diary, answering for `train` during one test."""
    diary = Diary()
    monkeypatch.setitem(_handlers, Kind.TRAIN, _handlers[Kind.TRAIN])
    register(Kind.TRAIN, diary.handler())
    return diary


@pytest.fixture
def node() -> Node:
    return create_node(name="attic")[0]


def ordered() -> int:
    return enqueue(Kind.TRAIN, what="this")


def state_of(job_id: int) -> str:
    return Job.objects.get(pk=job_id).state


def grow_old(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_claim_tells_what_is_to_be_done(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    assert claim.specification == {"what": "this"}
    assert claim.job.attempts == 1
    assert diary.entries == [("started", job_id)]


def test_a_job_that_is_held_cannot_be_claimed_again(diary: Diary, node: Node) -> None:
    job_id = ordered()
    services.claim(job_id=job_id, node=node)
    with pytest.raises(JobTaken):
        services.claim(job_id=job_id, node=create_node(name="cellar")[0])


def test_a_job_for_nodes_is_not_for_platform_workers_nor_the_other_way(diary: Diary, node: Node) -> None:
    with pytest.raises(JobGone):
        services.claim(job_id=ordered(), node=None)
    with pytest.raises(JobGone):
        services.claim(job_id=enqueue(Kind.INGEST, dataset_id=0), node=node)


def test_there_is_nothing_to_claim_of_a_job_that_is_over(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    services.finish(job_id=job_id, lease=claim.lease, result={})
    for gone in (job_id, 0):
        with pytest.raises(JobGone):
            services.claim(job_id=gone, node=node)


def test_a_report_renews_the_lease(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    grow_old(job_id)
    assert services.report(job_id=job_id, lease=claim.lease, progress={"fraction": 0.5}) is False
    assert Job.objects.get(pk=job_id).due_at > timezone.now() + timedelta(seconds=50)
    assert diary.entries[-1] == ("progressed", {"fraction": 0.5})


def test_an_empty_report_renews_and_keeps_the_last_progress(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    services.report(job_id=job_id, lease=claim.lease, progress={"fraction": 0.5})
    services.report(job_id=job_id, lease=claim.lease, progress={})
    assert Job.objects.get(pk=job_id).progress == {"fraction": 0.5}


def test_a_lease_that_ran_out_goes_to_the_next_and_the_first_holder_cannot_report(diary: Diary, node: Node) -> None:
    job_id = ordered()
    first = services.claim(job_id=job_id, node=node)
    grow_old(job_id)
    assert sweep() == 1
    second = services.claim(job_id=job_id, node=node)
    assert second.job.attempts == 2
    with pytest.raises(LeaseLost):
        services.report(job_id=job_id, lease=first.lease, progress={})
    with pytest.raises(LeaseLost):
        services.finish(job_id=job_id, lease=first.lease, result={})
    with pytest.raises(LeaseLost):
        services.receive(job_id=job_id, lease=first.lease, name="x", file=io.BytesIO(), facts={})
    with pytest.raises(LeaseLost):
        services.fail(job_id=job_id, lease=first.lease, reason="late")
    services.finish(job_id=job_id, lease=second.lease, result={})
    assert state_of(job_id) == Job.State.DONE


def test_a_result_that_is_reported_twice_is_taken_once(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    for _ in range(2):
        services.finish(job_id=job_id, lease=claim.lease, result={"loss": 1.0, "scores": [1, 2]})
    assert diary.entries.count(("finished", {"loss": 1.0, "scores": [1, 2]})) == 1
    assert Job.objects.get(pk=job_id).result == {"loss": 1.0}


def test_a_lease_that_was_never_given_is_refused(diary: Diary, node: Node) -> None:
    job_id = ordered()
    services.claim(job_id=job_id, node=node)
    with pytest.raises(LeaseLost):
        services.finish(job_id=job_id, lease=uuid.uuid4(), result={})


def test_an_artefact_goes_to_the_app(diary: Diary, node: Node) -> None:
    claim = services.claim(job_id=ordered(), node=node)
    got = services.receive(job_id=claim.job.pk, lease=claim.lease, name="x", file=io.BytesIO(b"abc"), facts={"n": 1})
    assert got == {"got": "abc", "n": 1}


def test_a_job_is_tried_three_times(diary: Diary, node: Node) -> None:
    job_id = ordered()
    for attempt in (1, 2, 3):
        claim = services.claim(job_id=job_id, node=node)
        assert claim.job.attempts == attempt
        services.fail(job_id=job_id, lease=claim.lease, reason="no memory")
    assert state_of(job_id) == Job.State.FAILED
    assert [entry for entry in diary.entries if entry[0] == "failed"] == [("failed", "no memory")]


def test_a_failure_that_is_final_is_not_tried_again(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    for _ in range(2):  # the second says the same again
        services.fail(job_id=job_id, lease=claim.lease, reason="no notes", is_final=True)
    assert state_of(job_id) == Job.State.FAILED
    assert diary.entries.count(("failed", "no notes")) == 1


def test_a_node_that_is_switched_off_gives_back_without_blame(diary: Diary, node: Node) -> None:
    job_id = ordered()
    for _ in range(5):
        claim = services.claim(job_id=job_id, node=node)
        assert claim.job.attempts == 1
        services.fail(job_id=job_id, lease=claim.lease, reason="off", is_stopping=True)
    assert state_of(job_id) == Job.State.QUEUED
    assert sweep() == 1


def test_three_nodes_that_fall_silent_end_a_job(diary: Diary, node: Node) -> None:
    job_id = ordered()
    for _ in range(3):
        services.claim(job_id=job_id, node=node)
        grow_old(job_id)
        sweep()
    assert state_of(job_id) == Job.State.FAILED
    assert "3 times" in Job.objects.get(pk=job_id).reason
    assert "attic" in Job.objects.get(pk=job_id).reason


def test_a_waiting_job_is_cancelled_at_once(diary: Diary, node: Node) -> None:
    job_id = ordered()
    cancel(job_id)
    assert state_of(job_id) == Job.State.CANCELLED
    assert diary.entries == [("cancelled", job_id)]
    with pytest.raises(JobCancelled):
        services.claim(job_id=job_id, node=node)


def test_a_running_job_is_told_to_stop_and_may_still_report(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    cancel(job_id)
    assert services.report(job_id=job_id, lease=claim.lease, progress={}) is True
    services.finish(job_id=job_id, lease=claim.lease, result={"is_stopped": True})
    assert diary.entries[-1] == ("finished", {"is_stopped": True})


def test_a_cancelled_job_whose_node_fell_silent_ends(diary: Diary, node: Node) -> None:
    job_id = ordered()
    claim = services.claim(job_id=job_id, node=node)
    cancel(job_id)
    grow_old(job_id)
    sweep()
    assert diary.entries[-1] == ("cancelled", job_id)
    with pytest.raises(JobCancelled):
        services.report(job_id=job_id, lease=claim.lease, progress={})


def test_cancelling_what_is_over_changes_nothing(diary: Diary, node: Node) -> None:
    claim = services.claim(job_id=ordered(), node=node)
    services.finish(job_id=claim.job.pk, lease=claim.lease, result={})
    cancel(claim.job.pk)
    cancel(0)
    assert state_of(claim.job.pk) == Job.State.DONE


def test_a_job_about_something_that_was_deleted_fails_when_it_is_claimed(diary: Diary, node: Node) -> None:
    def gone(payload: Any) -> Any:
        raise NotFound("The run was deleted.")

    register(Kind.TRAIN, Handler(specification=gone, failed=diary.handler().failed))
    job_id = ordered()
    with pytest.raises(JobGone):
        services.claim(job_id=job_id, node=node)
    assert state_of(job_id) == Job.State.FAILED
    assert diary.entries == [("failed", "The run was deleted.")]


def test_an_operator_has_a_failed_job_tried_again(diary: Diary, node: Node) -> None:
    claim = services.claim(job_id=ordered(), node=node)
    services.fail(job_id=claim.job.pk, lease=claim.lease, reason="no", is_final=True)
    services.resend(job_id=claim.job.pk)
    assert services.claim(job_id=claim.job.pk, node=node).job.attempts == 1
