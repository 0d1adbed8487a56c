"""What a study found: its sweeps as rows, as a Markdown table, and in words that its figures bear out."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from generation.study.looks import Look
from generation.study.plan import BASE_BATCH_SIZE, BASE_DROPOUT, StudyPlan

SWEEPS = ("batch size", "dropout", "epochs")


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over the seeds: its mean, and its standard deviation (0 for one seed)."""

    mean: float
    deviation: float

    def __format__(self, specification: str) -> str:
        text = format(self.mean, specification)
        return f"{text} ± {format(self.deviation, specification)}" if self.deviation else text


@dataclass(frozen=True, slots=True)
class Row:
    """One value of one sweep, over all seeds."""

    sweep: str
    value: float
    is_base: bool
    n_seeds: int
    loss: Spread
    held_out_loss: Spread
    best_held_out_loss: Spread
    best_held_out_epoch: Spread
    seconds: Spread
    teraflop: Spread
    n_different: Spread
    longest_run: Spread
    in_key: Spread


def sweep_rows(looks: Sequence[Look], plan: StudyPlan) -> list[Row]:
    """The rows of the three sweeps, each value once, in the plan's order; values without a look are left out."""
    first = plan.epochs[0]
    base = [look for look in looks if (look.batch_size, look.dropout) == (BASE_BATCH_SIZE, BASE_DROPOUT)]
    early = [look for look in looks if look.epochs == first]
    groups: list[tuple[str, float, bool, list[Look]]] = []
    for size in plan.batch_sizes:
        chosen = [look for look in early if look.batch_size == size and look.dropout == BASE_DROPOUT]
        groups.append(("batch size", size, size == BASE_BATCH_SIZE, chosen))
    for rate in plan.dropouts:
        chosen = [look for look in early if look.dropout == rate and look.batch_size == BASE_BATCH_SIZE]
        groups.append(("dropout", rate, rate == BASE_DROPOUT, chosen))
    groups += [
        ("epochs", epochs, epochs == first, [look for look in base if look.epochs == epochs]) for epochs in plan.epochs
    ]
    return [_row(sweep, value, is_base, chosen) for sweep, value, is_base, chosen in groups if chosen]


def _row(sweep: str, value: float, is_base: bool, looks: Sequence[Look]) -> Row:
    def over(figure: Callable[[Look], float]) -> Spread:
        values = [figure(look) for look in looks]
        return Spread(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else 0.0)

    return Row(
        sweep=sweep,
        value=value,
        is_base=is_base,
        n_seeds=len(looks),
        loss=over(lambda look: look.loss),
        held_out_loss=over(lambda look: look.held_out_loss),
        best_held_out_loss=over(lambda look: look.best_held_out_loss),
        best_held_out_epoch=over(lambda look: look.best_held_out_epoch),
        seconds=over(lambda look: look.seconds),
        teraflop=over(lambda look: look.teraflop),
        n_different=over(lambda look: look.n_different),
        longest_run=over(lambda look: look.longest_run),
        in_key=over(lambda look: look.in_key),
    )


HEADINGS = (
    "sweep",
    "value",
    "loss",
    "held-out loss",
    "best held-out",
    "at epoch",
    "seconds",
    "TFLOP",
    "different of 500",
    "longest run",
    "in key",
)


def markdown_table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table; the value that all sweeps share is marked."""
    lines = [f"| {' | '.join(HEADINGS)} |", f"|{'---|' * len(HEADINGS)}"]
    for row in rows:
        cells = (
            row.sweep,
            f"**{row.value:g}**" if row.is_base else f"{row.value:g}",
            f"{row.loss:.3f}",
            f"{row.held_out_loss:.2f}",
            f"{row.best_held_out_loss:.3f}",
            f"{row.best_held_out_epoch:.0f}",
            f"{row.seconds:.0f}",
            f"{row.teraflop:.3g}",
            f"{row.n_different:.0f}",
            f"{row.longest_run:.0f}",
            f"{row.in_key:.2f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
