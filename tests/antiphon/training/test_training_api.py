"""Training over HTTP: who sees what, and what comes back."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from antiphon.accounts.models import User
from antiphon.training import reports, selectors
from antiphon.training.drawing import samples_drawn
from antiphon.training.models import Checkpoint, TrainingRun
from antiphon.workers.models import Job
from generation.score.midi import read
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.pieces import melody
from tests.antiphon.training.runs import make_checkpoint, make_dataset, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def browser(host: User) -> APIClient:
    return signed_in(host)


@pytest.fixture
def checkpoint(host: User) -> Checkpoint:
    return make_checkpoint(make_run(host))


def draw(checkpoint: Checkpoint, n: int = 2) -> None:
    settings = {"count": n, "length": 8, "seed": 1}
    payload = {"checkpoint_id": checkpoint.pk, "settings": settings, "job_id": 77}
    samples_drawn(payload, {"scores": [melody(8, shift=index).to_json() for index in range(n)]})


def test_presets_are_told_with_their_config(browser: APIClient) -> None:
    presets = {preset["name"]: preset for preset in browser.get("/api/v1/training/presets/").json()}
    assert {"paper", "quick"} <= set(presets)
    assert presets["paper"]["config"]["lstm_units"] == 512


def test_a_host_starts_and_stops_a_run(browser: APIClient, host: User) -> None:
    wish = {"name": "Evening", "datasets": [make_dataset(host).pk], "preset": "quick", "epochs": 2}
    made = browser.post("/api/v1/training/runs/", wish, format="json")
    assert made.status_code == 201
    run = made.json()
    assert (run["state"], run["config"]["epochs"], run["datasets"][0]["name"]) == ("queued", 2, "Mine")
    assert run["progress"] == {
        "fraction": 0.0,
        "epoch": 0,
        "epochs": 0,
        "loss": None,
        "held_out_loss": None,
        "seconds_elapsed": 0.0,
        "seconds_left": None,
        "terms_per_second": None,
    }
    stopped = browser.post(f"/api/v1/training/runs/{run['id']}/stop/")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "stopped")
    assert browser.post(f"/api/v1/training/runs/{run['id']}/stop/").status_code == 409
    assert browser.delete(f"/api/v1/training/runs/{run['id']}/").status_code == 204


@pytest.mark.parametrize(
    "changes",
    [{"datasets": []}, {"datasets": ["x"]}, {"preset": "huge"}, {"epochs": 0}, {"max_seconds": -1}, {"seed": 2**31}],
)
def test_a_bad_wish_is_refused_naming_its_field(browser: APIClient, host: User, changes: dict[str, object]) -> None:
    wish = {"name": "x", "datasets": [make_dataset(host).pk], "preset": "quick", **changes}
    response = browser.post("/api/v1/training/runs/", wish, format="json")
    assert response.status_code == 400
    assert next(iter(response.json()["fields"])).split(".")[0] in changes


def test_nobody_trains_on_anothers_dataset(browser: APIClient) -> None:
    wish = {"name": "x", "datasets": [make_dataset(make_host()).pk], "preset": "quick"}
    assert browser.post("/api/v1/training/runs/", wish, format="json").status_code == 404
    assert not TrainingRun.objects.exists()


def test_losses_are_listed_by_epoch(browser: APIClient, host: User) -> None:
    run = make_run(host)
    losses = [{"epoch": 2, "loss": 1.0, "seconds": 2.0}, {"epoch": 1, "loss": 2.0, "seconds": 1.0}]
    said = {"fraction": 0.5, "epoch": 2, "epochs": 4, "seconds_elapsed": 2.0, "losses": losses}
    reports.run_progressed(run.pk, said)
    assert browser.get(f"/api/v1/training/runs/{run.pk}/losses/").json() == [
        {"epoch": 1, "loss": 2.0, "held_out_loss": None, "seconds": 1.0},
        {"epoch": 2, "loss": 1.0, "held_out_loss": None, "seconds": 2.0},
    ]


def test_a_checkpoint_is_listed_and_downloaded(browser: APIClient, checkpoint: Checkpoint) -> None:
    (listed,) = browser.get("/api/v1/training/checkpoints/").json()
    assert listed["run"] == {
        "id": checkpoint.run_id,
        "name": "Evening",
        "preset": "quick",
        "codec": "expressive",
        "is_rewriting": False,
    }
    response = browser.get(f"/api/v1/training/checkpoints/{checkpoint.pk}/file/")
    assert response.getvalue() == b"weights"
    assert response["Content-Disposition"] == 'attachment; filename="Evening epoch 1.antiphon"'


def test_samples_are_ordered_heard_and_downloaded(browser: APIClient, checkpoint: Checkpoint) -> None:
    ordered = browser.post(f"/api/v1/training/checkpoints/{checkpoint.pk}/samples/", {"count": 2}, format="json")
    assert ordered.status_code == 202
    payload = Job.objects.get(pk=ordered.json()["job"]).payload
    assert (payload["settings"]["count"], payload["settings"]["length"]) == (2, 128)
    draw(checkpoint)
    samples = browser.get("/api/v1/training/samples/", {"checkpoint": checkpoint.pk}).json()
    assert [sample["index"] for sample in samples] == [0, 1]
    assert len(samples[0]["phrase"]["notes"]) == 8
    midi = browser.get(f"/api/v1/training/samples/{samples[1]['id']}/midi/")
    assert len(read(midi.content).notes) == 8
    assert browser.get("/api/v1/training/samples/", {"checkpoint": "x"}).status_code == 400


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"count": 17},
        {"count": 1, "temperature": 3},
        {"count": 1, "top_p": 0},
        {"count": 1, "top_k": -1},
        {"count": 1, "temperatures": {"loudness": 1.0}},
        {"count": 1, "temperatures": {"velocity": 9.0}},
        {"count": 1, "key": "D", "scale": "sad"},
        {"count": 1, "prime": {"file": 1, "first_bar": 3, "last_bar": 2}},
        {"count": 1, "prime": {"file": 1, "first_bar": 1, "last_bar": 17}},
    ],
)
def test_a_bad_wish_for_samples_is_refused(browser: APIClient, checkpoint: Checkpoint, wish: dict[str, Any]) -> None:
    response = browser.post(f"/api/v1/training/checkpoints/{checkpoint.pk}/samples/", wish, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_others_find_nothing_and_strangers_do_not_come_in(checkpoint: Checkpoint) -> None:
    draw(checkpoint)
    sample = checkpoint.samples.first()
    assert sample is not None
    requests = [
        ("get", f"runs/{checkpoint.run_id}/"),
        ("delete", f"runs/{checkpoint.run_id}/"),
        ("get", f"runs/{checkpoint.run_id}/losses/"),
        ("post", f"runs/{checkpoint.run_id}/stop/"),
        ("post", f"runs/{checkpoint.run_id}/resume/"),
        ("get", f"checkpoints/{checkpoint.pk}/report/"),
        ("post", f"checkpoints/{checkpoint.pk}/report/"),
        ("get", f"checkpoints/{checkpoint.pk}/file/"),
        ("post", f"checkpoints/{checkpoint.pk}/samples/"),
        ("get", f"samples/{sample.pk}/midi/"),
    ]
    other, stranger = signed_in(make_host(is_operator=True)), APIClient()
    for method, address in requests:
        assert getattr(other, method)(f"/api/v1/training/{address}").status_code == 404, address
        assert getattr(stranger, method)(f"/api/v1/training/{address}").status_code == 401, address
    for address in ("presets/", "runs/", "checkpoints/", "samples/"):
        assert stranger.get(f"/api/v1/training/{address}").status_code == 401
        if address != "presets/":
            assert other.get(f"/api/v1/training/{address}").json() == []


def test_lists_take_a_fixed_number_of_queries(host: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        draw_from = make_checkpoint(make_run(host), b"weights")
    draw(draw_from)
    with django_assert_num_queries(3):
        for run in selectors.runs_of(host):
            assert [dataset.name for dataset in run.datasets.all()] == ["Mine"]
            assert len(run.checkpoints.all()) == 1
    with django_assert_num_queries(1):
        assert {one.run.name for one in selectors.checkpoints_of(host)} == {"Evening"}
    with django_assert_num_queries(1):
        assert len(list(selectors.samples_of(host))) == 2
