"""`manage.py study DATASET`: the study's sweeps on a dataset, trained on this machine."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from antiphon.datasets.models import Dataset
from antiphon.datasets.selectors import accepted_files
from generation.study.arguments import add_arguments, to_arguments


class Command(BaseCommand):
    help = (
        "Train the sweeps over batch size, dropout and epochs on a dataset's accepted files on this machine, and write "
        "a table and plots."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", help="the dataset's name or number")
        add_arguments(parser)

    def handle(self, *args: Any, dataset: str, **options: Any) -> None:
        found = find_dataset(dataset)
        with tempfile.TemporaryDirectory(prefix="antiphon-study-") as folder:
            n_files = lay_out(found, Path(folder))
            self.stdout.write(f"{found.name}: {n_files} files.")
            # In a process of its own: nothing of Django's needs TensorFlow, and nothing of TensorFlow's Django.
            command = [
                sys.executable,
                "-m",
                "generation",
                "study",
                folder,
                *to_arguments({**options, "title": options["title"] or found.name}),
            ]
            ended = subprocess.run(command, check=False)  # noqa: S603
        if ended.returncode:
            raise CommandError("The study did not end; what is done is kept, and the same command goes on from there.")


def find_dataset(name: str) -> Dataset:
    """The dataset of that name or number. Raises CommandError where there is none, or several."""
    found = Dataset.objects.filter(name=name)
    if not found and name.isdigit():
        found = Dataset.objects.filter(pk=int(name))
    if len(found) != 1:
        known = ", ".join(f"{one.pk} ({one.name})" for one in Dataset.objects.order_by("pk")[:20])
        how_many = "several datasets are" if found else "no dataset is"
        raise CommandError(f"{how_many.capitalize()} called {name!r}. Give a number: {known or 'there are none yet'}.")
    return found[0]


def lay_out(dataset: Dataset, folder: Path) -> int:
    """Put the dataset's accepted files into a folder and return how many. Raises CommandError where there are none."""
    n_files = 0
    for midi_file in accepted_files(Dataset.objects.filter(pk=dataset.pk)):
        with midi_file.file.open("rb") as stream:
            (folder / f"{n_files:04d} {Path(midi_file.name).stem[:80]}.mid").write_bytes(stream.read())
        n_files += 1
    if not n_files:
        raise CommandError(f"{dataset.name} has no accepted file. Upload MIDI, or wait until it has been read.")
    return n_files
