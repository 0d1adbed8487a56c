"""`python -m tests.measurements.fitness_tables [TABLE...] [--seeds N] [--first SEED] [--json FILE]`: how soundly the
fitness is estimated from a simulated crowd's ratings: 48 phrases, 12 listeners, of whom two click.
`docs/fitness.md` holds the figures.

Tables: `spearman` (order found, against three other methods), `parents` (quality of the parents chosen), `coverage` (of
95% intervals), `closing` (ratings until an expected selection error is reached, and the true error), `belonging` (the
probability of belonging to the parents, given and true), `clickers` (who is flagged), `pedigree` (what parents tell of
their children), `children` (beside first phrases heard more often), `duels` (against ratings). Each cell is a mean over
the seeds with its standard error; the JSON holds every run.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from evolution.clickers import flags
from evolution.fitness import Estimate, draw, estimate
from evolution.parents import expected_selection_error, probability_of_parents
from tests.measurements.fitness_children import children
from tests.measurements.fitness_families import duels, pedigree
from tests.measurements.fitness_worlds import (
    METHODS,
    N_PARENTS,
    N_PHRASES,
    SETTINGS,
    SIZES,
    Asking,
    Floats,
    evenly,
    plain_mean,
    selection_error,
    share_of_best,
    spearman,
    this_model,
    world,
)

EACH = (2, 4, 8, 12)
ERRORS = (0.30, 0.20, 0.15, 0.10, 0.07)  # expected selection errors at which a generation may close
LOOK_EVERY = 12
Cells = dict[str, dict[str, float]]  # row -> column -> figure of one seed


def spearman_table(seed: int) -> Cells:
    """Rank correlation with the true appeal."""
    cells: Cells = {name: {} for name in METHODS}
    for each in EACH:
        of = world(seed)
        ratings = evenly(of, each)
        for name, method in METHODS.items():
            cells[name][str(each)] = spearman(method(ratings), of.appeal)
    return cells


def parents_table(seed: int) -> Cells:
    """Share of the best possible parents' lead that the parents chosen have."""
    cells: Cells = {"coverage and mean": {}, "coverage and model": {}, "informative and model": {}}
    even, informed = (Asking(world(seed), informative=informative) for informative in (False, True))
    for each in EACH:
        for asking in (even, informed):
            asking.ask(each * N_PHRASES)
        chosen = {
            "coverage and mean": (even, plain_mean(even.ratings)),
            "coverage and model": (even, this_model(even.ratings)),
            "informative and model": (informed, this_model(informed.ratings)),
        }
        for name, (asking, fitness) in chosen.items():
            lots = np.random.default_rng(seed)
            cells[name][str(each)] = share_of_best(fitness, asking.world.appeal, lots)
    return cells


def coverage_table(seed: int) -> Cells:
    """Shares of 95% intervals that hold the true level, and the true difference of each pair of phrases."""
    cells: Cells = {}
    for each in EACH:
        of = world(seed)
        ratings = evenly(of, each)
        live = estimate(ratings, **SIZES)
        drawn = draw(ratings, **SIZES, rng=np.random.default_rng(seed), start=live)
        for name, fitted in (("live", live), ("drawn", drawn)):
            off = fitted.mean - SETTINGS.level - of.appeal
            level = float(np.mean(np.abs(off) < 1.96 * fitted.standard_error))
            cells.setdefault(f"level, {name}", {})[str(each)] = level
            cells.setdefault(f"differences, {name}", {})[str(each)] = _differences_covered(fitted, off)
            cells.setdefault(f"standard error, {name}", {})[str(each)] = float(fitted.standard_error.mean())
            cells.setdefault(f"true distance, {name}", {})[str(each)] = float(np.sqrt(np.mean(off**2)))
    return cells


def _differences_covered(fitted: Estimate, off: Floats) -> float:
    pairs = np.triu_indices(len(off), 1)
    variance = np.diag(fitted.appeal_error**2)
    if fitted.draws is not None:
        variance = np.cov(fitted.draws.T)
    own = np.diag(variance)
    deviation = np.sqrt(own[:, None] + own[None, :] - 2 * variance * (fitted.draws is not None))
    return float(np.mean(np.abs(off[:, None] - off[None, :])[pairs] < 1.96 * deviation[pairs]))


