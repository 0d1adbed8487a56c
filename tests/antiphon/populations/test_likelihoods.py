"""A population's taste hears its network where a node answers in time, and never waits long where none does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from antiphon.accounts.models import User
from antiphon.core.errors import Invalid
from antiphon.core.jobs import Kind, handler_for
from antiphon.node.client import NodeClient
from antiphon.node.worker import NodeWorker
from antiphon.populations import likelihoods
from antiphon.populations.models import CandidateLikelihoods, Population
from antiphon.populations.replaying import differences, events_of, recorded_of
from antiphon.training.models import Checkpoint
from antiphon.training.reports import best_checkpoint
from antiphon.training.services import start_run
from antiphon.workers.models import Job
from antiphon.workers.nodes import create_node
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.populations.bred import breed_on, make_population, newest_of
from tests.antiphon.training.runs import make_checkpoint, make_dataset, make_run

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {"lstm_units": 8, "lstm_layers": 1, "dense_units": 8, "window": 16, "batch_size": 4, "epochs": 1,
         "max_seconds": None}  # fmt: skip
SETTINGS = {"size": 6, "surplus": 4, "taste_likelihood": True}


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def node(live_server: LiveServer) -> Iterator[NodeWorker]:
    """A node of the platform that the test runs."""
    _, token = create_node(name="attic")
    client = NodeClient(live_server.url, token, patience_seconds=5)
    yield NodeWorker(client)
    client.close()


def with_checkpoint(host: User, checkpoint: Checkpoint) -> Population:
    """A population at random in the scale that a network is to judge."""
    population = make_population(host)
    population.settings |= SETTINGS
    population.checkpoint = checkpoint
    population.save()
    population.breeding.content["settings"] |= SETTINGS
    population.breeding.save()
    first = population.breeding_events.get(number=0)
    first.content["settings"] |= SETTINGS
    first.save()
    likelihoods.order_for_generation(newest_of(population))
    return population


def trained(host: User, node: NodeWorker) -> Checkpoint:
    """A very small network, trained for real."""
    run = start_run(owner=host, name="Quick", datasets=[make_dataset(host, n_files=3)], preset="quick", seed=3)
    run.config = {**run.config, **SMALL}
    run.save()
    node.work(run.job_id or 0)
    best = best_checkpoint(run)
    assert best is not None
    return best


@contextmanager
def at_work(node: NodeWorker) -> Iterator[None]:
    """The node judges whatever is ordered meanwhile."""
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(0.02):
            for job in Job.objects.filter(kind="likelihood", state="queued"):
                node.work(job.pk)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_living_and_candidates_are_judged_and_the_run_replays_without_the_network(host: User, node: NodeWorker) -> None:
    population = with_checkpoint(host, trained(host, node))
    node.work(Job.objects.get(kind="likelihood").pk)
    first = list(newest_of(population).individuals.order_by("index"))
    assert all(one.nats is not None and 0 < one.nats < 60 for one in first)
    assert len({one.nats for one in first}) > 1
    with at_work(node):
        breed_on(population, 2)
    assert Job.objects.filter(kind="likelihood", state="done").count() == 3
    asked = [event for event in events_of(population) if event["event"] == "asked"]
    assert all(len(event["likelihood"] or []) >= 4 * 4 for event in asked)
    newest = newest_of(population)
    assert all(one.nats is not None for one in newest.individuals.all())
    assert not CandidateLikelihoods.objects.exists()
    assert differences(events_of(population), recorded_of(population)) == []
    address = f"/api/v1/populations/{population.pk}/generations/{newest.number}/"
    shown = signed_in(host).get(address).json()["individuals"]
    assert {one["nats"] for one in shown} == {one.nats for one in newest.individuals.all()}


def test_a_node_that_fell_silent_is_waited_for_once_and_then_no_more(
    host: User, node: NodeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likelihoods, "DEADLINE_SECONDS", 0.5)
    population = with_checkpoint(host, trained(host, node))
    node.work(Job.objects.get(kind="likelihood").pk)
    took = []
    for _ in range(2):
        began = time.monotonic()
        breed_on(population)
        took.append(time.monotonic() - began)
    assert took[0] >= 0.5
    assert [event["likelihood"] for event in events_of(population) if event["event"] == "asked"] == [None, None]
    candidates = [job for job in Job.objects.filter(kind="likelihood") if job.payload["purpose"] == "candidates"]
    assert [job.state for job in candidates] == ["cancelled"]
    assert newest_of(population).number == 2
    assert differences(events_of(population), recorded_of(population)) == []


def test_a_job_that_cannot_be_done_ends_the_waiting_at_once(host: User) -> None:
    population = with_checkpoint(host, make_checkpoint(make_run(host)))
    newest_of(population).individuals.update(nats=2.0)
    over = threading.Event()

    def refuse() -> None:
        while not over.wait(0.02):
            for job in Job.objects.filter(kind="likelihood", state="queued", payload__purpose="candidates"):
                handler_for(Kind.LIKELIHOOD).failed({**job.payload, "job_id": job.pk}, "no such network")
        connections.close_all()

    thread = threading.Thread(target=refuse)
    thread.start()
    began = time.monotonic()
    try:
        breed_on(population)
    finally:
        over.set()
        thread.join()
    assert time.monotonic() - began < likelihoods.DEADLINE_SECONDS
    assert newest_of(population).number == 1


@pytest.mark.parametrize("answer", [None, [1.0], ["much"] * 6, [float("nan")] * 6, [-1.0] * 6])
def test_an_answer_that_is_none_is_refused(host: User, answer: object) -> None:
    population = with_checkpoint(host, make_checkpoint(make_run(host)))
    job = Job.objects.get(kind="likelihood")
    with pytest.raises(Invalid, match=r"[Ee]xpected"):
        handler_for(Kind.LIKELIHOOD).finished({**job.payload, "job_id": job.pk}, {"nats": answer})
    assert not newest_of(population).individuals.exclude(nats=None).exists()


def test_a_network_that_cannot_judge_a_phrase_is_refused_with_what_to_choose(host: User) -> None:
    classic = make_checkpoint(make_run(host))
    classic.run.config["codec"] = "classic"
    classic.run.save()
    body = {"name": "Evening", "checkpoint": classic.pk, "taste_likelihood": True}
    answer = signed_in(host).post("/api/v1/populations/", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("taste_likelihood: expected a network that plays notes with time")


def test_without_the_switch_no_node_is_asked(host: User) -> None:
    population = make_population(host)
    breed_on(population)
    assert not Job.objects.filter(kind="likelihood").exists()
