"""Uploaded files are kept, read, and judged one by one."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from antiphon.accounts.models import User
from antiphon.core.errors import NotFound, TooLarge
from antiphon.datasets import services
from antiphon.datasets.ingest import ingest
from antiphon.datasets.models import Dataset, MidiFile
from antiphon.workers.actors import work
from antiphon.workers.models import Job
from generation.score.midi import read
from tests.antiphon.hosts import make_host
from tests.antiphon.pieces import midi_bytes, zip_bytes

pytestmark = pytest.mark.django_db
MADE = Path(__file__).parents[2] / "data" / "torture" / "made_cc0"


@pytest.fixture
def dataset() -> Dataset:
    """An empty dataset."""
    return services.create_dataset(owner=make_host(), name="Mine")


def upload(dataset: Dataset, *files: tuple[str, bytes]) -> list[MidiFile]:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return services.upload_files(dataset=dataset, uploads=uploads, limits=services.upload_limits())


def test_a_good_file_is_accepted_with_its_facts(dataset: Dataset) -> None:
    (row,) = upload(dataset, ("a.mid", midi_bytes(16)))
    assert row.state == MidiFile.State.WAITING
    assert ingest(dataset_id=dataset.pk) == 1
    row.refresh_from_db()
    assert row.state == MidiFile.State.ACCEPTED
    assert (row.facts["n_notes"], row.facts["meter"], row.facts["n_bars"]) == (16, "4/4", 4)


def test_a_broken_file_is_refused_with_its_reason_and_the_rest_goes_on(dataset: Dataset) -> None:
    upload(dataset, ("a.mid", midi_bytes()[:40]), ("b.txt", b"not music at all"), ("c.mid", midi_bytes()))
    ingest(dataset_id=dataset.pk)
    states = dict(dataset.files.values_list("name", "state"))
    assert states == {"a.mid": "refused", "b.txt": "refused", "c.mid": "accepted"}
    assert all(row.reason for row in dataset.files.filter(state="refused"))


def test_a_file_that_is_there_already_is_refused_naming_its_twin(dataset: Dataset) -> None:
    upload(dataset, ("a.mid", midi_bytes()))
    (again,) = upload(dataset, ("b.mid", midi_bytes()))
    assert again.state == MidiFile.State.REFUSED
    assert again.reason == "It is the same as a.mid, which this dataset has already."
    assert not again.file


def test_twins_within_one_upload_are_kept_once(dataset: Dataset) -> None:
    rows = upload(dataset, ("a.zip", zip_bytes({"x.mid": midi_bytes(), "y.mid": midi_bytes()})))
    assert [row.state for row in rows] == ["waiting", "refused"]


def test_the_same_file_may_be_in_two_datasets(dataset: Dataset) -> None:
    other = services.create_dataset(owner=make_host(), name="Other")
    (one,), (two,) = upload(dataset, ("a.mid", midi_bytes())), upload(other, ("a.mid", midi_bytes()))
    assert one.file.name != two.file.name
    assert two.state == MidiFile.State.WAITING


def test_an_upload_that_is_too_large_leaves_nothing(dataset: Dataset, tmp_path: Path) -> None:
    with override_settings(MEDIA_ROOT=tmp_path, UPLOAD_MAX_FILES=2), pytest.raises(TooLarge):
        upload(dataset, *[(f"{i}.mid", midi_bytes(shift=i)) for i in range(3)])
    assert dataset.files.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_upload_orders_its_files_to_be_read(dataset: Dataset) -> None:
    upload(dataset, ("a.mid", midi_bytes()))
    job = Job.objects.get()
    assert (job.kind, job.payload, job.owner) == ("ingest", {"dataset_id": dataset.pk}, dataset.owner)
    work(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"files": 1})
    assert dataset.files.get().state == MidiFile.State.ACCEPTED


def test_an_upload_of_nothing_readable_orders_nothing(dataset: Dataset) -> None:
    upload(dataset, ("a.mid", b""))
    assert not Job.objects.exists()


def test_reading_again_changes_nothing(dataset: Dataset) -> None:
    upload(dataset, ("a.mid", midi_bytes()))
    assert (ingest(dataset_id=dataset.pk), ingest(dataset_id=dataset.pk)) == (1, 0)


def test_bytes_that_are_gone_are_a_reason(dataset: Dataset) -> None:
    (row,) = upload(dataset, ("a.mid", midi_bytes()))
    row.file.storage.delete(str(row.file.name))
    ingest(dataset_id=dataset.pk)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("refused", "Its bytes are not in the store. Upload the file again.")


def test_a_dataset_that_was_deleted_is_not_read() -> None:
    with pytest.raises(NotFound):
        ingest(dataset_id=0)


def test_deleting_removes_the_bytes(dataset: Dataset, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    one, two = upload(dataset, ("a.mid", midi_bytes()), ("b.mid", midi_bytes(shift=1)))
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_file(midi_file=one)
    assert not one.file.storage.exists(str(one.file.name))
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_dataset(dataset=dataset)
    assert not two.file.storage.exists(str(two.file.name))
    assert not MidiFile.objects.exists()


def test_a_dataset_can_be_read_anew(dataset: Dataset) -> None:
    upload(dataset, ("a.mid", midi_bytes()), ("b.mid", midi_bytes(shift=1)))
    ingest(dataset_id=dataset.pk)
    services.read_again(dataset=dataset)
    assert dataset.files.filter(state="waiting").count() == 2
    assert ingest(dataset_id=dataset.pk) == 2


def test_every_odd_file_gets_a_verdict(dataset: Dataset) -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(MADE.iterdir()) if path.suffix != ".tsv"]
    assert len(files) > 20
    upload(dataset, *files)
    ingest(dataset_id=dataset.pk)
    assert not dataset.files.filter(state="waiting").exists()
    assert not dataset.files.filter(state="refused", reason="").exists()
    for row in dataset.files.filter(state="accepted"):
        with row.file.open("rb") as stream:
            assert len(read(stream.read()).notes) == row.facts["n_notes"]


def test_a_host_is_told_of_verdicts(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, object]] = []
    monkeypatch.setattr("antiphon.datasets.news.broadcast", lambda group, event: told.append((group, event)))
    upload(dataset, ("a.mid", midi_bytes()), ("b.mid", b"x"))
    ingest(dataset_id=dataset.pk)
    owner: User = dataset.owner  # type: ignore[assignment]
    assert [group for group, _ in told] == [f"host.{owner.pk}"] * 2
    assert told[-1][1].model_dump() == {  # type: ignore[attr-defined]
        "type": "dataset_changed",
        "dataset": dataset.pk,
        "waiting": 0,
        "accepted": 1,
        "refused": 1,
    }
