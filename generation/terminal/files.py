"""Files that commands read and write: folders of MIDI, scores, checkpoints, results that overwrite nothing."""

import contextlib
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generation.pieces import Piece
from generation.score.arrangement import slice_bars
from generation.score.bars import bar_starts
from generation.score.midi import MidiRefused, read
from generation.score.notes import Score
from generation.terminal.refusals import TerminalRefused

if TYPE_CHECKING:
    from generation.checkpoint import Checkpoint

MIDI_SUFFIXES = (".mid", ".midi", ".rmi", ".kar")
REASONS_MAX = 20  # refused files that are named one by one
BARS = re.compile(r"^(\d+)-(\d+)$")


@dataclass(frozen=True)
class Refusal:
    """A file that is not among the pieces, and why."""

    name: str
    reason: str


def read_folder(folder: Path) -> tuple[list[Piece], list[Refusal]]:
    """All MIDI files in a folder and those below it, by name, and those refused. Raises TerminalRefused for none."""
    if not folder.exists():
        raise TerminalRefused(f"There is no folder {folder}: check the path.")
    if not folder.is_dir():
        raise TerminalRefused(f"{folder} is a file; expected a folder with MIDI files (.mid) in it.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in MIDI_SUFFIXES and path.is_file())
    if not paths:
        what = "is empty" if not any(folder.iterdir()) else "has no MIDI file (.mid) in it"
        raise TerminalRefused(f"{folder} {what}: put some MIDI files there, or name another folder.")
    pieces, refusals = [], []
    for path in paths:
        name = str(path.relative_to(folder))
        try:
            pieces.append(Piece.from_midi(name, path.read_bytes()))
        except MidiRefused as error:
            refusals.append(Refusal(name, str(error)))
        except OSError as error:
            refusals.append(Refusal(name, error.strerror or str(error)))
    if not pieces:
        raise TerminalRefused(
            f"None of the {len(paths)} files in {folder} can be read:\n{listed(refusals)}\nExport them again as MIDI."
        )
    return pieces, refusals


def listed(refusals: list[Refusal]) -> str:
    """Refused files with their reasons, a line each, the first of many."""
    lines = [f"  {refusal.name}: {refusal.reason}" for refusal in refusals[:REASONS_MAX]]
    if len(refusals) > REASONS_MAX:
        lines.append(f"  and {len(refusals) - REASONS_MAX} more")
    return "\n".join(lines)


def read_score(path: Path) -> Score:
    """The score in a MIDI file. Raises TerminalRefused."""
    if not path.is_file():
        raise TerminalRefused(f"There is no MIDI file {path}: check the path.")
    try:
        return read(path.read_bytes())
    except MidiRefused as error:
        raise TerminalRefused(f"{path} can't be read: {error}.") from None


def read_checkpoint(path: Path) -> "Checkpoint":
    """The checkpoint in a file. Raises TerminalRefused."""
    if not path.is_file():
        raise TerminalRefused(f"There is no checkpoint {path}: make one with `python -m generation train`.")
    from generation.archive import CheckpointRefused
    from generation.checkpoint import load

    try:
        return load(path.read_bytes())
    except CheckpointRefused as error:
        raise TerminalRefused(f"{path} is no checkpoint that can be read: {error}.") from None


def bars_of(text: str) -> tuple[int, int]:
    """`A-B`, bars from 1 with B included, as (first, end) from 0 with `end` not included. Raises TerminalRefused."""
    found = BARS.match(text)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= first <= last:
        raise TerminalRefused(f"Expected bars as 5-8, the first being 1; got {text!r}.")
    return first - 1, last


def cut_bars(score: Score, bars: tuple[int, int]) -> Score:
    """The bars of a score that `bars_of` read; those after its end are silence. Raises TerminalRefused."""
    first, end = bars
    n_bars = len(bar_starts(score)) - 1
    if first >= n_bars:
        raise TerminalRefused(f"Expected bars from 1 to {n_bars}, for there are no more; got {first + 1}-{end}.")
    return slice_bars(score, first, end)


def refuse_existing(paths: Iterable[Path], *, force: bool) -> None:
    """Raises TerminalRefused where a file would be overwritten that nobody said may be."""
    existing = [path for path in paths if path.exists()]
    if existing and not force:
        more = f" and {len(existing) - 1} more" if len(existing) > 1 else ""
        raise TerminalRefused(f"{existing[0]}{more} exists already: add --force to overwrite, or change --out.")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, its folder too. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        half = Path(file.name)
        try:
            file.write(data)
            file.flush()
            half.chmod(0o644)
            half.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                half.unlink()
            raise
