"""Every endpoint of the API by every role, in one table; an endpoint that is not in the table fails the test."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver
from rest_framework.test import APIClient

from antiphon.accounts.models import Listener, User
from antiphon.config.api_urls import urlpatterns
from antiphon.gallery.services import exhibit
from antiphon.listening import services as listening
from antiphon.listening.rehearsal.services import order_rehearsal
from antiphon.training.models import Report, Sample
from antiphon.workers.models import Job
from antiphon.workers.nodes import create_node
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World
from tests.antiphon.pieces import midi_bytes
from tests.antiphon.populations.bred import make_population, newest_of
from tests.antiphon.training.runs import make_checkpoint, make_dataset, make_run

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
REFUSED = {401, 403}

HOSTS, OWNER, NODES, ANYBODY = "hosts", "owner", "nodes", "anybody"


@dataclass(frozen=True)
class Rule:
    """Who may: any signed-in host, the host whose thing it is (to others it is not there), nodes, or anybody at all."""

    who: str
    body: dict[str, Any] = field(default_factory=dict)


HOST, OWN, NODE, GUEST = Rule(HOSTS), Rule(OWNER), Rule(NODES), Rule(ANYBODY)
TABLE: dict[str, Rule] = {
    "get me/": HOST,
    "get datasets/": HOST,
    "post datasets/": Rule(HOSTS, {"name": "New"}),
    "get datasets/<int:dataset_id>/": OWN,
    "patch datasets/<int:dataset_id>/": Rule(OWNER, {"name": "Other"}),
    "delete datasets/<int:dataset_id>/": OWN,
    "get datasets/<int:dataset_id>/files/": OWN,
    "post datasets/<int:dataset_id>/files/": Rule(OWNER, {"files": "a file"}),
    "delete files/<int:file_id>/": OWN,
    "get files/<int:file_id>/phrase/": OWN,
    "get files/<int:file_id>/midi/": OWN,
    "get files/<int:file_id>/export/": OWN,
    "get training/presets/": HOST,
    "get training/runs/": HOST,
    "post training/runs/": HOST,
    "get training/runs/<int:run_id>/": OWN,
    "delete training/runs/<int:run_id>/": OWN,
    "get training/runs/<int:run_id>/losses/": OWN,
    "post training/runs/<int:run_id>/stop/": OWN,
    "post training/runs/<int:run_id>/resume/": OWN,
    "get training/checkpoints/": HOST,
    "get training/checkpoints/<int:checkpoint_id>/file/": OWN,
    "get training/checkpoints/<int:checkpoint_id>/report/": OWN,
    "post training/checkpoints/<int:checkpoint_id>/report/": OWN,
    "post training/checkpoints/<int:checkpoint_id>/samples/": OWN,
    "get training/samples/": HOST,
    "get training/samples/<int:sample_id>/midi/": OWN,
    "get training/samples/<int:sample_id>/export/": OWN,
    "get populations/": HOST,
    "post populations/": Rule(HOSTS, {"name": "New"}),
    "get populations/options/": HOST,
    "get populations/<int:population_id>/": OWN,
    "delete populations/<int:population_id>/": OWN,
    "post populations/<int:population_id>/clone/": OWN,
    "get populations/<int:population_id>/archive/": OWN,
    "get populations/<int:population_id>/generations/<int:number>/": OWN,
    "get populations/<int:population_id>/generations/<int:number>/midi.zip": OWN,
    "post populations/<int:population_id>/generations/<int:number>/close/": OWN,
    "post populations/<int:population_id>/generations/<int:number>/extend/": Rule(OWNER, {"quorum": 900}),
    "patch populations/<int:population_id>/rule/": Rule(OWNER, {"quorum": 800}),
    "get populations/<int:population_id>/listeners/": OWN,
    "get populations/<int:population_id>/listeners/<int:number>/": OWN,
    "put populations/<int:population_id>/listeners/<int:number>/": Rule(OWNER, {"is_set_aside": True}),
    "get populations/<int:population_id>/gallery/": OWN,
    "put populations/<int:population_id>/gallery/": Rule(OWNER, {"is_shown": True, "allows_midi": False}),
    "get gallery/<int:population_id>/credit/": GUEST,
    "get individuals/<int:individual_id>/midi/": OWN,
    "get individuals/<int:individual_id>/export/": OWN,
    "get rooms/": HOST,
    "post rooms/": HOST,
    "get rooms/<str:code>/": OWN,
    "patch rooms/<str:code>/": Rule(OWNER, {"name": "Other"}),
    "get rooms/<str:code>/dashboard/": OWN,
    "post rooms/<str:code>/state/": Rule(OWNER, {"state": "paused"}),
    "get rooms/<str:code>/qr.svg": OWN,
    "get rooms/<str:code>/rehearsals/": OWN,
    "post rooms/<str:code>/rehearsals/": OWN,
    "get rooms/<str:code>/rehearsals/<int:rehearsal_id>/": OWN,
    "post rooms/<str:code>/rehearsals/<int:rehearsal_id>/stop/": OWN,
    "delete rooms/<str:code>/rehearsals/<int:rehearsal_id>/": OWN,
    "get jobs/": HOST,
    "post node/hello": Rule(NODES, {"facts": {}}),
    "post node/jobs/<int:job_id>/claim": NODE,
    "get node/jobs/<int:job_id>/archive": NODE,
    "post node/jobs/<int:job_id>/progress": NODE,
    "post node/jobs/<int:job_id>/artefacts": NODE,
    "get node/jobs/<int:job_id>/artefacts/latest": NODE,
    "post node/jobs/<int:job_id>/result": NODE,
    "post node/jobs/<int:job_id>/failure": NODE,
}


@dataclass(frozen=True)
class Things:
    """A host with one of everything."""

    host: User
    values: dict[str, Any]

    def address(self, endpoint: str) -> tuple[str, str]:
        """Method and address of an endpoint, of this host's things."""
        method, pattern = endpoint.split(" ", 1)
        for name, value in self.values.items():
            pattern = pattern.replace(f"<{'str' if name == 'code' else 'int'}:{name}>", str(value))
        assert "<" not in pattern, f"{pattern}: add what it names to `things`"
        return method, f"/api/v1/{pattern}"


