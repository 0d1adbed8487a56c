"""Populations on their way out: MIDI of an individual, a zip of a generation."""

import csv
import io
import json
import zipfile

from antiphon.populations.models import Generation, Individual, Population
from antiphon.populations.selectors import individuals_with_lineage, parents_of
from evolution.frame import Frame
from evolution.genome import Genome, decode
from generation.score.midi import write
from generation.score.notes import Score

ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the same generation gives the same bytes
COLUMNS = ("file", "number", "operator", "parents", "sample", "fitness", "standard_error", "ratings")
README = """{population}: generation {generation}

Each .mid file is one phrase of this generation, as it was heard: tempo, key, meter and human timing are in the file.
fitness.csv has one row a phrase: its fitness on the scale of 0-5, the standard error of that estimate, how many ratings
it rests on, and its parents as GENERATION.NUMBER. frame.json is what all phrases of the population share.

The fitness is an estimate from all listeners' ratings together, freed of how strict or how erratic each of them is.
"""

REHEARSAL = "A rehearsal: what was rated here was rated by simulated listeners, not by people.\n\n"


def individual_midi(individual: Individual) -> bytes:
    """The phrase as a MIDI file."""
    return write(Score.from_json(individual.score))


def individual_score(individual: Individual, *, is_written: bool) -> tuple[Score, int]:
    """The phrase as it was heard, or as it would be written down; and how many bars it has."""
    frame = Frame.from_json(individual.generation.population.frame)
    score = decode(Genome.from_json(individual.genome), frame) if is_written else Score.from_json(individual.score)
    return score, frame.bars


def individual_name(individual: Individual) -> str:
    """A name for the phrase's file, without its ending."""
    generation = individual.generation
    return f"{export_name(generation.population)} generation {generation.ordinal} phrase {individual.index + 1:02d}"


def generation_zip(generation: Generation) -> bytes:
    """All phrases of a generation as MIDI, with fitness and lineage as CSV and a README."""
    buffer = io.BytesIO()
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for individual in individuals_with_lineage(generation):
            name = f"phrase_{individual.index + 1:02d}.mid"
            add_file(archive, name, individual_midi(individual))
            rows.writerow(_row(individual, name))
        add_file(archive, "fitness.csv", table.getvalue().encode())
        add_file(archive, "frame.json", json.dumps(generation.population.frame, indent=2).encode())
        readme = README.format(population=generation.population.name, generation=generation.ordinal)
        add_file(archive, "README.txt", rehearsal_line(generation.population) + readme.encode())
    return buffer.getvalue()


def rehearsal_line(population: Population) -> bytes:
    """What is said first in everything that leaves a rehearsal; nothing of other populations."""
    return REHEARSAL.encode() if population.is_rehearsal else b""


def export_name(population: Population) -> str:
    """The population's name at the head of a file's name: of a rehearsal it says so."""
    is_said = not population.is_rehearsal or population.name.startswith("Rehearsal")
    return population.name if is_said else f"Rehearsal {population.name}"


def _row(individual: Individual, name: str) -> tuple[object, ...]:
    return (
        name,
        individual.index + 1,
        individual.operator,
        " ".join(f"{parent.generation + 1}.{parent.number}" for parent in parents_of(individual)),
        individual.sample_id or "",
        "" if individual.fitness is None else f"{individual.fitness:.4f}",
        "" if individual.standard_error is None else f"{individual.standard_error:.4f}",
        individual.n_ratings,
    )


def add_file(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
