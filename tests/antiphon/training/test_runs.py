"""A training run from its order to its end."""

import io
import json
import zipfile
from typing import Any

import pytest

from antiphon.accounts.models import User
from antiphon.core.errors import Conflict, Invalid, NotFound
from antiphon.datasets.services import create_dataset
from antiphon.training import reports, services
from antiphon.training.archive import pack_run
from antiphon.training.models import Checkpoint, TrainingRun
from antiphon.training.sample_settings import SampleSettings
from antiphon.workers import services as workers
from antiphon.workers.models import Job, Node
from antiphon.workers.nodes import create_node
from generation.score.midi import read
from tests.antiphon.hosts import make_host
from tests.antiphon.training.runs import make_checkpoint, make_dataset, make_run

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


def progress(**changes: Any) -> dict[str, Any]:
    said = {
        "fraction": 0.25,
        "epoch": 1,
        "epochs": 4,
        "loss": 2.5,
        "held_out_loss": None,
        "seconds_elapsed": 1.0,
        "seconds_left": 3.0,
    }
    return {**said, **changes}


def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    events: list[Any] = []
    monkeypatch.setattr(reports, "broadcast", lambda group, event: events.append(event))
    return events


def test_a_run_orders_a_job_that_says_all_a_node_needs(run: TrainingRun, node: Node) -> None:
    assert run.job_id is not None
    claim = workers.claim(job_id=run.job_id, node=node)
    assert claim.specification == {"config": run.config, "seed": 3, "name": "Evening"}
    run.refresh_from_db()
    assert run.state == TrainingRun.State.RUNNING


def test_wishes_go_into_the_config(host: User) -> None:
    dataset = make_dataset(host)
    run = services.start_run(
        owner=host, name="x", datasets=[dataset], preset="quick", limits={"epochs": 3, "max_seconds": None}
    )
    assert (run.config["epochs"], run.config["max_seconds"]) == (3, None)
    assert run.seed >= 0


def test_an_unknown_preset_or_an_empty_dataset_cannot_be_trained(host: User) -> None:
    with pytest.raises(Invalid, match="among"):
        services.start_run(owner=host, name="x", datasets=[make_dataset(host)], preset="huge")
    with pytest.raises(Conflict, match="no accepted file"):
        services.start_run(owner=host, name="x", datasets=[create_dataset(owner=host, name="e")], preset="quick")


def test_the_archive_holds_the_accepted_pieces_in_a_fixed_order(run: TrainingRun) -> None:
    with zipfile.ZipFile(io.BytesIO(pack_run(run.pk))) as archive:
        entries = json.loads(archive.read("manifest.json"))
        assert [entry["name"] for entry in entries] == ["0.mid", "1.mid"]
        assert [len(read(archive.read(entry["path"])).notes) for entry in entries] == [16, 16]
    assert pack_run(run.pk) == pack_run(run.pk)


def test_losses_of_every_epoch_are_kept_once(run: TrainingRun) -> None:
    losses = [{"epoch": epoch, "loss": 3.0 / epoch, "held_out_loss": None, "seconds": epoch} for epoch in (1, 2)]
    reports.run_progressed(run.pk, progress(losses=losses))
    reports.run_progressed(run.pk, progress(losses=[{**losses[1], "loss": 1.0}, {**losses[1], "epoch": 3}]))
    assert list(run.losses.values_list("epoch", "loss")) == [(1, 3.0), (2, 1.0), (3, 1.5)]


