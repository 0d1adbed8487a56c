"""A report's plots as SVG that takes its colours from the page: the same numbers give the same bytes."""

import io
import re
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from generation.report.shape import (
    Charts,
    HistogramChart,
    LikelihoodChart,
    LossChart,
    MemorisationChart,
    OverlapChart,
    TimingChart,
)

WIDTH_INCHES = 4.4  # small, so that on a phone the letters stay large
FONT_POINTS = 10.5
# Stand-ins while drawing, for what the page's style sheet decides: (custom property, colour where there is none).
INK, LINE, SAMPLES, OTHERS, TARGET = "#010203", "#010204", "#010205", "#010206", "#010207"
COLOURS = {
    INK: "var(--ink-soft, #5c5148)",
    LINE: "var(--line-strong, #bdb5ad)",
    SAMPLES: "var(--series-1, #4b4bc3)",
    OTHERS: "var(--series-2, #b4632d)",
    TARGET: "var(--good-soft, #e3f3e6)",
}
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "antiphon",
    "font.size": FONT_POINTS,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.borderaxespad": 0.0,
    "legend.handlelength": 1.4,
}
TIMES_SHOWN = {"0.125": "1/8", "0.25": "1/4", "0.5": "1/2", "1": "1", "2": "2", "4": "4"}  # quarters


def draw_plots(charts: Charts, *, prefix: str = "plot") -> dict[str, str]:
    """Every plot by name, as an `<svg>` for a page; ids begin with the prefix, so that two reports share a page."""
    plots = {
        "loss": loss_plot(charts["loss"]),
        "likelihood": likelihood_plot(charts["likelihood"]),
        "overlap": overlap_plot(charts["overlap"]),
        "excerpts": overlap_plot(charts["excerpts"]),
        "memorisation": memorisation_plot(charts["memorisation"]),
        "timing": timing_plot(charts["timing"]),
        "players": players_plot(charts["timing"]),
    }
    plots |= {chart["name"]: histogram_plot(chart) for chart in charts["histograms"]}
    return {name: to_svg(figure, f"{prefix}-{name.replace(' ', '-')}") for name, figure in plots.items() if figure}


def to_svg(figure: Figure, prefix: str) -> str:
    """The figure as an SVG element without a size of its own; its ids begin with the prefix."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    # Its style sheet would hold for the whole page; what it says is said on the element instead.
    svg = re.sub(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r'\1 style="stroke-linejoin: round" aria-hidden="true"', svg, count=1)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r"font-family: [^;]*; ?", "", svg)
    for stand_in, colour in COLOURS.items():
        svg = svg.replace(stand_in, colour)
    return svg.strip()


def loss_plot(chart: LossChart) -> Figure | None:
    """Loss and held-out loss over the epochs, the best epoch marked."""
    if not chart["epochs"]:
        return None
    figure, axes = _axes(2.7)
    epochs = chart["epochs"]
    axes.plot(epochs, _numbers(chart["loss"]), color=OTHERS, label="training pieces")
    axes.plot(epochs, _numbers(chart["held_out_loss"]), color=SAMPLES, label="held-out pieces")
    if chart["best_epoch"] in epochs:
        at = epochs.index(chart["best_epoch"])
        axes.plot(epochs[at], _numbers(chart["held_out_loss"])[at], "o", color=SAMPLES, markersize=5, label="kept")
    axes.set_xlabel("epoch")
    axes.set_ylabel("nats a note")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _legend(axes)
    return figure


def likelihood_plot(chart: LikelihoodChart) -> Figure | None:
    """Nats of each field, the network's beside the trigram's."""
    if not chart["fields"]:
        return None
    figure, axes = _axes(0.9 + 0.31 * len(chart["fields"]))
    places = np.arange(len(chart["fields"]))
    axes.barh(places - 0.19, _numbers(chart["network"]), 0.36, color=SAMPLES, label="network")
    axes.barh(places + 0.19, _numbers(chart["trigram"]), 0.36, color=OTHERS, label="trigram")
    axes.set_yticks(places, [name.replace("_", " ") for name in chart["fields"]])
    axes.invert_yaxis()
    axes.set_xlabel("nats, held-out pieces (less is better)")
    _legend(axes)
    return figure


def overlap_plot(chart: OverlapChart) -> Figure | None:
    """Each feature's overlap: samples as a dot, halves of the training pieces as a span with its mean."""
    if not chart["features"] or all(value is None for value in chart["samples"]):
        return None
    figure, axes = _axes(0.9 + 0.31 * len(chart["features"]))
    places = np.arange(len(chart["features"]))
    axes.hlines(
        places,
        _numbers(chart["halves_low"]),
        _numbers(chart["halves_high"]),
        color=OTHERS,
        linewidth=5,
        alpha=0.35,
        label="training halves",
    )
    axes.plot(_numbers(chart["halves"]), places, "|", color=OTHERS, markersize=9, markeredgewidth=2)
    axes.plot(_numbers(chart["samples"]), places, "o", color=SAMPLES, markersize=6, label="samples")
    axes.set_yticks(places, chart["features"])
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_xlim(None, 1.0)
    axes.set_xlabel("overlap area (more is better)")
    _legend(axes)
    return figure


