"""The API for workers, over HTTP."""

import io
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from rest_framework.test import APIClient

from antiphon.core.enqueue import cancel, enqueue
from antiphon.core.jobs import Handler, Kind, Payload, _handlers, register
from antiphon.workers.models import Job, Node
from antiphon.workers.nodes import create_node
from tests.antiphon.hosts import make_host, signed_in

pytestmark = pytest.mark.django_db


class Kept:
    """What came in."""

    artefacts: list[bytes]
    results: list[Payload]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """An app that answers for `train` during one test."""
    kept = Kept()
    kept.artefacts, kept.results = [], []
    monkeypatch.setitem(_handlers, Kind.TRAIN, _handlers[Kind.TRAIN])

    def received(payload: Payload, name: str, file: Any, facts: Payload) -> Payload:
        kept.artefacts.append(file.read())
        return {"name": name, **facts}

    register(
        Kind.TRAIN,
        Handler(
            specification=lambda payload: {"seed": payload["seed"]},
            archive=lambda payload: b"PK-archive",
            resume=lambda payload, name: io.BytesIO(kept.artefacts[-1]) if kept.artefacts else None,
            received=received,
            finished=lambda payload, result: kept.results.append(result),
        ),
    )
    return kept


@pytest.fixture
def node() -> APIClient:
    """A node that is known."""
    _, token = create_node(name="attic")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Node {token}")
    return client


def address(job_id: int, what: str) -> str:
    return f"/api/v1/node/jobs/{job_id}/{what}"


def claimed(node: APIClient) -> tuple[int, str]:
    job_id = enqueue(Kind.TRAIN, seed=7)
    return job_id, node.post(address(job_id, "claim")).json()["lease"]


def test_a_node_introduces_itself(node: APIClient) -> None:
    said = node.post("/api/v1/node/hello", {"facts": {"devices": ["CPU"]}}, format="json")
    assert said.json() == {"node": "attic", "lease_seconds": 60}
    assert Node.objects.get().facts == {"devices": ["CPU"]}


def test_a_whole_job(node: APIClient, kept: Kept) -> None:
    job_id = enqueue(Kind.TRAIN, seed=7)
    claim = node.post(address(job_id, "claim")).json()
    assert claim["specification"] == {"seed": 7}
    assert (claim["job"], claim["kind"], claim["attempt"], claim["has_archive"]) == (job_id, "train", 1, True)
    lease = claim["lease"]
    assert node.get(address(job_id, "archive"), headers={"X-Lease": lease}).content == b"PK-archive"
    assert node.get(address(job_id, "artefacts/latest"), headers={"X-Lease": lease}).status_code == 204
    report = node.post(address(job_id, "progress"), {"lease": lease, "progress": {"fraction": 0.5}}, format="json")
    assert report.json() == {"cancel": False, "lease_seconds": 60}
    body = {"lease": lease, "facts": json.dumps({"epoch": 3}), "file": SimpleUploadedFile("c", b"weights")}
    received = node.post(address(job_id, "artefacts") + "?name=checkpoint", body, format="multipart")
    assert (received.status_code, received.json()) == (201, {"name": "checkpoint", "epoch": 3})
    latest = node.get(address(job_id, "artefacts/latest"), headers={"X-Lease": lease})
    assert latest.getvalue() == b"weights"
    for _ in range(2):
        result = node.post(address(job_id, "result"), {"lease": lease, "result": {"loss": 1.5}}, format="json")
        assert result.status_code == 204
    assert kept.results == [{"loss": 1.5}]
    assert Job.objects.get(pk=job_id).state == Job.State.DONE


def test_a_cancelled_job_says_so(node: APIClient, kept: Kept) -> None:
    job_id, lease = claimed(node)
    cancel(job_id)
    assert node.post(address(job_id, "progress"), {"lease": lease}, format="json").json()["cancel"] is True
    waiting = enqueue(Kind.TRAIN, seed=7)
    cancel(waiting)
    assert node.post(address(waiting, "claim")).json()["code"] == "cancelled"


