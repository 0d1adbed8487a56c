"""The figures of docs/crowd.md: `python -m tests.measurements.crowd_tables DIR CHECKPOINT [--only 10x3] [--draw]`.

CHECKPOINT is a network of the preset `quick`, trained on the starter dataset (`python -m generation train`): one
strategy begins with its samples, and one has a taste that asks for its likelihood.

Every strategy breeds in the same simulated rooms, one a seed, at populations of 10 and 50 and with 3 and 12 listeners.
Each run is appended to a file in DIR as soon as it is done and not made again, so that a stopped measurement goes on
where it was. With `--draw` the runs that are there are summed up in docs/pictures/crowd.json, drawn beside it, and
put into the tables of docs/crowd.md.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evolution.algorithm import Likelihood
from evolution.crowd import LIFELIKE
from evolution.genes import Genome
from evolution.simulation import (
    CUT,
    SAMPLES,
    STUDY,
    STUDY_ON_GRID,
    History,
    Strategy,
    Trial,
    changed_part_by_part,
    ours,
    simulate,
)
from tests.benchmarks.crowd import starter_phrases
from tests.measurements.crowd_network import likelihood_of, sampled_phrases
from tests.measurements.crowd_page import with_tables
from tests.measurements.crowd_plots import curves_svg, parts_svg
from tests.measurements.crowd_summary import summarise

DOCS = Path(__file__).parents[2] / "docs"
FIRST_SEED = 130  # those below served to choose the defaults
BLOCK = 6  # seeds of one strategy before the next one's turn
PARTS = ("network samples", "random start", "taste off", "mean fitness", "no selection")
MORE_PARTS = {  # where a dozen listen: they cost most time, or seemed worth nothing anywhere
    "10x12": ("with likelihood", "taste as prior", "fixed operators"),
    "50x12": ("with likelihood", "taste as prior"),
}
STUDY_TIMES = 4  # how many times the ratings the study's loop may spend


@dataclass(frozen=True)
class Setting:
    """A population's size, its listeners, and the ratings that ours may spend."""

    size: int
    listeners: int
    budget: int

    @property
    def name(self) -> str:
        return f"{self.size}x{self.listeners}"


SETTINGS = (Setting(10, 3, 240), Setting(10, 12, 360), Setting(50, 3, 600), Setting(50, 12, 900))


def main() -> None:
    """Measure what is missing, then draw when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--only", nargs="*", default=[setting.name for setting in SETTINGS])
    parser.add_argument("--strategies", nargs="*", default=[])
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    chosen = [setting for setting in SETTINGS if setting.name in options.only]
    if options.draw:
        draw(options.folder)
        return
    for first in range(FIRST_SEED, FIRST_SEED + options.seeds, BLOCK):
        seeds = range(first, min(first + BLOCK, FIRST_SEED + options.seeds))
        for setting in chosen:
            measure(options.folder, options.checkpoint, setting, seeds, options.strategies)


def measure(folder: Path, checkpoint: Path, setting: Setting, seeds: range, names: list[str]) -> None:
    """Make the runs of a setting that are not there yet."""
    path = folder / f"{setting.name}.jsonl"
    given = Given.of(folder, checkpoint)
    done = {(row["strategy"], row["seed"]) for row in _rows(path)}
    for strategy in strategies(setting):
        if names and strategy.name not in names:
            continue
        for seed in seeds:
            if (strategy.name, seed) not in done:
                row = {"strategy": strategy.name, "seed": seed} | run(strategy, setting, seed, given).to_json()
                with path.open("a") as lines:
                    lines.write(json.dumps(row) + "\n")


def strategies(setting: Setting) -> tuple[Strategy, ...]:
    """Everybody who is compared."""
    whole = ours(setting.size)
    parts = changed_part_by_part(whole)
    wanted = (*PARTS, *MORE_PARTS.get(setting.name, ()))
    return (whole, STUDY, STUDY_ON_GRID, *(part for part in parts if part.name in wanted))


@dataclass(frozen=True)
class Given:
    """What rooms begin with, and a network's likelihood."""

    phrases: dict[str, Sequence[Genome]]
    likelihood: Likelihood

    @classmethod
    def of(cls, folder: Path, checkpoint: Path) -> "Given":
        """Samples of the checkpoint, and phrases cut out of the starter dataset."""
        phrases = {SAMPLES: sampled_phrases(checkpoint, folder), CUT: starter_phrases()}
        return cls(phrases, likelihood_of(checkpoint))


def run(strategy: Strategy, setting: Setting, seed: int, given: Given) -> History:
    """One room, bred in to the end of its ratings."""
    is_study = strategy.name in (STUDY.name, STUDY_ON_GRID.name)
    budget = setting.budget * (STUDY_TIMES if is_study else 1)
    crowd = replace(LIFELIKE, n_listeners=setting.listeners)
    trial = Trial(crowd, setting.size, budget, phrases=given.phrases, likelihood=given.likelihood)
    return simulate(strategy, trial, seed=seed)


def draw(folder: Path) -> None:
    """Sum up the runs in a folder and draw them; a setting that somebody has not run in yet is left out."""
    runs: dict[str, dict[str, dict[int, History]]] = {}
    for setting in SETTINGS:
        here: dict[str, dict[int, History]] = defaultdict(dict)
        for row in _rows(folder / f"{setting.name}.jsonl"):
            here[row["strategy"]][row["seed"]] = History.from_json(row)
        if all(strategy.name in here for strategy in strategies(setting)):
            runs[setting.name] = dict(here)
    budgets = {setting.name: setting.budget for setting in SETTINGS}
    summary = summarise(runs, budgets, study_times=STUDY_TIMES)
    (DOCS / "pictures/crowd.json").write_text(json.dumps(summary, indent=1) + "\n")
    (DOCS / "pictures/crowd-curves.svg").write_text(curves_svg(runs, budgets))
    (DOCS / "pictures/crowd-parts.svg").write_text(parts_svg(summary))
    page = DOCS / "crowd.md"
    page.write_text(with_tables(page.read_text(), summary))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        yield from (json.loads(line) for line in path.read_text().splitlines())


if __name__ == "__main__":
    main()
