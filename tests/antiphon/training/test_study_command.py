"""`manage.py study`: a dataset's files go to the study, and its words come back."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from antiphon.datasets.ingest import ingest
from antiphon.datasets.models import Dataset
from antiphon.datasets.services import create_dataset, upload_files, upload_limits
from tests.antiphon.hosts import make_host
from tests.antiphon.pieces import midi_bytes
from tests.antiphon.training.runs import make_dataset

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_study_of_a_dataset_leaves_its_table_and_plots(tmp_path: Path) -> None:
    dataset = create_dataset(owner=make_host(), name="Mine")
    uploads = [SimpleUploadedFile(f"{index}.mid", midi_bytes(40, shift=index)) for index in range(3)]
    upload_files(dataset=dataset, uploads=uploads, limits=upload_limits())
    ingest(dataset_id=dataset.pk)
    out = tmp_path / "study"
    options = ["--epochs", "1,2", "--batch-sizes", "64", "--dropouts", "0.3", "--seeds", "1", "--units", "4"]
    call_command("study", str(dataset.pk), "--out", str(out), *options)
    table = (out / "study.md").read_text()
    assert "The sweeps on Mine" in table
    assert table.count("| epochs |") == 2
    assert {path.name for path in out.iterdir()} >= {"study.md", "study.json", "study-epochs.svg", "study-sweeps.svg"}


def test_an_unknown_dataset_is_named_with_those_there_are() -> None:
    dataset = make_dataset(make_host())
    with pytest.raises(CommandError, match=rf"called 'Yours'.*{dataset.pk} \(Mine\)"):
        call_command("study", "Yours")


def test_a_dataset_without_accepted_files_is_refused() -> None:
    empty = Dataset.objects.create(owner=make_host(), name="Empty", licence="CC0-1.0")
    with pytest.raises(CommandError, match="no accepted file"):
        call_command("study", str(empty.pk))
