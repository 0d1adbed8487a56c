"""A population as one archive: settings, frame, seeds, events, genomes with lineage, ratings without names."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, astuple, fields
from importlib.metadata import version
from typing import Any

from antiphon.populations.estimates import GivenDuel, GivenRating, given_answers
from antiphon.populations.exports import add_file, rehearsal_line
from antiphon.populations.models import Population
from antiphon.populations.replaying import Recorded, events_of, recorded_of

ARCHIVE_VERSION = 1
README = """{population}: everything that its breeding rests on

population.json   frame, settings, seed, how generations close, and the version of the program that bred it.
events.json       what happened, in order: from it every generation can be bred again to the bit.
individuals.json  every phrase of every generation: genome, operators, parents, fitness with its standard error.
ratings.csv       every rating: listeners are numbered by their first one, and nothing else is told of them. Its kind
                  tells what was new to them from anchors and hidden repeats; who is set aside does not count. Simulated
                  listeners, who come into rehearsals only, are marked.
duels.csv         which of two phrases a listener liked better.

Generations and phrases are counted from 0 here. To breed it again and compare every genome:

    python manage.py replay --archive FILE
"""


def archive_of(population: Population) -> bytes:
    """The archive as the bytes of a zip; the same population gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        add_file(archive, "README.txt", rehearsal_line(population) + README.format(population=population.name).encode())
        add_file(archive, "population.json", _json(_facts(population)))
        add_file(archive, "events.json", _json(events_of(population)))
        add_file(archive, "individuals.json", _json([asdict(one) for one in recorded_of(population)]))
        given = given_answers(population.pk)
        add_file(archive, "ratings.csv", _table(GivenRating, given.ratings))
        add_file(archive, "duels.csv", _table(GivenDuel, given.duels))
    return buffer.getvalue()


def read_archive(content: bytes) -> tuple[list[dict[str, Any]], list[Recorded]]:
    """The events and individuals of an archive. Raises ValueError where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            facts, events, individuals = (
                json.loads(archive.read(name)) for name in ("population.json", "events.json", "individuals.json")
            )
        if facts["version"] != ARCHIVE_VERSION:
            raise ValueError(f"expected an archive of version {ARCHIVE_VERSION}, got {facts['version']!r}")
        return events, [Recorded.from_json(one) for one in individuals]
    except (zipfile.BadZipFile, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"expected an archive of a population, got something else ({error!r})") from error


def _facts(population: Population) -> dict[str, Any]:
    return {
        "version": ARCHIVE_VERSION,
        "program": version("antiphon"),
        "name": population.name,
        "is_rehearsal": population.is_rehearsal,
        "frame": population.frame,
        "settings": population.settings,
        "encoding": population.encoding,
        "is_faithful": population.is_faithful,
        "seed": population.seed,
        "quorum": population.quorum,
        "births": population.births,
        "closing": population.closing,
        "wanted_error": population.wanted_error,
        "minutes": population.minutes,
    }


def _table(kind: type[Any], given: Sequence[Any]) -> bytes:
    """CSV of dataclasses of one kind, a column a field."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(field.name for field in fields(kind))
    rows.writerows(astuple(one) for one in given)
    return table.getvalue().encode()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode()