def closing_table(seed: int) -> Cells:
    """Ratings each until the expected selection error is reached, what was expected then, live and drawn, and true."""
    cells: Cells = {}
    for name, informative in (("coverage", False), ("informative", True)):
        asking = Asking(world(seed), informative=informative)
        waiting = list(ERRORS)
        for total in range(2 * N_PHRASES, SETTINGS.n_listeners * N_PHRASES + 1, LOOK_EVERY):
            asking.ask(total)
            live = asking.look()
            expected = expected_selection_error(live, np.arange(N_PHRASES), N_PARENTS)
            last = total + LOOK_EVERY > SETTINGS.n_listeners * N_PHRASES
            while waiting and (expected <= waiting[0] or last):
                cells[f"{name}, {waiting.pop(0):.2f}"] = _closed(asking, live, expected, seed)
    return cells


def _closed(asking: Asking, live: Estimate, expected: float, seed: int) -> dict[str, float]:
    drawn = draw(asking.ratings, **SIZES, rng=np.random.default_rng(seed), start=live)
    appeal = asking.world.appeal
    return {
        "ratings each": len(asking.given) / N_PHRASES,
        "expected live": expected,
        "expected drawn": expected_selection_error(drawn, np.arange(N_PHRASES), N_PARENTS),
        "true": selection_error(drawn.mean, appeal),
        "share of best": share_of_best(drawn.mean, appeal, np.random.default_rng(seed)),
    }


def clickers_table(seed: int) -> Cells:
    """Share flagged of those who click at random, a constant, or listen; and what a rating of theirs counts."""
    cells: Cells = {}
    for each in EACH:
        of = world(seed)
        ratings = evenly(of, each)
        fitted = estimate(ratings, **SIZES)
        flagged = np.zeros(SETTINGS.n_listeners)
        flagged[[flag.listener for flag in flags(ratings, fitted)]] = 1
        weight = fitted.weight / np.median(fitted.weight)
        for kind, name in ((-1, "listening"), (0, "at random"), (1, "constant")):
            of_kind = of.crowd.clicker == kind
            if of_kind.any():
                cells.setdefault(f"{name}: flagged", {})[str(each)] = float(flagged[of_kind].mean())
                cells.setdefault(f"{name}: weight", {})[str(each)] = float(weight[of_kind].mean())
    return cells


def belonging_table(seed: int) -> Cells:
    """How true the probability of belonging to the parents is: mean true share among those given 0-20% and so on."""
    cells: Cells = {}
    of = world(seed)
    ratings = evenly(of, 4)
    best = np.zeros(N_PHRASES)
    best[np.argsort(-of.appeal)[:N_PARENTS]] = 1
    live = estimate(ratings, **SIZES)
    drawn = draw(ratings, **SIZES, rng=np.random.default_rng(seed), start=live)
    for name, fitted in (("live", live), ("drawn", drawn)):
        given = probability_of_parents(fitted, np.arange(N_PHRASES), N_PARENTS)
        fifth = np.minimum((given * 5).astype(np.int64), 4)
        for place in range(5):
            if np.any(fifth == place):
                column = f"{place * 20}-{place * 20 + 20}%"
                cells.setdefault(f"{name}: given", {})[column] = float(given[fifth == place].mean())
                cells.setdefault(f"{name}: true", {})[column] = float(best[fifth == place].mean())
    return cells


TABLES: dict[str, Callable[[int], Cells]] = {
    "spearman": spearman_table,
    "parents": parents_table,
    "coverage": coverage_table,
    "closing": closing_table,
    "belonging": belonging_table,
    "clickers": clickers_table,
    "pedigree": pedigree,
    "children": children,
    "duels": duels,
}


def markdown(runs: list[Cells]) -> list[str]:
    """A table of means over the runs, standard errors in brackets."""
    rows = list(dict.fromkeys(row for run in runs for row in run))
    columns = list(dict.fromkeys(column for run in runs for row in run.values() for column in row))
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for row in rows:
        texts = []
        for column in columns:
            found = np.array([run[row][column] for run in runs if column in run.get(row, {})])
            error = found.std(ddof=1) / np.sqrt(len(found)) if len(found) > 1 else 0.0
            texts.append(f"{found.mean():.3f} ({error:.3f})" if len(found) else "")
        lines.append(f"| {row} | " + " | ".join(texts) + " |")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Measure the tables named, all if none is, and print them."""
    parser = argparse.ArgumentParser(prog="python -m tests.measurements.fitness_tables", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.tables if name not in TABLES]:
        parser.error(f"expected tables among {', '.join(TABLES)}; got {unknown[0]}")
    measured = {}
    for name in given.tables or TABLES:
        runs = [TABLES[name](seed) for seed in range(given.first, given.first + given.seeds)]
        measured[name] = runs
        sys.stdout.write("\n".join([f"\n{name}, {len(runs)} seeds from {given.first}\n", *markdown(runs)]) + "\n")
        sys.stdout.flush()
    if given.json:
        given.json.write_text(json.dumps({"first": given.first, "seeds": given.seeds, "tables": measured}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
