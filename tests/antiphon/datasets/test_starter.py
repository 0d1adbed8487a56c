"""The starter datasets: all files accepted, each with its licence, made once."""

import hashlib

import pytest
from django.core.management import call_command

from antiphon.datasets.models import Dataset, MidiFile
from antiphon.datasets.starter import LICENCES_FOLDER, STARTER_FOLDER, manifest


def test_the_manifest_names_every_file_with_its_bytes_and_licence() -> None:
    rows = {row.path: row for row in manifest()}
    found = {str(path.relative_to(STARTER_FOLDER)) for path in STARTER_FOLDER.rglob("*.mid")}
    assert set(rows) == found
    for path, row in rows.items():
        assert hashlib.sha256((STARTER_FOLDER / path).read_bytes()).hexdigest() == row.sha256
        assert row.licence
        assert row.source
        assert row.attribution or row.licence == "CC0-1.0"


def test_the_licences_that_ask_for_their_text_lie_beside_the_files() -> None:
    texts = {path.stem.split("_")[0] for path in LICENCES_FOLDER.iterdir()}
    assert {"freedoom", "guitarset", "free-midi-chords", "oga", "openscore"} <= texts


@pytest.mark.django_db
def test_ingesting_twice_is_ingesting_once() -> None:
    call_command("ingest_starter", verbosity=0)
    first = set(MidiFile.objects.values_list("pk", "sha256"))
    call_command("ingest_starter", verbosity=0)
    assert set(MidiFile.objects.values_list("pk", "sha256")) == first
    assert len(first) == 83
    assert Dataset.objects.filter(owner=None).count() == 2
    assert not MidiFile.objects.exclude(state=MidiFile.State.ACCEPTED).exists()
    assert not MidiFile.objects.filter(licence="").exists()
