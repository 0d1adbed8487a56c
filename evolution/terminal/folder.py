"""A run on the disk: a JSON file written whole after every answer, and every phrase of every generation as MIDI."""

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evolution.terminal.runs import Run, run_from_json
from generation.score.midi import write
from generation.score.notes import Score

VERSION = 1
RUN_FILE = "run.json"


class FolderRefused(ValueError):
    """A folder that no run can be kept in or taken up from; the message says what to do."""

    code = "folder_refused"


@dataclass(frozen=True)
class Kept:
    """All that is stored of a session: the run, the limits, and the places rated in this generation, in order."""

    run: Run
    faithful: bool
    generation_limit: int
    fitness_limit: float | None
    told: tuple[int, ...] = ()


def save(folder: Path, kept: Kept) -> None:
    """Write the run file. Raises OSError."""
    content: dict[str, Any] = {
        "version": VERSION,
        "faithful": kept.faithful,
        "generation_limit": kept.generation_limit,
        "fitness_limit": kept.fitness_limit,
        "told": list(kept.told),
        "run": kept.run.to_json(),
    }
    write_whole(folder / RUN_FILE, json.dumps(content).encode())


def load(folder: Path) -> Kept:
    """The run in a folder. Raises FolderRefused."""
    path = folder / RUN_FILE
    if not path.is_file():
        raise FolderRefused(f"There is no run in {folder}: expected {path}. Check the path, or begin with --out.")
    try:
        data = json.loads(path.read_bytes())
        if data["version"] != VERSION:
            raise FolderRefused(f"{path} is of version {data['version']}, expected {VERSION}: use the newer program.")
        return Kept(
            run_from_json(data["run"]),
            bool(data["faithful"]),
            int(data["generation_limit"]),
            data["fitness_limit"],
            tuple(data["told"]),
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, FolderRefused):
            raise
        raise FolderRefused(f"{path} is no run that can be read ({error}): take another folder.") from error


def phrase_path(folder: Path, generation: int, place: int) -> Path:
    """Where a phrase is kept, generations and phrases counted from 1 as they are said."""
    return folder / f"generation-{generation + 1:03d}" / f"phrase-{place + 1:02d}.mid"


def write_phrases(folder: Path, generation: int, scores: list[Score]) -> None:
    """Write those phrases of a generation that are not there yet. Raises OSError."""
    for place, score in enumerate(scores):
        path = phrase_path(folder, generation, place)
        if not path.exists():
            write_whole(path, write(score))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, even when the machine stops. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        half = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            half.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                half.unlink()
            raise