def test_what_cannot_be_claimed_says_why(node: APIClient, kept: Kept) -> None:
    job_id, _ = claimed(node)
    taken, gone = node.post(address(job_id, "claim")), node.post(address(0, "claim"))
    assert (taken.status_code, taken.json()["code"]) == (409, "taken")
    assert (gone.status_code, gone.json()["code"]) == (409, "gone")


def test_a_lost_lease_says_so_everywhere(node: APIClient, kept: Kept) -> None:
    job_id, _ = claimed(node)
    lease = str(uuid.uuid4())
    file = SimpleUploadedFile("c", b"weights")
    answers = [
        node.get(address(job_id, "archive"), headers={"X-Lease": lease}),
        node.get(address(job_id, "artefacts/latest"), headers={"X-Lease": lease}),
        node.post(address(job_id, "progress"), {"lease": lease}, format="json"),
        node.post(address(job_id, "artefacts"), {"lease": lease, "file": file}, format="multipart"),
        node.post(address(job_id, "result"), {"lease": lease, "result": {}}, format="json"),
        node.post(address(job_id, "failure"), {"lease": lease, "reason": "x"}, format="json"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "lease_lost")] * 6
    assert kept.artefacts == []


@pytest.mark.parametrize("lease", [None, "nonsense"])
def test_a_lease_that_is_none_is_a_bad_request(node: APIClient, kept: Kept, lease: str | None) -> None:
    job_id, _ = claimed(node)
    headers = {"X-Lease": lease} if lease else {}
    assert node.get(address(job_id, "archive"), headers=headers).status_code == 400
    assert node.post(address(job_id, "progress"), {"lease": lease}, format="json").status_code == 400


def test_a_failure_gives_the_job_back(node: APIClient, kept: Kept) -> None:
    job_id, lease = claimed(node)
    said = node.post(address(job_id, "failure"), {"lease": lease, "reason": "no memory"}, format="json")
    assert said.status_code == 204
    assert Job.objects.values_list("state", "reason").get(pk=job_id) == ("queued", "no memory")


def test_an_artefact_that_is_too_big_is_refused(node: APIClient, kept: Kept) -> None:
    job_id, lease = claimed(node)
    with override_settings(CHECKPOINT_MAX_BYTES=3):
        body = {"lease": lease, "file": SimpleUploadedFile("c", b"weights")}
        said = node.post(address(job_id, "artefacts") + "?name=checkpoint", body, format="multipart")
    assert (said.status_code, said.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("facts", ["[1]", "{", "NaN"])
def test_facts_that_are_no_json_object_are_refused(node: APIClient, kept: Kept, facts: str) -> None:
    job_id, lease = claimed(node)
    body = {"lease": lease, "facts": facts, "file": SimpleUploadedFile("c", b"weights")}
    assert node.post(address(job_id, "artefacts"), body, format="multipart").status_code == 400


ADDRESSES = [
    ("post", "/api/v1/node/hello"),
    *(("post", address(1, what)) for what in ("claim", "progress", "artefacts", "result", "failure")),
    *(("get", address(1, what)) for what in ("archive", "artefacts/latest")),
]


@pytest.mark.parametrize(("method", "at"), ADDRESSES)
def test_only_a_node_comes_in(method: str, at: str) -> None:
    strangers = [APIClient(), signed_in(make_host(is_operator=True)), APIClient()]
    strangers[2].credentials(HTTP_AUTHORIZATION="Node antiphon_node_wrong")
    for stranger in strangers:
        said = getattr(stranger, method)(at)
        assert said.status_code == 401, at
        assert said["WWW-Authenticate"] == "Node"


def test_a_nodes_token_opens_nothing_else(node: APIClient) -> None:
    for at in ("/api/v1/me/", "/api/v1/datasets/", "/api/v1/training/runs/", "/api/v1/jobs/"):
        assert node.get(at).status_code == 401


def test_a_host_sees_their_own_last_jobs() -> None:
    host, other = make_host(), make_host()
    for owner in (host, other, host):
        enqueue(Kind.TRAIN, owner_id=owner.pk, run_id=1)
    found = signed_in(host).get("/api/v1/jobs/").json()
    assert [job["state"] for job in found] == ["queued", "queued"]
    assert found[0]["id"] > found[1]["id"]