def test_a_host_is_told_of_progress_a_few_times_a_second_at_most(
    run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = told(monkeypatch)
    for epoch in range(1, 6):
        reports.run_progressed(run.pk, progress(epoch=epoch))
    reports.run_progressed(run.pk, progress(epoch=6, fraction=1.0))
    assert [event.epoch for event in events] == [1, 6]
    run.refresh_from_db()
    assert run.progress["epoch"] == 6


@pytest.mark.parametrize(
    "said", [{}, progress(fraction=2), progress(loss=float("nan")), progress(losses=[{"epoch": "x"}]), {"fraction": 1}]
)
def test_progress_that_is_none_is_refused(run: TrainingRun, said: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        reports.run_progressed(run.pk, said)


def test_the_same_checkpoint_twice_is_one(run: TrainingRun) -> None:
    assert make_checkpoint(run) == make_checkpoint(run)
    checkpoint = run.checkpoints.get()
    assert (checkpoint.n_bytes, reports.checkpoint_bytes(checkpoint)) == (7, b"weights")


def test_old_checkpoints_are_thinned_out_but_for_the_best_and_the_used(
    run: TrainingRun, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = make_checkpoint(run, b"0", loss=9.0)
        best = make_checkpoint(run, b"best", loss=0.5)
        used = make_checkpoint(run, b"used", loss=8.0)
        services.order_samples(checkpoint=used, owner_id=run.owner_id, settings=SampleSettings(count=1))
        for index in range(6):
            make_checkpoint(run, bytes([index]), loss=5.0 - index / 10)
    kept = set(run.checkpoints.values_list("pk", flat=True))
    assert {best.pk, used.pk} <= kept
    assert len(kept) == reports.KEPT_LATEST + 2
    assert not first.file.storage.exists(str(first.file.name))
    assert best.file.storage.exists(str(best.file.name))


@pytest.mark.parametrize(
    ("result", "has_checkpoint", "state"),
    [({}, True, "finished"), ({"is_stopped": True}, True, "stopped"), ({}, False, "failed")],
)
def test_a_run_ends(run: TrainingRun, result: dict[str, Any], has_checkpoint: bool, state: str) -> None:
    if has_checkpoint:
        make_checkpoint(run)
    reports.run_finished(run.pk, result)
    run.refresh_from_db()
    assert run.state == state
    assert run.finished_at is not None
    assert bool(run.reason) is (state == "failed")


def test_a_waiting_run_is_stopped_at_once(run: TrainingRun) -> None:
    services.stop_run(run=run)
    run.refresh_from_db()
    assert run.state == TrainingRun.State.STOPPED
    with pytest.raises(Conflict, match="nothing to stop"):
        services.stop_run(run=run)


def test_a_running_run_stops_when_its_node_says_so(run: TrainingRun, node: Node) -> None:
    assert run.job_id is not None
    claim = workers.claim(job_id=run.job_id, node=node)
    run.refresh_from_db()
    services.stop_run(run=run)
    assert workers.report(job_id=run.job_id, lease=claim.lease, progress=progress()) is True
    make_checkpoint(run)
    workers.finish(job_id=run.job_id, lease=claim.lease, result={"is_stopped": True})
    run.refresh_from_db()
    assert run.state == TrainingRun.State.STOPPED


def test_a_failed_run_has_its_reason(run: TrainingRun, node: Node) -> None:
    assert run.job_id is not None
    claim = workers.claim(job_id=run.job_id, node=node)
    workers.fail(job_id=run.job_id, lease=claim.lease, reason="add longer pieces", is_final=True)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("failed", "add longer pieces")


def test_deleting_a_run_stops_it_and_removes_its_files(
    run: TrainingRun, node: Node, django_capture_on_commit_callbacks: Any
) -> None:
    assert run.job_id is not None
    claim = workers.claim(job_id=run.job_id, node=node)
    checkpoint = make_checkpoint(run)
    run.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_run(run=run)
    assert not checkpoint.file.storage.exists(str(checkpoint.file.name))
    assert workers.report(job_id=claim.job.pk, lease=claim.lease, progress=progress()) is True
    facts = {"epoch": 1, "loss": 1.0}
    with pytest.raises(NotFound):
        workers.receive(job_id=claim.job.pk, lease=claim.lease, name="checkpoint", file=io.BytesIO(b"x"), facts=facts)
    workers.finish(job_id=claim.job.pk, lease=claim.lease, result={"is_stopped": True})
    assert not Checkpoint.objects.exists()
    assert Job.objects.get(pk=claim.job.pk).state == Job.State.DONE
