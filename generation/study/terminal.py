"""`python -m generation study DIR`: the study's sweeps, with a progress bar, a table and plots."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from generation.pieces import Piece
from generation.study.arguments import HELP, add_arguments, plan_of

__all__ = ["HELP", "add_arguments", "run"]


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
