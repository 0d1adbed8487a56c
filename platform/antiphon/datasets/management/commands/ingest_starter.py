"""`manage.py ingest_starter`: the starter datasets."""

from typing import Any

from django.core.management.base import BaseCommand

from antiphon.datasets.models import MidiFile
from antiphon.datasets.starter import ingest_starters


class Command(BaseCommand):
    help = "Make the two starter datasets, each file with its licence. Doing it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for dataset in ingest_starters():
            accepted = dataset.files.filter(state=MidiFile.State.ACCEPTED).count()
            self.stdout.write(f"{dataset.name}: {accepted} of {dataset.files.count()} files accepted")
