"""`python -m generation study DIR`: the study's sweeps, with a progress bar, a table and plots."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from generation.pieces import Piece
from generation.study.plan import PLANS, StudyPlan

HELP = "train the sweeps over batch size, dropout and epochs, and write a table and plots"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside its folder of MIDI files."""
    parser.add_argument("--out", type=Path, default=Path("study"), help="folder for table, plots and what is half done")
    parser.add_argument("--size", choices=sorted(PLANS), default="workstation", help="the paper's size takes days")
    parser.add_argument("--epochs", type=_numbers(int), help="epochs to look after, as 100,256,512,1000")
    parser.add_argument("--batch-sizes", type=_numbers(int), help="as 32,64,128")
    parser.add_argument("--dropouts", type=_numbers(float), help="as 0.1,0.3,0.5,0.7")
    parser.add_argument("--seeds", type=_numbers(int), help="each network is trained once for each, as 1,2,3")
    parser.add_argument("--units", type=int, help="of each LSTM layer")
    parser.add_argument("--notes-per-piece", type=int, help="of each piece's beginning; 0 for all")
    parser.add_argument("--title", help="what the pieces are called in the table; the folder's name without")


def plan_of(options: argparse.Namespace) -> StudyPlan:
    """The plan that the options ask for. Raises StudyRefused."""
    changes: dict[str, Any] = {
        "epochs": options.epochs,
        "batch_sizes": options.batch_sizes,
        "dropouts": options.dropouts,
        "seeds": options.seeds,
        "lstm_units": options.units,
        "dense_units": options.units,
    }
    plan = replace(PLANS[options.size](), **{name: value for name, value in changes.items() if value is not None})
    if options.notes_per_piece is not None:
        plan = replace(plan, notes_per_piece=options.notes_per_piece or None)
    return plan


def run(
    options: argparse.Namespace, pieces: Sequence[Piece], console: Console, should_stop: Callable[[], bool]
) -> list[Path]:
    """Run the study on these pieces and return what was written, the table first. Raises StudyRefused."""
    from generation.study.page import write_study
    from generation.study.running import Hooks, describe, run_study

    plan = plan_of(options)
    facts = describe(pieces, plan)
    arms = plan.arms()
    total = sum(arm.milestones[-1] for arm in arms)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[detail]}"), TimeElapsedColumn())
    done = {arm.name: 0 for arm in arms}
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(f"{len(arms)} networks", total=total, detail="")

        def on_progress(arm: Any, progress: Any) -> None:
            done[arm.name] = max(done[arm.name], progress.epoch)
            bar.update(task, completed=sum(done.values()), detail=f"{arm.name}, epoch {progress.epoch}")

        def on_look(look: Any) -> None:
            console.print(
                f"batch {look.batch_size}, dropout {look.dropout:g}, seed {look.seed}, {look.epochs} epochs: "
                f"loss {look.loss:.3f}, held out {look.held_out_loss:.3f}"
            )

        looks = run_study(pieces, plan, options.out / "networks", Hooks(on_look, on_progress, should_stop))
    if not looks:
        return []
    return write_study(looks, facts, plan, options.out, title=options.title or options.folder.name)


def _numbers(kind: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """What reads numbers with commas between; argparse turns its ValueError into a message."""

    def numbers(text: str) -> tuple[Any, ...]:
        return tuple(kind(part) for part in text.split(","))

    return numbers
