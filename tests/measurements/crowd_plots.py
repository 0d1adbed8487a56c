"""The pictures of docs/crowd.md, as SVG text."""

import io
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evolution.simulation import OURS, STUDY, STUDY_ON_GRID
from tests.measurements.crowd_summary import Runs, shared_curves

BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#6b6b6b"  # Okabe and Ito's palette
SALT = "antiphon"  # fixed, so that the same figures give the same bytes
DRAWN = {  # name -> label and colour
    OURS.name: ("ours", BLUE),
    "random start": ("ours, random start", GREEN),
    STUDY_ON_GRID.name: ("the study's loop on our phrases", ORANGE),
    STUDY.name: ("the study's loop", GREY),
}
TITLES = {
    "10x3": "10 phrases, 3 listeners",
    "10x12": "10 phrases, 12 listeners",
    "50x3": "50 phrases, 3 listeners",
    "50x12": "50 phrases, 12 listeners",
}


def curves_svg(runs: dict[str, Runs], budgets: dict[str, int]) -> str:
    """True appeal of the phrase held to be best over the ratings spent: mean, and the rooms' quartiles as a band."""
    figure = Figure(figsize=(9, 6.6), layout="constrained")
    grid = figure.subplots(2, 2, sharey=True, squeeze=False)
    for axes, (name, here) in zip(grid.ravel(), runs.items(), strict=False):
        curves = shared_curves({key: own for key, own in here.items() if key in DRAWN}, budgets[name])
        for key, (label, colour) in DRAWN.items():
            if key in curves:
                axes.plot(curves[key].ratings, curves[key].mean, color=colour, linewidth=1.6, label=label)
                if key in (OURS.name, STUDY_ON_GRID.name):
                    low, _, high = curves[key].quartiles
                    axes.fill_between(curves[key].ratings, low, high, color=colour, alpha=0.13, linewidth=0)
        axes.set_title(TITLES[name])
        _quieten(axes)
    for axes in grid[-1]:
        axes.set_xlabel("ratings spent")
    for axes in grid[:, 0]:
        axes.set_ylabel("true appeal, rating points")
    handles, labels = grid[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    return _svg(figure)


def parts_svg(summary: dict[str, Any]) -> str:
    """What each part adds, in rating points, with 90% intervals; a panel a setting."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    grid = figure.subplots(1, len(summary), sharex=True, sharey=True, squeeze=False)[0]
    names = [part for part in _longest(summary) if part not in (STUDY.name, STUDY_ON_GRID.name)]
    for axes, (name, here) in zip(grid, summary.items(), strict=True):
        for place, part in enumerate(reversed(names)):
            if part not in here["chosen"]["parts"]:
                continue
            row = here["chosen"]["parts"][part]
            colour = BLUE if row["low"] > 0 else ORANGE if row["high"] < 0 else GREY
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.6)
            axes.plot([row["gain"]], [place], "o", color=colour, markersize=5)
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_yticks(range(len(names)), names[::-1])
        axes.tick_params(axis="y", length=0)
        axes.set_title(TITLES[name], fontsize=9)
        axes.set_xlabel("points that ours is ahead", fontsize=9)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.grid(axis="x", linewidth=0.4, alpha=0.6)
    return _svg(figure)


def _longest(summary: dict[str, Any]) -> list[str]:
    """The parts of the setting that was measured with most of them."""
    return max((list(here["chosen"]["parts"]) for here in summary.values()), key=len)


def _quieten(axes: Axes) -> None:
    """No box round the picture, and lines that lead the eye across it."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", linewidth=0.4, alpha=0.6)


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": SALT, "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()