def histogram_plot(chart: HistogramChart) -> Figure | None:
    """Shares of each bin in samples and training pieces."""
    if not chart["labels"]:
        return None
    figure, axes = _axes(2.4)
    places = np.arange(len(chart["labels"]))
    edges = np.arange(len(places) + 1) - 0.5
    axes.stairs(_percent(chart["training"]), edges, color=OTHERS, fill=True, alpha=0.4, label="training pieces")
    axes.stairs(_percent(chart["samples"]), edges, color=SAMPLES, linewidth=1.6, label="samples")
    shown = _shown(chart["labels"])
    axes.set_xticks([at for at, _ in shown], [label for _, label in shown])
    axes.set_xlim(edges[0], edges[-1])
    axes.set_xlabel(chart["unit"])
    axes.set_ylabel("% of notes")
    _legend(axes)
    return figure


def memorisation_plot(chart: MemorisationChart) -> Figure | None:
    """Share of samples, and of people's excerpts, that share a passage of at least so many notes."""
    if not chart["samples"] or not chart["people"]:
        return None
    figure, axes = _axes(2.7)
    axes.step(chart["n_notes"], _percent(chart["people"]), where="mid", color=OTHERS, label="people")
    axes.step(chart["n_notes"], _percent(chart["samples"]), where="mid", color=SAMPLES, label="samples")
    axes.set_xlabel("notes of the longest shared passage, at least")
    axes.set_ylabel("%")
    axes.set_ylim(0, 102)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _legend(axes)
    return figure


def timing_plot(chart: TimingChart) -> Figure | None:
    """How far notes lie from the grid, in samples as played and in training pieces with timing of their own."""
    if not chart["played"]:
        return None
    figure, axes = _axes(2.4)
    centres = np.array(chart["centres_ms"])
    half = (centres[1] - centres[0]) / 2
    edges = np.append(centres - half, centres[-1] + half)
    if chart["training"]:
        axes.stairs(_percent(chart["training"]), edges, color=OTHERS, fill=True, alpha=0.4, label="training pieces")
    axes.stairs(_percent(chart["played"]), edges, color=SAMPLES, linewidth=1.6, label="as played")
    axes.set_xlim(edges[0], edges[-1])
    axes.set_xlabel("ms after the grid")
    axes.set_ylabel("% of strokes")
    _legend(axes)
    return figure


def players_plot(chart: TimingChart) -> Figure | None:
    """Each sample's timing: its size and its correlation, in the frame of what people do."""
    known = [
        (size, exponent)
        for size, exponent in zip(chart["deviation_ms"], chart["exponents"], strict=True)
        if size is not None and exponent is not None
    ]
    if not known:
        return None
    figure, axes = _axes(2.7)
    low, high = chart["human_exponents"]
    axes.fill_between(chart["human_ms"], low, high, color=TARGET, label="people")
    axes.plot(*zip(*known, strict=True), "o", color=SAMPLES, markersize=4.5, alpha=0.8, label="as played")
    axes.set_xlim(0, max(30.0, *(size * 1.05 for size, _ in known)))
    axes.set_ylim(min(0.4, *(e - 0.05 for _, e in known)), max(1.3, *(e + 0.05 for _, e in known)))
    axes.set_xlabel("standard deviation, ms")
    axes.set_ylabel("DFA exponent")
    _legend(axes)
    return figure


def _axes(height_inches: float) -> tuple[Figure, Axes]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_INCHES, height_inches), layout="constrained")
        return figure, figure.add_subplot()


def _legend(axes: Axes) -> None:
    with mpl.rc_context(STYLE):
        axes.figure.legend(loc="outside upper left", ncols=3, columnspacing=1.2, labelcolor=INK)


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _percent(shares: Sequence[float]) -> list[float]:
    return [100 * share for share in shares]


def _shown(labels: Sequence[str]) -> list[tuple[float, str]]:
    """Which bins are named on the axis: all of a few, the round ones of many."""
    if len(labels) <= 12:
        return [(float(at), label) for at, label in enumerate(labels)]
    if "0.125" in labels:
        return [(at - 0.5, TIMES_SHOWN[label]) for at, label in enumerate(labels) if label in TIMES_SHOWN]
    middle = labels.index("0") if "0" in labels[1:] else 0
    step = 12 if middle else 4
    return [(at, label) for at, label in enumerate(labels) if (at - middle) % step == 0]
