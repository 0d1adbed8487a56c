"""The pieces of a training run, as they come in its archive."""

import io
import json
import logging
import zipfile

from antiphon.node.errors import JobImpossible
from generation.pieces import Piece
from generation.score.midi import MidiRefused

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"


def unpack(archive: bytes) -> list[Piece]:
    """The pieces in a run's archive, in the manifest's order. Raises JobImpossible where there is none."""
    pieces = []
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for entry in json.loads(files.read(MANIFEST)):
            try:
                pieces.append(Piece.from_midi(entry["name"], files.read(entry["path"])))
            except MidiRefused as error:
                log.warning("%s is left out: %s", entry["name"], error)
    if not pieces:
        raise JobImpossible("None of the run's files can be read any more. Upload MIDI to its datasets.")
    return pieces
