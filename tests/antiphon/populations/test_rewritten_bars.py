"""While a generation is rated, a node writes a bar of each phrase anew, and breeding finds the bars ready."""

from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from antiphon.accounts.models import User
from antiphon.core.errors import Invalid
from antiphon.node.client import NodeClient
from antiphon.node.worker import NodeWorker
from antiphon.populations import breeding, services
from antiphon.populations.models import Population
from antiphon.populations.services import PopulationOrder
from antiphon.training.models import Checkpoint
from antiphon.training.reports import best_checkpoint
from antiphon.training.services import start_run
from antiphon.workers.models import Job
from antiphon.workers.nodes import create_node
from evolution.genome import Genome
from tests.antiphon.hosts import make_host
from tests.antiphon.training.runs import make_checkpoint, make_dataset, make_run

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {
    "lstm_units": 8, "lstm_layers": 1, "dense_units": 8, "embedding_units": 4, "window": 8, "window_after": 4,
    "batch_size": 4, "epochs": 1, "max_seconds": None,
}  # fmt: skip


@pytest.fixture
def worker(live_server: LiveServer) -> Iterator[NodeWorker]:
    """A node of the platform that the test runs."""
    _, token = create_node(name="attic")
    client = NodeClient(live_server.url, token, patience_seconds=5)
    yield NodeWorker(client)
    client.close()


@pytest.fixture
def host() -> User:
    return make_host()


def population_of(host: User, *, rewriter_id: int | None, seed: int = 5) -> Population:
    order = PopulationOrder(
        name="Evening",
        checkpoint_id=None,
        frame={"bars": 2, "notes_per_bar": 8},
        settings={"size": 4},
        quorum=2,
        seed=seed,
        rewriter_id=rewriter_id,
    )
    population = services.create_population(owner_id=host.pk, order=order)
    breeding.seed(population_id=population.pk, sample_job_id=None)
    return population


def trained_rewriter(host: User, worker: NodeWorker) -> Checkpoint:
    """A very small network that fills bars, trained for real."""
    run = start_run(owner=host, name="Bars", datasets=[make_dataset(host, n_files=4)], preset="bars", seed=3)
    run.config = {**run.config, **SMALL}
    run.save()
    worker.work(run.job_id or 0)
    run.refresh_from_db()
    best = best_checkpoint(run)
    assert best is not None
    return best


def test_a_bar_of_each_phrase_is_written_anew_and_the_rest_stays(host: User, worker: NodeWorker) -> None:
    rewriter = trained_rewriter(host, worker)
    population = population_of(host, rewriter_id=rewriter.pk)
    worker.work(Job.objects.get(kind="rewrite").pk)

    individuals = list(population.generations.get().individuals.order_by("index"))
    assert any(individual.variants for individual in individuals)
    for individual in individuals:
        genome = Genome.from_json(individual.genome)
        for variant in individual.variants:
            written = Genome.from_json(variant["genome"])
            assert written.expression == genome.expression
            kept, fresh = (notes[notes["bar"] != variant["bar"]].tolist() for notes in (genome.notes, written.notes))
            assert [note[:5] for note in kept] == [note[:5] for note in fresh]
            assert written != genome


def test_the_same_seed_asks_for_the_same_bars(host: User, worker: NodeWorker) -> None:
    rewriter = trained_rewriter(host, worker)
    found = []
    for _ in range(2):
        population = population_of(host, rewriter_id=rewriter.pk)
        worker.work(Job.objects.filter(kind="rewrite").latest("pk").pk)
        found.append([one.variants for one in population.generations.get().individuals.order_by("index")])
    assert found[0] == found[1]


def test_a_network_that_plays_on_is_refused_with_what_to_choose(host: User) -> None:
    with pytest.raises(Invalid, match="preset `bars`"):
        population_of(host, rewriter_id=make_checkpoint(make_run(host)).pk)


def test_without_such_a_network_nothing_is_ordered(host: User) -> None:
    population_of(host, rewriter_id=None)
    assert not Job.objects.filter(kind="rewrite").exists()
