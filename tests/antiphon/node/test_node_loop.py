"""A node against the platform over HTTP: a small network is trained for real, and sampled."""

import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from antiphon.core.jobs import Kind
from antiphon.node.client import NodeClient
from antiphon.node.lease import LeaseHolder
from antiphon.node.worker import NodeWorker
from antiphon.training import services
from antiphon.training.models import Report, ResumePoint, Sample, TrainingRun
from antiphon.training.reports import best_checkpoint, checkpoint_bytes
from antiphon.training.sample_settings import Prime, SampleSettings
from antiphon.workers import services as workers
from antiphon.workers.models import Job
from antiphon.workers.nodes import create_node
from antiphon.workers.sweeping import sweep
from generation.report.building import ReportRefused, build_report
from generation.score.notes import Score
from tests.antiphon.hosts import make_host
from tests.antiphon.training.runs import make_checkpoint, make_dataset

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {
    "lstm_units": 8,
    "lstm_layers": 1,
    "dense_units": 8,
    "embedding_units": 4,
    "window": 8,
    "batch_size": 4,
    "epochs": 2,
    "max_seconds": None,
}


@pytest.fixture
def worker(live_server: LiveServer) -> Iterator[NodeWorker]:
    """A node of the platform that the test runs."""
    _, token = create_node(name="attic")
    client = NodeClient(live_server.url, token, patience_seconds=5)
    yield NodeWorker(client)
    client.close()


@pytest.fixture
def run() -> TrainingRun:
    """A run of a very small network."""
    host = make_host()
    run = services.start_run(
        owner=host, name="Evening", datasets=[make_dataset(host, n_files=4)], preset="quick", seed=3
    )
    run.config = {**run.config, **SMALL}
    run.save()
    return run


def job_of(run: TrainingRun) -> int:
    assert run.job_id is not None
    return run.job_id


def trained(worker: NodeWorker, run: TrainingRun) -> TrainingRun:
    worker.work(job_of(run))
    run.refresh_from_db()
    return run


def test_a_run_is_trained_and_sampled_through_the_api(worker: NodeWorker, run: TrainingRun) -> None:
    trained(worker, run)
    assert (run.state, run.reason) == ("finished", "")
    assert list(run.losses.values_list("epoch", flat=True)) == [1, 2]
    assert run.progress["fraction"] == 1.0
    checkpoint = run.checkpoints.first()
    assert checkpoint is not None
    with zipfile.ZipFile(io.BytesIO(checkpoint_bytes(checkpoint))) as archive:
        assert "config.json" in archive.namelist()

    wish = SampleSettings(count=2, length=12, seed=9, tempo_bpm=90)
    jobs = [services.order_samples(checkpoint=checkpoint, owner_id=run.owner_id, settings=wish) for _ in range(2)]
    for job_id in jobs:
        worker.work(job_id)
    first, second = ([one.score for one in Sample.objects.filter(job_id=job_id)] for job_id in jobs)
    assert first == second
    assert len(first) == 2
    assert Score.from_json(first[0]).tempos[0].tempo_bpm == 90


def test_a_checkpoint_that_cannot_be_gone_on_from_means_to_begin_anew(worker: NodeWorker, run: TrainingRun) -> None:
    workers.claim(job_id=job_of(run), node=create_node(name="cellar")[0])
    make_checkpoint(run, b"not a checkpoint")
    Job.objects.filter(pk=job_of(run)).update(due_at=timezone.now() - timedelta(seconds=1))
    sweep()
    assert trained(worker, run).state == "finished"


def test_a_run_that_is_asked_to_stop_stops_and_keeps_what_it_learned(worker: NodeWorker, run: TrainingRun) -> None:
    TrainingRun.objects.filter(pk=run.pk).update(config={**run.config, "epochs": 100_000})
    thread = threading.Thread(target=worker.work, args=(job_of(run),))
    thread.start()
    wait_until(lambda: run.checkpoints.exists())
    services.stop_run(run=TrainingRun.objects.get(pk=run.pk))
    thread.join(20)
    run.refresh_from_db()
    assert run.state == "stopped"
    assert run.checkpoints.exists()


def test_a_node_that_is_switched_off_gives_its_run_back_and_another_goes_on(
    worker: NodeWorker, run: TrainingRun
) -> None:
    TrainingRun.objects.filter(pk=run.pk).update(config={**run.config, "epochs": 100_000})
    thread = threading.Thread(target=worker.work, args=(job_of(run),))
    thread.start()
    wait_until(lambda: run.checkpoints.exists())
    worker.stopping.set()
    thread.join(20)
    job = Job.objects.get(pk=job_of(run))
    assert (job.state, job.attempts) == ("queued", 0)
    worker.work(job.pk)  # it takes no more work
    assert Job.objects.get(pk=job.pk).state == "queued"

    last = ResumePoint.objects.get(run=run).epoch
    TrainingRun.objects.filter(pk=run.pk).update(config={**run.config, "epochs": last + 1})
    worker.stopping.clear()
    trained(worker, run)
    assert run.state == "finished"
    assert list(run.losses.values_list("epoch", flat=True)) == list(range(1, last + 2))


