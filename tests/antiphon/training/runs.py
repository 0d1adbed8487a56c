"""Runs, checkpoints and samples to test with."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from antiphon.accounts.models import User
from antiphon.datasets.ingest import ingest
from antiphon.datasets.models import Dataset
from antiphon.datasets.services import create_dataset, upload_files, upload_limits
from antiphon.training import reports, resuming
from antiphon.training.models import Checkpoint, TrainingRun
from antiphon.training.services import start_run
from tests.antiphon.pieces import midi_bytes


def make_dataset(owner: User, *, n_files: int = 2) -> Dataset:
    """A dataset with accepted files."""
    dataset = create_dataset(owner=owner, name="Mine")
    uploads = [SimpleUploadedFile(f"{index}.mid", midi_bytes(shift=index)) for index in range(n_files)]
    upload_files(dataset=dataset, uploads=uploads, limits=upload_limits())
    ingest(dataset_id=dataset.pk)
    return dataset


def make_run(owner: User) -> TrainingRun:
    """A run that waits for a node."""
    return start_run(owner=owner, name="Evening", datasets=[make_dataset(owner)], preset="quick", seed=3)


def make_checkpoint(run: TrainingRun, content: bytes = b"weights", *, loss: float = 2.0) -> Checkpoint:
    """A checkpoint as a node hands it in."""
    facts = {"epoch": 1, "loss": loss, "held_out_loss": None}
    with transaction.atomic():
        made = reports.checkpoint_received(run.pk, io.BytesIO(content), facts)
    return Checkpoint.objects.get(pk=made["checkpoint"])


def make_state(run: TrainingRun, content: bytes, *, epoch: int) -> None:
    """A training state as a node hands it in."""
    with transaction.atomic():
        resuming.state_received(run.pk, io.BytesIO(content), {"epoch": epoch})
