"""`train DIR`: a network trained on a folder of MIDI files, with progress bars, to be stopped and resumed."""

import argparse
import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from generation.pieces import Piece
from generation.presets import PRESETS, NetworkConfig
from generation.progress import Progress as Moment
from generation.terminal.files import (
    listed,
    read_checkpoint,
    read_folder,
    refuse_existing,
    write_whole,
)
from generation.terminal.refusals import DONE, STOPPED, TerminalRefused
from generation.terminal.starting import start_networks
from generation.terminal.stopping import asked_to_stop

if TYPE_CHECKING:
    from generation.training import TrainingResult

HELP = "train a network on a folder of MIDI files"
SUFFIX = ".antiphon"
STATE_SUFFIX = ".state"
MINUTE = 60
ENDS = {
    "finished": "all epochs are done",
    "no_improvement": "nothing got better any more",
    "time": "its time was up",
    "asked": "it was stopped",
    "diverged": "the loss was no number any more",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="MIDI files, folders below included")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="quick", help="see `presets` (default: quick)")
    parser.add_argument("--out", type=Path, help="checkpoint to write (default: DIR-PRESET.antiphon)")
    parser.add_argument("--epochs", type=int, help="instead of the preset's")
    parser.add_argument("--max-seconds", type=float, help="instead of the preset's; 0 for no limit")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same network (default: 1)")
    parser.add_argument("--resume", action="store_true", help="go on where --out was stopped")
    parser.add_argument("--force", action="store_true", help="overwrite --out")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a field of the preset anew")


def run(options: argparse.Namespace, console: Console) -> int:
    """Train, and return the exit code. Raises TerminalRefused and what training raises."""
    out = options.out or Path(f"{options.folder.resolve().name}-{options.preset}{SUFFIX}")
    state_path = out.with_name(out.name + STATE_SUFFIX)
    earlier = _earlier(out, state_path) if options.resume else None
    if not options.resume:
        refuse_existing([out], force=options.force)
    if options.resume:
        start_networks(console)
    config = _config(options, out)
    pieces = _pieces(options.folder, console)
    start_networks(console)
    console.print(f"{len(pieces)} pieces, preset {config.preset}. Ctrl-C stops, and keeps what is learnt.")

    began = time.monotonic()
    result = _train(pieces, config, options.seed, earlier, out, state_path, console)
    if result.reason in ("finished", "no_improvement"):
        state_path.unlink(missing_ok=True)
    _tell(result, out, time.monotonic() - began, console)
    return STOPPED if result.reason == "asked" else DONE


def _earlier(out: Path, state_path: Path) -> bytes:
    for path in (state_path, out):
        if path.is_file():
            return path.read_bytes()
    raise TerminalRefused(f"There is nothing to resume: neither {state_path} nor {out} exists. Leave --resume out.")


def _config(options: argparse.Namespace, out: Path) -> NetworkConfig:
    """The preset's config, or that of the checkpoint to resume, with what the options change. Raises ConfigRefused."""
    resumes = options.resume and out.is_file()
    config = read_checkpoint(out).config if resumes else PRESETS[options.preset].config
    changes: dict[str, Any] = dict(_change(config, text) for text in options.set)
    if options.epochs is not None:
        changes["epochs"] = options.epochs
    if options.max_seconds is not None:
        changes["max_seconds"] = options.max_seconds or None
    return config.with_changes(**changes)


def _change(config: NetworkConfig, text: str) -> tuple[str, Any]:
    """NAME=VALUE as a field of the config and a value of the kind that it has. Raises TerminalRefused."""
    name, _, value = text.partition("=")
    fixed = ("preset", "codec", "architecture")
    numeric = {field.name for field in dataclasses.fields(config)} - {*fixed, "optimizer"}
    if name == "optimizer" and value in ("adam", "rmsprop"):
        return name, value
    if name not in numeric:
        known = ", ".join(sorted(numeric))
        raise TerminalRefused(f"--set: expected NAME=VALUE with a name of {known}, or optimizer=adam; got {text!r}.")
    kind = float if name in ("dropout", "learning_rate", "max_seconds") else int
    try:
        return name, kind(value)
    except ValueError:
        wanted = "a whole number" if kind is int else "a number"
        raise TerminalRefused(f"--set {name}: expected {wanted}, got {value!r}.") from None


def _pieces(folder: Path, console: Console) -> list[Piece]:
    with console.status(f"Reading {folder}"):
        pieces, refusals = read_folder(folder)
    if refusals:
        console.print(
            f"Left out, of {len(pieces) + len(refusals)} files:\n{listed(refusals)}", markup=False, highlight=False
        )
    return pieces


def _train(
    pieces: list[Piece],
    config: NetworkConfig,
    seed: int,
    earlier: bytes | None,
    out: Path,
    state_path: Path,
    console: Console,
) -> "TrainingResult":
    start_networks(console)
    from generation.training import train

    columns = (
        TextColumn("epoch {task.fields[epoch]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[detail]}"),
    )
    with asked_to_stop() as should_stop, Progress(*columns, console=console) as bar:
        task = bar.add_task("training", total=1.0, epoch=f"0/{config.epochs}", detail="")

        def on_progress(moment: Moment) -> None:
            bar.update(
                task, completed=moment.fraction, epoch=f"{moment.epoch}/{moment.epochs}", detail=describe(moment)
            )

        return train(
            pieces,
            config,
            seed=seed,
            on_progress=on_progress,
            on_checkpoint=lambda data, moment: write_whole(out, data),
            on_state=lambda data, moment: write_whole(state_path, data),
            should_stop=should_stop,
            resume_from=earlier,
        )


def describe(moment: Moment) -> str:
    """Loss, held-out loss, terms a second and time left, as far as they are known."""
    parts = [
        f"loss {moment.loss:.3f}" if moment.loss is not None else "",
        f"held out {moment.held_out_loss:.3f}" if moment.held_out_loss is not None else "",
        f"{moment.terms_per_second:,.0f} terms/s" if moment.terms_per_second else "",
        f"{duration(moment.seconds_left)} left" if moment.seconds_left is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """Seconds as people say them: "1:05"."""
    minutes, rest = divmod(max(0, round(seconds)), MINUTE)
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _tell(result: "TrainingResult", out: Path, seconds: float, console: Console) -> None:
    best = result.best
    losses = f"loss {best.loss:.3f}" if best.loss is not None else "loss unknown"
    if best.held_out_loss is not None:
        losses += f", held out {best.held_out_loss:.3f}"
    console.print(
        f"{out}: epoch {best.epoch}, {losses}. Training took {duration(seconds)} and ended: {ENDS[result.reason]}.",
        highlight=False,
    )
    if result.reason in ("asked", "time"):
        console.print("Go on with the same command and --resume.")