def test_a_run_that_changes_nodes_learns_the_same_bit_for_bit(
    worker: NodeWorker, run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    TrainingRun.objects.filter(pk=run.pk).update(config={**run.config, "epochs": 4})
    straight = figures(trained(worker, run))
    run.losses.all().delete()
    run.checkpoints.all().delete()
    run.resume_point.delete()
    run.job_id = workers.create(kind=Kind.TRAIN, payload={"run_id": run.pk}, owner_id=run.owner_id)
    run.save()

    note = LeaseHolder.note

    def note_and_switch_off(lease: LeaseHolder, progress: Any, loss: Any = None) -> None:
        note(lease, progress, loss)
        if progress["epoch"] == 2:
            worker.stopping.set()

    monkeypatch.setattr(LeaseHolder, "note", note_and_switch_off)
    trained(worker, run)
    assert (ResumePoint.objects.get(run=run).epoch, len(figures(run))) == (2, 2)
    monkeypatch.setattr(LeaseHolder, "note", note)
    worker.stopping.clear()
    assert figures(trained(worker, run)) == straight
    assert [epoch for epoch, *_ in straight] == [1, 2, 3, 4]


def figures(run: TrainingRun) -> list[tuple[int, float, float | None]]:
    return list(run.losses.values_list("epoch", "loss", "held_out_loss"))


def test_a_run_tells_what_it_made_of_its_pieces(worker: NodeWorker, run: TrainingRun) -> None:
    trained(worker, run)
    corpus = run.corpus
    assert (corpus["n_scores"] + corpus["n_held_out"], corpus["n_left_out"]) == (4, 0)
    assert set(corpus["held_out"]) < {"0.mid", "1.mid", "2.mid", "3.mid"}
    assert run.ended_by in {"finished", "no_improvement"}
    assert run.progress["terms_per_second"] > 0


def test_the_best_checkpoint_is_reported_on(
    worker: NodeWorker, run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.report.building.build_report", partial(build_report, n_samples=2, length=24))
    trained(worker, run)
    job = Job.objects.get(kind=Kind.REPORT)
    worker.work(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason) == ("done", "")
    report = Report.objects.get()
    assert (report.state, report.checkpoint) == ("ready", best_checkpoint(run))
    assert report.data["about"]["n_samples"] == 2
    assert {row["group"] for row in report.data["rows"]} >= {"likelihood", "overlap", "memorisation"}


def test_a_report_that_cannot_be_made_leaves_the_run_as_it_is(
    worker: NodeWorker, run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_settings: Any) -> None:
        raise ReportRefused("expected pieces, got none; add some")

    monkeypatch.setattr("generation.report.building.build_report", refuse)
    trained(worker, run)
    worker.work(Job.objects.get(kind=Kind.REPORT).pk)
    report = Report.objects.get()
    run.refresh_from_db()
    assert (report.state, report.reason) == ("failed", "expected pieces, got none; add some")
    assert run.state == "finished"


def test_samples_are_drawn_as_they_were_asked_for(worker: NodeWorker, run: TrainingRun) -> None:
    checkpoint = trained(worker, run).checkpoints.first()
    assert checkpoint is not None
    midi_file = run.datasets.get().files.first()
    assert midi_file is not None
    wish = SampleSettings(
        count=3,
        length=16,
        seed=4,
        temperatures={"velocity": 0.2},
        top_k=5,
        key="D",
        scale="dorian",
        prime=Prime(file=midi_file.pk, first_bar=2, last_bar=3),
    )
    job_id = services.order_samples(checkpoint=checkpoint, owner_id=run.owner_id, settings=wish)
    worker.work(job_id)
    assert Job.objects.get(pk=job_id).state == "done"
    scores = [Score.from_json(sample.score) for sample in Sample.objects.filter(job_id=job_id)]
    dorian = {(2 + step) % 12 for step in (0, 2, 3, 5, 7, 9, 10)}
    assert {pitch % 12 for score in scores for pitch in score.notes["pitch"].tolist()} <= dorian
    assert Sample.objects.filter(job_id=job_id).first().settings["prime"]["last_bar"] == 3  # type: ignore[union-attr]


def test_a_run_that_cannot_be_trained_fails_with_what_to_do(worker: NodeWorker, run: TrainingRun) -> None:
    TrainingRun.objects.filter(pk=run.pk).update(config={"preset": "quick"})
    trained(worker, run)
    assert run.state == "failed"
    assert "config has the fields" in run.reason


def test_a_checkpoint_that_is_damaged_fails_the_samples(worker: NodeWorker, run: TrainingRun) -> None:
    damaged = make_checkpoint(run, b"not a checkpoint")
    wish = SampleSettings(count=1)
    job_id = services.order_samples(checkpoint=damaged, owner_id=run.owner_id, settings=wish)
    worker.work(job_id)
    assert Job.objects.get(pk=job_id).state == "failed"


def test_a_lease_is_kept_and_its_loss_is_noticed(worker: NodeWorker, run: TrainingRun) -> None:
    claim = worker.client.claim(job_of(run))
    assert claim is not None
    Job.objects.filter(pk=job_of(run)).update(due_at=timezone.now())
    with LeaseHolder(worker.client, claim, renew_seconds=0.1) as lease:
        wait_until(lambda: Job.objects.get(pk=job_of(run)).due_at > timezone.now() + timedelta(seconds=30))
        workers.cancel(job_id=job_of(run))
        wait_until(lambda: lease.is_cancelled)
        Job.objects.filter(pk=job_of(run)).update(lease=None)
        wait_until(lambda: lease.is_lost)
        assert lease.should_stop


def wait_until(is_so: Any) -> None:
    for _ in range(600):
        if is_so():
            return
        threading.Event().wait(0.05)
    pytest.fail("it never came")
