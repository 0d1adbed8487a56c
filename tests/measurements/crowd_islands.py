"""What islands are worth, in docs/crowd.md: `python -m tests.measurements.crowd_islands DIR [--seeds 30] [--draw]`.

Rooms of one taste and of two, with one population and with islands, at the same number of ratings. What counts is each
listener's own taste: the mean over listeners of the true appeal, to their taste, of the phrase held best on their
island. Runs are kept in DIR like those of `crowd_tables`; with `--draw` the table of docs/crowd.md is written.
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
FIRST_SEED = 300
MOST_ISLANDS = 3
RATINGS_EACH = 40  # of each listener
ONE, ISLANDS = "one population", "islands"


@dataclass(frozen=True)
class Mixed:
    """Listeners of so many tastes, and the size of their population."""

    listeners: int
    tastes: int
    size: int = 20

    @property
    def name(self) -> str:
        return f"islands-{self.listeners}-{self.tastes}"

    @property
    def budget(self) -> int:
        """Ratings of a run."""
        return RATINGS_EACH * self.listeners


SETTINGS = tuple(Mixed(listeners, tastes) for listeners in (12, 24, 48) for tastes in (1, 2))


def main() -> None:
    """Measure what is missing, then write the table when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--only", nargs="*", default=[setting.name for setting in SETTINGS])
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.draw:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        PAGE.write_text(head + BEGIN + "\n\n" + table(options.folder) + "\n\n" + END + rest.split(END)[1])
        return
    for seed in range(FIRST_SEED, FIRST_SEED + options.seeds):
        for setting in SETTINGS:
            if setting.name in options.only:
                measure(options.folder, setting, seed)


def measure(folder: Path, setting: Mixed, seed: int) -> None:
    """One room, with each strategy that has not been in it."""
    path = folder / f"{setting.name}.jsonl"
    done = {(row["strategy"], row["seed"]) for row in _rows(path)}
    for strategy in strategies(setting):
        if (strategy.name, seed) not in done:
            row = {"strategy": strategy.name, "seed": seed} | run(strategy, setting, seed).to_json()
            with path.open("a") as lines:
                lines.write(json.dumps(row) + "\n")


def strategies(setting: Mixed) -> tuple[Strategy, ...]:
    """One population for all, and a population that may part, of whose first generation everybody hears everything.

    Both without the taste, which costs most of the time and is no part of the question.
    """
    one = ours(setting.size).named(ONE, breeding={"taste": False})
    return one, one.named(ISLANDS, opening=1, breeding={"islands": MOST_ISLANDS})


def run(strategy: Strategy, setting: Mixed, seed: int) -> History:
    """One room, bred in to the end of its ratings."""
    crowd = replace(LIFELIKE, n_listeners=setting.listeners, n_tastes=setting.tastes)
    return simulate(strategy, Trial(crowd, setting.size, setting.budget, phrases={CUT: starter_phrases()}), seed=seed)


def table(folder: Path) -> str:
    """Own appeal with one population and with islands at half and at all of the ratings, and how many rooms parted."""
    lines = [
        "| listeners, tastes | rooms | parted | one, at half | islands (90%) | one, at the end | islands (90%) |",
        "|---|---|---|---|---|---|---|",
    ]
    for setting in SETTINGS:
        runs: dict[str, dict[int, History]] = defaultdict(dict)
        for row in _rows(folder / f"{setting.name}.jsonl"):
            runs[row["strategy"]][row["seed"]] = History.from_json(row)
        seeds = sorted(set(runs[ONE]) & set(runs[ISLANDS]))
        if not seeds:
            continue
        parted = sum(runs[ISLANDS][seed].islands[-1] > 1 for seed in seeds)
        cells = [f"{setting.listeners}, {setting.tastes}", f"{len(seeds)}", f"{parted}"]
        for ratings in (setting.budget // 2, setting.budget):
            one, islands = (
                np.array([runs[name][seed].at(np.array([ratings]), "own")[0] for seed in seeds])
                for name in (ONE, ISLANDS)
            )
            low, high = interval(islands - one, np.random.default_rng(FIRST_SEED))
            cells += [f"{one.mean():.2f}", f"{(islands - one).mean():+.2f} ({low:+.2f} to {high:+.2f})"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


if __name__ == "__main__":
    main()
