"""What a host does with datasets and their files."""

import hashlib
from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from antiphon.accounts.models import User
from antiphon.core.enqueue import enqueue
from antiphon.core.jobs import Kind
from antiphon.datasets.intake import Incoming, Limits, take
from antiphon.datasets.models import Dataset, MidiFile
from antiphon.datasets.news import tell

REASON_MAX = 500


def upload_limits() -> Limits:
    """How much one request may bring, by the settings."""
    return Limits(
        max_files=settings.UPLOAD_MAX_FILES,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        max_unpacked_bytes=settings.UPLOAD_MAX_UNPACKED_BYTES,
        max_file_bytes=settings.MIDI_MAX_BYTES,
    )


def create_dataset(
    *, owner: User, name: str, description: str = "", licence: str = "", attribution: str = ""
) -> Dataset:
    """An empty dataset of a host's own."""
    return Dataset.objects.create(
        owner=owner, name=name, description=description, licence=licence, attribution=attribution
    )


def change_dataset(*, dataset: Dataset, changes: dict[str, str]) -> Dataset:
    """Set some of a dataset's words anew."""
    for field, value in changes.items():
        setattr(dataset, field, value)
    dataset.save(update_fields=list(changes))
    return dataset


@transaction.atomic
def delete_dataset(*, dataset: Dataset) -> None:
    """Delete a dataset with its files. What was trained on it stays."""
    for midi_file in dataset.files.exclude(file=""):
        _delete_bytes_on_commit(midi_file)
    dataset.delete()


@transaction.atomic
def delete_file(*, midi_file: MidiFile) -> None:
    """Delete one file of a dataset."""
    if midi_file.file:
        _delete_bytes_on_commit(midi_file)
    dataset = midi_file.dataset
    midi_file.delete()
    tell(dataset)


def upload_files(
    *,
    dataset: Dataset,
    uploads: "Iterable[UploadedFile[bytes]]",
    limits: Limits,
    licence: str = "",
    attribution: str = "",
) -> list[MidiFile]:
    """Keep what came, one row a file, and order it to be read; a file that is not kept has its reason on its row.

    Raises TooLarge, keeping nothing, where the whole is more than is taken at once.
    """
    stored: list[MidiFile] = []
    try:
        with transaction.atomic():
            Dataset.objects.select_for_update().get(pk=dataset.pk)
            known = dict(dataset.files.exclude(file="").values_list("sha256", "name"))
            for incoming in take(uploads, limits):
                midi_file = _row(dataset, incoming, known)
                midi_file.licence, midi_file.attribution = licence, attribution
                stored.append(midi_file)
            rows = MidiFile.objects.bulk_create(stored)
            if any(row.state == MidiFile.State.WAITING for row in rows):
                enqueue(Kind.INGEST, owner_id=dataset.owner_id, dataset_id=dataset.pk)
            tell(dataset)
            return rows
    except BaseException:
        for midi_file in stored:
            if midi_file.file:
                midi_file.file.storage.delete(str(midi_file.file.name))
        raise


@transaction.atomic
def read_again(*, dataset: Dataset) -> None:
    """Order every file whose bytes were kept to be read anew, after the reading itself has changed."""
    dataset.files.exclude(file="").update(state=MidiFile.State.WAITING, reason="", facts={})
    enqueue(Kind.INGEST, owner_id=dataset.owner_id, dataset_id=dataset.pk)
    tell(dataset)


def _row(dataset: Dataset, incoming: Incoming, known: dict[str, str]) -> MidiFile:
    """The row of one file that came, its bytes stored where they are to be read; `known` learns its hash."""
    sha256 = hashlib.sha256(incoming.data).hexdigest() if incoming.data else ""
    midi_file = MidiFile(dataset=dataset, name=incoming.name, sha256=sha256, n_bytes=incoming.n_bytes)
    reason = incoming.reason
    if not reason and sha256 in known:
        reason = f"It is the same as {known[sha256]}, which this dataset has already."
    if reason:
        midi_file.state = MidiFile.State.REFUSED
        midi_file.reason = reason[:REASON_MAX]
    else:
        known[sha256] = incoming.name
        midi_file.file.save(incoming.name, ContentFile(incoming.data), save=False)
    return midi_file


def _delete_bytes_on_commit(midi_file: MidiFile) -> None:
    transaction.on_commit(partial(midi_file.file.storage.delete, str(midi_file.file.name)))
