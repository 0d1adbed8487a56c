"""A study in pictures, as SVG text."""

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from generation.study.looks import Look
from generation.study.plan import BASE_BATCH_SIZE, BASE_DROPOUT, StudyPlan
from generation.study.tables import SWEEPS, Row

TRAIN, JUDGED, COST = "#0072b2", "#d55e00", "#6b6b6b"  # Okabe and Ito's palette, told apart by colour-blind eyes too
SALT = "antiphon"  # fixed, so that the same figures give the same bytes


def loss_curves_svg(looks: Sequence[Look], plan: StudyPlan) -> str:
    """Loss and held-out loss over the epochs of the longest trainings, a line a seed."""
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    axes = figure.add_subplot()
    longest = [
        look
        for look in looks
        if (look.batch_size, look.dropout) == (BASE_BATCH_SIZE, BASE_DROPOUT)
        and look.epochs == max(one.epochs for one in looks if one.seed == look.seed)
    ]
    for index, look in enumerate(longest):
        steps = range(1, len(look.loss_curve) + 1)
        for label, colour, losses in zip(
            ("loss", "held-out loss"), (TRAIN, JUDGED), zip(*look.loss_curve, strict=True), strict=True
        ):
            axes.plot(steps, losses, color=colour, alpha=0.8, linewidth=1.2, label=None if index else label)
    for epochs in plan.epochs:
        axes.axvline(epochs, color=COST, linewidth=0.6, linestyle=":")
    axes.set_xlabel("epochs")
    axes.set_ylabel("nats a token")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    _quieten(axes)
    return _svg(figure)


def sweeps_svg(rows: Sequence[Row]) -> str:
    """Loss, held-out loss and time of each sweep, side by side, with the seeds' standard deviation."""
    figure = Figure(figsize=(9, 6), layout="constrained")
    grid = figure.subplots(2, len(SWEEPS), squeeze=False)
    for column, sweep in enumerate(SWEEPS):
        chosen = [row for row in rows if row.sweep == sweep]
        names = [f"{row.value:g}" for row in chosen]
        losses, times = grid[0][column], grid[1][column]
        for figures, colour, label in (
            ([row.loss for row in chosen], TRAIN, "loss"),
            ([row.held_out_loss for row in chosen], JUDGED, "held-out loss"),
        ):
            means, deviations = [f.mean for f in figures], [f.deviation for f in figures]
            losses.errorbar(names, means, deviations, color=colour, marker="o", markersize=4, capsize=3, label=label)
        times.bar(
            names, [row.seconds.mean for row in chosen], yerr=[row.seconds.deviation for row in chosen], color=COST
        )
        losses.set_title(sweep)
        losses.set_ylim(bottom=0)
        times.set_xlabel(sweep)
        _quieten(losses)
        _quieten(times)
    grid[0][0].set_ylabel("nats a token")
    grid[1][0].set_ylabel("seconds of training")
    grid[0][0].legend(frameon=False)
    return _svg(figure)


def _quieten(axes: Axes) -> None:
    """No box round the picture, and lines that lead the eye across it."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", linewidth=0.4, alpha=0.6)


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": SALT, "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()
