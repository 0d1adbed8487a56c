"""The two starter datasets that come with the product: every file with its licence, its authors and its source."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from antiphon.datasets.ingest import judge
from antiphon.datasets.models import Dataset, MidiFile

STARTER_FOLDER = Path(__file__).parent / "starter"
LICENCES_FOLDER = STARTER_FOLDER / "LICENSES"
NOTICES = "Each file carries its own licence and attribution."


@dataclass(frozen=True)
class Starter:
    """One starter dataset: the folder that its files lie in, and what is said of it."""

    folder: str
    name: str
    description: str
    licence: str


STARTERS = (
    Starter(
        folder="dataset1",
        name="Whole pieces",
        description="54 whole pieces: classical works as written, piano pieces with tempo and dynamics shaped by hand, "
        "and electronic and rock music from games, with many tracks and drums.",
        licence="Public domain, CC0, CC BY, CC BY-SA and BSD-3-Clause; see each file",
    ),
    Starter(
        folder="dataset2",
        name="Short chords",
        description="29 short chord progressions: a guitarist's timing, synthetic guitar minor chords whose timing was "
        "modelled on it, and minor progressions in block chords.",
        licence="CC0 and MIT; see each file",
    ),
)


@dataclass(frozen=True)
class ManifestRow:
    """What the manifest says of one file."""

    path: str
    sha256: str
    licence: str
    attribution: str
    source: str
    note: str


def manifest() -> Iterator[ManifestRow]:
    """The manifest's rows, in its order."""
    with (STARTER_FOLDER / "MANIFEST.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield ManifestRow(**{name: row[name] for name in ManifestRow.__dataclass_fields__})


def ingest_starters() -> list[Dataset]:
    """Make the starter datasets, or bring them up to the manifest. Doing it again changes nothing."""
    rows = list(manifest())
    return [
        _ingest(starter, [row for row in rows if row.path.startswith(f"{starter.folder}/")]) for starter in STARTERS
    ]


@transaction.atomic
def _ingest(starter: Starter, rows: list[ManifestRow]) -> Dataset:
    dataset, _ = Dataset.objects.update_or_create(
        owner=None,
        name=starter.name,
        defaults={"description": starter.description, "licence": starter.licence, "attribution": NOTICES},
    )
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    present = {midi_file.sha256: midi_file for midi_file in dataset.files.all()}
    for row in rows:
        midi_file = present.pop(row.sha256, None) or _read(dataset, row)
        said = {
            "name": row.path.removeprefix(f"{starter.folder}/"),
            "licence": row.licence,
            "attribution": row.attribution,
            "source": "; ".join(part for part in (row.source, row.note) if part),
        }
        if midi_file.pk is None or any(getattr(midi_file, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(midi_file, name, value)
            midi_file.save()
    for gone in present.values():
        gone.delete()
    return dataset


def _read(dataset: Dataset, row: ManifestRow) -> MidiFile:
    data = (STARTER_FOLDER / row.path).read_bytes()
    midi_file = MidiFile(dataset=dataset, name=row.path, sha256=row.sha256, n_bytes=len(data))
    midi_file.file.save(row.path, ContentFile(data), save=False)
    judge(midi_file)
    return midi_file
