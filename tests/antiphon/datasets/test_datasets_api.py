"""Datasets over HTTP: who sees what, and what comes back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from rest_framework.test import APIClient

from antiphon.accounts.models import User
from antiphon.datasets import selectors
from antiphon.datasets.ingest import ingest
from antiphon.datasets.models import Dataset, MidiFile
from antiphon.datasets.services import create_dataset, upload_files, upload_limits
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.pieces import midi_bytes, zip_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def browser(host: User) -> APIClient:
    return signed_in(host)


def filled(owner: User | None, *names: str) -> Dataset:
    dataset = Dataset.objects.create(owner=owner, name=f"of {owner}")
    uploads = [SimpleUploadedFile(name, midi_bytes(shift=index)) for index, name in enumerate(names)]
    upload_files(dataset=dataset, uploads=uploads, limits=upload_limits())
    ingest(dataset_id=dataset.pk)
    return dataset


def files_of(browser: APIClient, dataset_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get(f"/api/v1/datasets/{dataset_id}/files/").json()
    return found


def test_a_host_makes_changes_and_deletes_a_dataset(browser: APIClient) -> None:
    made = browser.post("/api/v1/datasets/", {"name": "Mine", "licence": "CC0"}, format="json")
    assert made.status_code == 201
    address = f"/api/v1/datasets/{made.json()['id']}/"
    changed = browser.patch(address, {"description": "Evenings"}, format="json").json()
    assert (changed["name"], changed["description"], changed["licence"]) == ("Mine", "Evenings", "CC0")
    assert browser.delete(address).status_code == 204
    assert browser.get(address).status_code == 404


def test_an_upload_gives_one_row_a_file(browser: APIClient, host: User) -> None:
    dataset = create_dataset(owner=host, name="Mine")
    files = [
        SimpleUploadedFile("a.mid", midi_bytes()),
        SimpleUploadedFile("b.zip", zip_bytes({"c.mid": midi_bytes(shift=1), "notes.txt": b"words"})),
    ]
    response = browser.post(f"/api/v1/datasets/{dataset.pk}/files/", {"files": files}, format="multipart")
    assert response.status_code == 202
    assert [file["name"] for file in response.json()["files"]] == ["a.mid", "c.mid", "notes.txt"]
    ingest(dataset_id=dataset.pk)
    assert [file["state"] for file in files_of(browser, dataset.pk)] == ["accepted", "accepted", "refused"]
    counts = browser.get(f"/api/v1/datasets/{dataset.pk}/").json()
    assert counts["files"] == {"waiting": 0, "accepted": 2, "refused": 1}
    assert (counts["notes"], counts["seconds"]) == (32, 16.0)


def test_an_upload_without_files_is_refused(browser: APIClient, host: User) -> None:
    dataset = create_dataset(owner=host, name="Mine")
    response = browser.post(f"/api/v1/datasets/{dataset.pk}/files/", {}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_an_upload_of_too_much_is_413_with_a_message(browser: APIClient, host: User) -> None:
    dataset = create_dataset(owner=host, name="Mine")
    files = [SimpleUploadedFile(f"{i}.mid", b"x") for i in range(4)]
    for limits in ({"UPLOAD_MAX_FILES": 3}, {"DATA_UPLOAD_MAX_NUMBER_FILES": 3}, {"UPLOAD_MAX_BYTES": 3}):
        with override_settings(**limits):
            response = browser.post(f"/api/v1/datasets/{dataset.pk}/files/", {"files": files}, format="multipart")
        assert (response.status_code, response.json()["code"]) == (413, "too_large")
        for file in files:
            file.seek(0)


def test_a_host_hears_and_downloads_a_file(browser: APIClient, host: User) -> None:
    dataset = filled(host, "a.mid")
    file_id = files_of(browser, dataset.pk)[0]["id"]
    phrase = browser.get(f"/api/v1/files/{file_id}/phrase/").json()
    assert (len(phrase["notes"]), phrase["bars"]) == (16, 4)
    midi = browser.get(f"/api/v1/files/{file_id}/midi/")
    assert midi.content == midi_bytes()
    assert midi["Content-Disposition"] == 'attachment; filename="a.mid"'
    assert browser.delete(f"/api/v1/files/{file_id}/").status_code == 204
    assert files_of(browser, dataset.pk) == []


def test_a_refused_file_cannot_be_heard(browser: APIClient, host: User) -> None:
    dataset = filled(host, "a.mid")
    upload_files(dataset=dataset, uploads=[SimpleUploadedFile("b.mid", b"")], limits=upload_limits())
    refused = MidiFile.objects.get(name="b.mid")
    for what in ("phrase", "midi"):
        response = browser.get(f"/api/v1/files/{refused.pk}/{what}/")
        assert response.status_code == 409
        assert "The file is empty." in response.json()["message"]


def requests_for(dataset: Dataset, midi_file: MidiFile) -> list[tuple[str, str]]:
    return [
        ("get", f"/api/v1/datasets/{dataset.pk}/"),
        ("patch", f"/api/v1/datasets/{dataset.pk}/"),
        ("delete", f"/api/v1/datasets/{dataset.pk}/"),
        ("get", f"/api/v1/datasets/{dataset.pk}/files/"),
        ("post", f"/api/v1/datasets/{dataset.pk}/files/"),
        ("get", f"/api/v1/files/{midi_file.pk}/phrase/"),
        ("get", f"/api/v1/files/{midi_file.pk}/midi/"),
        ("delete", f"/api/v1/files/{midi_file.pk}/"),
    ]


def test_other_hosts_and_operators_find_nothing(host: User) -> None:
    dataset = filled(host, "a.mid")
    for other in (make_host(), make_host(is_operator=True)):
        browser = signed_in(other)
        assert browser.get("/api/v1/datasets/").json() == []
        for method, address in requests_for(dataset, dataset.files.get()):
            assert getattr(browser, method)(address).status_code == 404, address


def test_nobody_comes_in_without_signing_in(host: User) -> None:
    dataset = filled(host, "a.mid")
    for method, address in [("get", "/api/v1/datasets/"), *requests_for(dataset, dataset.files.get())]:
        response = getattr(APIClient(), method)(address)
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated"), address


def test_a_page_from_elsewhere_cannot_post_for_a_host(host: User) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(host)
    response = browser.post("/api/v1/datasets/", {"name": "x"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


def test_a_starter_dataset_is_seen_by_all_and_changed_by_none(browser: APIClient) -> None:
    dataset = filled(None, "a.mid")
    assert browser.get(f"/api/v1/datasets/{dataset.pk}/").json()["is_starter"] is True
    for method, address in requests_for(dataset, dataset.files.get()):
        assert getattr(browser, method)(address).status_code == (200 if method == "get" else 403), address


def test_the_list_of_datasets_takes_one_query(host: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        filled(host, "a.mid", "b.mid")
    with django_assert_num_queries(1):
        assert len(list(selectors.datasets_with_counts(host))) == 3
