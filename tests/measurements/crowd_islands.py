"""What islands are worth, in docs/crowd.md: `python -m tests.measurements.crowd_islands DIR [--seeds 25] [--draw]`.

Rooms of one taste, and of two that agree by more or less, with one population and with islands, at the same number of
ratings; and with islands whose listeners are known from the start, which is the most that there is to gain. What counts
is each listener's own taste: the mean over listeners of the true appeal, to their taste, of the phrase held best on
their island. Runs are kept in DIR like those of `crowd_tables`; with `--draw` the table of docs/crowd.md is written.
"""

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from evolution.crowd import LIFELIKE
from evolution.simulation import CUT, History, Strategy, Trial, ours, simulate
from tests.benchmarks.crowd import starter_phrases
from tests.measurements.crowd_summary import interval

PAGE = Path(__file__).parents[2] / "docs/crowd.md"
BEGIN, END = "<!-- islands -->", "<!-- end of islands -->"
FIRST_SEED = 400
MOST_ISLANDS = 3
RATINGS_EACH = 40  # of each listener
LEAST_ROOMS = 5
EVERY = 5  # ratings between two looks at what was reached
ONE, ISLANDS, TOLD = "one population", "islands", "islands, tastes known"
HEADER = (
    "| listeners | tastes | rooms | parted, after | one, half way | islands (90%) | tastes known (90%) "
    "| one, last quarter | islands (90%) | tastes known (90%) |\n|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Mixed:
    """Listeners of one taste, or of two that correlate so over random phrases; and the size of their population."""

    listeners: int
    correlation: float | None
    size: int = 20

    @property
    def name(self) -> str:
        return f"islands-{self.listeners}-{'one' if self.correlation is None else self.correlation}"

    @property
    def budget(self) -> int:
        """Ratings of a run."""
        return RATINGS_EACH * self.listeners

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """One population for all, one that may part, and where there are two tastes one that has parted rightly.

        All without the taste that screens children, which costs most of the time and is no part of the question.
        """
        one = ours(self.size).named(ONE, breeding={"taste": False})
        parting = one.named(ISLANDS, anchors=8, anchor_every=2, breeding={"islands": MOST_ISLANDS})
        told = one.named(TOLD, told=True, breeding={"islands": 2})
        return (one, parting) if self.correlation is None else (one, parting, told)

    def run(self, strategy: Strategy, seed: int) -> History:
        """One room, bred in to the end of its ratings."""
        n_tastes = 1 if self.correlation is None else 2
        crowd = replace(LIFELIKE, n_listeners=self.listeners, n_tastes=n_tastes, taste_correlation=self.correlation)
        return simulate(strategy, Trial(crowd, self.size, self.budget, phrases={CUT: starter_phrases()}), seed=seed)


SETTINGS = tuple(Mixed(listeners, alike) for listeners in (24, 48) for alike in (-0.3, 0.0, 0.35, None))


def main() -> None:
    """Measure what is missing, then write the table when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=25)
    parser.add_argument("--told", type=int, default=10, help="of the first so many seeds also with tastes known")
    parser.add_argument("--first", type=int, default=FIRST_SEED)
    parser.add_argument("--only", nargs="*", default=[setting.name for setting in SETTINGS])
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.draw:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        PAGE.write_text(head + BEGIN + "\n\n" + table(options.folder) + "\n\n" + END + rest.split(END)[1])
        return
    for seed in range(options.first, options.first + options.seeds):
        for setting in SETTINGS:
            if setting.name in options.only:
                measure(options.folder, setting, seed, is_told=seed < FIRST_SEED + options.told)


def measure(folder: Path, setting: Mixed, seed: int, *, is_told: bool) -> None:
    """One room, with each strategy that has not been in it."""
    path = folder / f"{setting.name}.jsonl"
    done = {(row["strategy"], row["seed"]) for row in _rows(path)}
    for strategy in setting.strategies:
        if (strategy.name, seed) not in done and (is_told or not strategy.told):
            row = {"strategy": strategy.name, "seed": seed} | setting.run(strategy, seed).to_json()
            with path.open("a") as lines:
                lines.write(json.dumps(row) + "\n")


def table(folder: Path) -> str:
    """Own appeal half way and in the last quarter of the ratings, and how many rooms parted after how many of them."""
    lines = [HEADER]
    for setting in SETTINGS:
        runs: dict[str, dict[int, History]] = defaultdict(dict)
        for row in _rows(folder / f"{setting.name}.jsonl"):
            runs[row["strategy"]][row["seed"]] = History.from_json(row)
        seeds = sorted(set(runs[ONE]) & set(runs[ISLANDS]))
        if seeds:
            lines.append("| " + " | ".join(_cells(setting, runs, seeds)) + " |")
    return "\n".join(lines)


def _cells(setting: Mixed, runs: dict[str, dict[int, History]], seeds: list[int]) -> list[str]:
    apart = [_parted_after(runs[ISLANDS][seed]) for seed in seeds]
    parted = [ratings for ratings in apart if ratings is not None]
    alike = "one" if setting.correlation is None else f"two, {setting.correlation:g}"
    when = f", {np.median(parted) / setting.listeners:.0f} each" if parted else ""
    cells = [f"{setting.listeners}", alike, f"{len(seeds)}", f"{len(parted)}{when}"]
    for first, last in ((0.5, 0.5), (0.75, 1.0)):
        ratings = np.arange(first * setting.budget, last * setting.budget + 1, EVERY).astype(np.int64)
        own = {
            name: {seed: float(run.at(ratings, "own").mean()) for seed, run in several.items()}
            for name, several in runs.items()
        }
        cells.append(f"{np.mean([own[ONE][seed] for seed in seeds]):.2f}")
        gained = {name: [own[name][seed] - one for seed, one in own[ONE].items() if seed in own[name]] for name in own}
        cells += [_difference(gained.get(name, [])) for name in (ISLANDS, TOLD)]
    return cells


def _parted_after(run: History) -> float | None:
    """Ratings after which a crowd had parted for the first time; None where it never did."""
    parted = np.flatnonzero(run.islands > 1)
    return float(run.ratings[parted[0]]) if len(parted) else None


def _difference(gained: list[float]) -> str:
    """The mean over rooms with its 90% interval; nothing of fewer than five."""
    if len(gained) < LEAST_ROOMS:
        return "-"
    low, high = interval(np.array(gained), np.random.default_rng(FIRST_SEED))
    return f"{np.mean(gained):+.2f} ({low:+.2f} to {high:+.2f})"


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


if __name__ == "__main__":
    main()
