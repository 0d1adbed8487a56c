"""`manage.py replay POPULATION` or `--archive FILE`: breed a population again and compare every genome."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from antiphon.populations.archive import read_archive
from antiphon.populations.models import Population
from antiphon.populations.replaying import Recorded, differences, events_of, recorded_of


class Command(BaseCommand):
    help = "Breed a population again from its events and compare every genome with what was stored, to the bit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("population", nargs="?", type=int, help="the population's number")
        parser.add_argument("--archive", type=Path, help="an archive that was downloaded, instead")

    def handle(self, *args: Any, population: int | None, archive: Path | None, **options: Any) -> None:
        if (population is None) is (archive is None):
            raise CommandError("Expected the number of a population, or --archive FILE. Give one of the two.")
        events, individuals = _archived(archive) if population is None else _stored(population)
        differs = differences(events, individuals)
        for line in differs:
            self.stdout.write(line)
        if differs:
            raise CommandError(
                f"{len(differs)} of {len(individuals)} phrases, or what led to them, came out otherwise."
            )
        n_old = sum(one.born is None for one in individuals)
        older = f" {n_old} older ones have no events to be bred from." if n_old else ""
        self.stdout.write(f"{len(individuals) - n_old} phrases came out the same, to the bit.{older}")


def _archived(archive: Path | None) -> tuple[list[dict[str, Any]], list[Recorded]]:
    try:
        return read_archive(b"" if archive is None else archive.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"{archive}: {error}.") from error


def _stored(population_id: int) -> tuple[list[dict[str, Any]], list[Recorded]]:
    found = Population.objects.filter(pk=population_id).first()
    if found is None:
        raise CommandError(f"There is no population {population_id}.")
    return events_of(found), recorded_of(found)