@pytest.fixture
def things() -> Things:
    host = make_host()
    dataset = make_dataset(host)
    run = make_run(host)
    checkpoint = make_checkpoint(run)
    Report.objects.update_or_create(checkpoint=checkpoint, defaults={"state": "ready", "data": {"seed": 1}})
    population = make_population(host)
    individual = newest_of(population).individuals.all()[0]
    sample = Sample.objects.create(checkpoint=checkpoint, job_id=1, index=0, score=individual.score)
    room = listening.open_room(owner_id=host.pk, population_id=population.pk)
    exhibit(population=population, is_shown=True, allows_midi=False)
    world = World(host=host, population=population, room=room)
    rate(world, Listener.objects.create(name="Ada"), new_in(world.newest), [1, 2, 3, 4, 5, 0])
    rehearsal = order_rehearsal(room=room, n_listeners=5, minutes=1.0, pace_seconds=None)
    return Things(
        host,
        {
            "dataset_id": dataset.pk, "file_id": dataset.files.all()[0].pk, "run_id": run.pk,
            "checkpoint_id": checkpoint.pk, "sample_id": sample.pk, "population_id": population.pk, "number": 0,
            "rehearsal_id": rehearsal.pk, "individual_id": individual.pk, "code": room.code,
            "job_id": Job.objects.get(kind="train", owner=host).pk,
        },
    )  # fmt: skip


def endpoints(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Method and pattern of everything that the API answers."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from endpoints(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            view = one.callback.view_class  # type: ignore[attr-defined]
            yield from (f"{method} {prefix}{one.pattern}" for method in METHODS if hasattr(view, method))


def answer(client: APIClient, things: Things, endpoint: str) -> int:
    """The status of an endpoint's answer; what it did is undone."""
    method, address = things.address(endpoint)
    body = dict(TABLE[endpoint].body)
    if body.get("files"):
        body = {"files": SimpleUploadedFile("one.mid", midi_bytes(shift=9))}
    if "listeners/" in address:
        address = address.replace("listeners/0/", "listeners/1/")
    how = {} if method == "get" else {"format": "multipart" if "files" in body else "json"}
    with transaction.atomic():
        said = getattr(client, method)(address, body, **how)
        if said.streaming:
            b"".join(said.streaming_content)  # a file that is sent is closed at its end
        transaction.set_rollback(True)
    return int(said.status_code)


def test_every_endpoint_is_in_the_table() -> None:
    assert set(endpoints(list(urlpatterns))) == set(TABLE)


def test_nobody_comes_in_without_an_account(things: Things) -> None:
    found = {endpoint: answer(APIClient(), things, endpoint) for endpoint in TABLE}
    assert {endpoint for endpoint, status in found.items() if status not in REFUSED} == {
        endpoint for endpoint, rule in TABLE.items() if rule.who == ANYBODY
    }
    assert {found[endpoint] for endpoint, rule in TABLE.items() if rule.who == ANYBODY} == {200}


@pytest.mark.parametrize("is_operator", [False, True])
def test_to_another_host_or_operator_things_are_not_there(things: Things, is_operator: bool) -> None:
    client = signed_in(make_host(is_operator=is_operator))
    found = {endpoint: answer(client, things, endpoint) for endpoint in TABLE}
    for endpoint, status in found.items():
        match TABLE[endpoint].who:
            case "hosts":
                assert status not in {*REFUSED, 404, 500}, endpoint
            case "owner":
                assert status == 404, (endpoint, status)
            case "nodes":
                assert status in REFUSED, (endpoint, status)
            case "anybody":
                assert status == 200, (endpoint, status)


def test_to_their_host_things_are_there(things: Things) -> None:
    client = signed_in(things.host)
    for endpoint, rule in TABLE.items():
        status = answer(client, things, endpoint)
        if rule.who == NODES:
            assert status in REFUSED, (endpoint, status)
        else:
            assert status not in {*REFUSED, 404, 500}, (endpoint, status)


def test_a_node_may_what_nodes_may_and_nothing_else(things: Things) -> None:
    node, token = create_node(name="attic")
    client = APIClient(HTTP_AUTHORIZATION=f"Node {token}")
    for endpoint, rule in TABLE.items():
        status = answer(client, things, endpoint)
        if rule.who in {NODES, ANYBODY}:
            assert status not in {*REFUSED, 404, 500}, (endpoint, status)
        else:
            assert status in REFUSED, (endpoint, status)
    node.is_enabled = False
    node.save()
    found = {endpoint: answer(client, things, endpoint) for endpoint in TABLE if TABLE[endpoint].who != ANYBODY}
    assert set(found.values()) <= REFUSED
