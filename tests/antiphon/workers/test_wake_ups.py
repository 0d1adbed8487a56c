"""Messages wake workers; rows are the truth. On the real broker."""

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import dramatiq
import pytest
from django.db import connection, transaction
from django.utils import timezone
from dramatiq.brokers.redis import RedisBroker

from antiphon.core.enqueue import enqueue
from antiphon.core.errors import Invalid
from antiphon.core.jobs import Handler, Kind, Payload, _handlers, register
from antiphon.workers import broker as broker_module
from antiphon.workers import services
from antiphon.workers.actors import platform_broker, work
from antiphon.workers.broker import wake
from antiphon.workers.errors import JobTaken
from antiphon.workers.lease_keeper import LeaseKeeper
from antiphon.workers.models import Job
from antiphon.workers.sweeping import SWEEP_LOCK, sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queues() -> Iterator[None]:
    """No messages of other tests."""
    broker = platform_broker()
    broker.flush_all()
    yield
    broker.flush_all()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Payload]:
    """What `ingest` jobs were done during one test."""
    found: list[Payload] = []
    monkeypatch.setitem(_handlers, Kind.INGEST, _handlers[Kind.INGEST])

    def run(payload: Payload) -> Payload:
        found.append(payload)
        if payload.get("error") == "known":
            raise Invalid("This cannot be.")
        if payload.get("error") == "unknown":
            raise ZeroDivisionError("secret")
        return {"files": 3}

    register(Kind.INGEST, Handler(run=run))
    return found


def messages() -> int:
    return int(platform_broker().do_qsize("ingest"))


def test_a_worker_process_does_what_was_ordered(done: list[Payload]) -> None:
    broker = platform_broker()
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=1, queues={"ingest"})
    worker.start()
    try:
        job_id = enqueue(Kind.INGEST, dataset_id=5)
        broker.join("ingest", timeout=10_000)
        worker.join()
    finally:
        worker.stop()
    assert done == [{"dataset_id": 5, "job_id": job_id}]
    assert Job.objects.values_list("state", "result").get(pk=job_id) == ("done", {"files": 3})


def test_who_waits_for_messages_is_woken_by_one(done: list[Payload]) -> None:
    consumer = platform_broker().consume("ingest", timeout=4_000)
    order = threading.Timer(0.3, partial(wake, Kind.INGEST, 7))
    began = time.monotonic()
    order.start()
    assert next(consumer) is None
    assert 0.2 < time.monotonic() - began < 2.0
    message = next(consumer)
    assert message is not None
    assert message.args == (7,)
    consumer.ack(message)
    order.join()


def test_a_worker_prepares_itself_for_the_jobs_of_its_queues(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    prepared: list[Kind] = []
    is_ready = threading.Event()

    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(_handlers, Kind.SEED, Handler(prepare=fail))
    monkeypatch.setitem(_handlers, Kind.BREED, Handler(prepare=is_ready.set))
    monkeypatch.setitem(_handlers, Kind.INGEST, Handler(prepare=partial(prepared.append, Kind.INGEST)))
    worker = dramatiq.Worker(platform_broker(), worker_timeout=50, worker_threads=1, queues={"breed"})
    with caplog.at_level(logging.ERROR):
        worker.start()
        try:
            assert is_ready.wait(10)
        finally:
            worker.stop()
    assert "not prepared for jobs of the kind seed" in caplog.text
    assert prepared == []


def test_a_message_leaves_when_the_order_is_committed_and_not_before(done: list[Payload]) -> None:
    with transaction.atomic():
        enqueue(Kind.INGEST)
        assert messages() == 0
    assert messages() == 1
    with transaction.atomic():
        enqueue(Kind.INGEST)
        transaction.set_rollback(True)
    assert messages() == 1


def test_a_message_that_comes_twice_does_the_work_once(done: list[Payload]) -> None:
    job_id = enqueue(Kind.INGEST)
    work(job_id)
    work(job_id)
    work(0)
    assert len(done) == 1


def test_what_cannot_be_done_fails_with_its_reason(done: list[Payload]) -> None:
    job_id = enqueue(Kind.INGEST, error="known")
    work(job_id)
    assert Job.objects.values_list("state", "reason").get(pk=job_id) == ("failed", "This cannot be.")


def test_what_went_wrong_is_tried_again_and_never_told_in_full(
    done: list[Payload], caplog: pytest.LogCaptureFixture
) -> None:
    job_id = enqueue(Kind.INGEST, error="unknown")
    with caplog.at_level(logging.ERROR):
        work(job_id)
    job = Job.objects.get(pk=job_id)
    assert (job.state, job.attempts) == ("queued", 1)
    assert job.reason == "Something went wrong here: ZeroDivisionError."
    assert "secret" in caplog.text


def test_a_broker_that_is_away_loses_no_order(
    done: list[Payload], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = RedisBroker(url="redis://127.0.0.1:1/0", middleware=[])  # type: ignore[no-untyped-call]
    with monkeypatch.context() as patch:
        patch.setattr(broker_module, "sending_broker", lambda: away)
        job_id = enqueue(Kind.INGEST)
    assert "the sweep will send it" in caplog.text
    assert messages() == 0
    Job.objects.filter(pk=job_id).update(due_at=timezone.now())
    assert sweep() == 1
    assert messages() == 1


def test_what_is_not_due_is_left_alone(done: list[Payload]) -> None:
    enqueue(Kind.INGEST)
    assert sweep() == 0


def test_two_sweeps_at_once_announce_once(done: list[Payload]) -> None:
    job_id = enqueue(Kind.INGEST)
    Job.objects.filter(pk=job_id).update(due_at=timezone.now())
    holding, finished = threading.Event(), threading.Event()

    def other_sweep() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWEEP_LOCK])
            holding.set()
            finished.wait(10)
        connection.close()

    other = threading.Thread(target=other_sweep)
    other.start()
    holding.wait(10)
    assert sweep() == 0
    finished.set()
    other.join()
    assert sweep() == 1


def test_two_claims_at_once_give_one_lease(done: list[Payload]) -> None:
    job_id = enqueue(Kind.INGEST)
    granted: list[uuid.UUID] = []
    together = threading.Barrier(4)

    def claim() -> None:
        together.wait(10)
        try:
            granted.append(services.claim(job_id=job_id, node=None).lease)
        except JobTaken:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 1
    assert Job.objects.get(pk=job_id).attempts == 1


def test_a_long_job_keeps_its_lease(done: list[Payload]) -> None:
    claim = services.claim(job_id=enqueue(Kind.INGEST), node=None)
    Job.objects.update(due_at=timezone.now())
    with LeaseKeeper(claim.job.pk, claim.lease, every_seconds=0.05):
        for _ in range(100):
            if Job.objects.get().due_at > timezone.now() + timedelta(seconds=30):
                break
            threading.Event().wait(0.05)
    assert Job.objects.get().due_at > timezone.now() + timedelta(seconds=30)
