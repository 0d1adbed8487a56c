"""Reading files: the facts of a good one and the reason of a bad one go on its row. No file stops another."""

import logging

from django.conf import settings
from django.db import transaction

from antiphon.core.errors import NotFound
from antiphon.datasets.models import Dataset, MidiFile
from antiphon.datasets.news import tell
from generation.score.facts import describe
from generation.score.midi import MidiRefused, ReadLimits, read
from generation.score.notes import Score

log = logging.getLogger(__name__)

BATCH = 100
REASON_MAX = 500


def read_limits() -> ReadLimits:
    """How much one MIDI file may hold, by the settings."""
    return ReadLimits(max_bytes=settings.MIDI_MAX_BYTES, max_notes=settings.MIDI_MAX_NOTES)


def ingest(*, dataset_id: int) -> int:
    """Read every waiting file of a dataset, batch by batch, and return how many. Safe to repeat, and to break off."""
    dataset = Dataset.objects.filter(pk=dataset_id).first()
    if dataset is None:
        raise NotFound(f"Dataset {dataset_id} was deleted.")
    n_read = 0
    last = 0
    while batch := list(dataset.files.filter(state=MidiFile.State.WAITING, pk__gt=last).order_by("pk")[:BATCH]):
        for midi_file in batch:
            judge(midi_file)
        with transaction.atomic():
            MidiFile.objects.bulk_update(batch, ["state", "reason", "facts"])
            tell(dataset)
        n_read += len(batch)
        last = batch[-1].pk
    return n_read


def judge(midi_file: MidiFile) -> None:
    """Set a file's state, and its facts or its reason, by reading its bytes. The row is not saved."""
    try:
        midi_file.facts = describe(read_score(midi_file)).to_json()
    except MidiRefused as refused:
        _refuse(midi_file, str(refused))
    except OSError as error:
        log.warning("the bytes of file %s cannot be had: %s", midi_file.pk, error)
        _refuse(midi_file, "Its bytes are not in the store. Upload the file again.")
    except Exception:
        log.exception("file %s could not be read", midi_file.pk)
        _refuse(midi_file, "It could not be read, for a reason that has been logged. Export it again.")
    else:
        midi_file.state = MidiFile.State.ACCEPTED


def read_score(midi_file: MidiFile) -> Score:
    """The score in a file. Raises MidiRefused, or OSError where the bytes are gone."""
    with midi_file.file.open("rb") as stream:
        return read(stream.read(), limits=read_limits())


def _refuse(midi_file: MidiFile, reason: str) -> None:
    midi_file.state = MidiFile.State.REFUSED
    midi_file.reason = reason[:REASON_MAX]
