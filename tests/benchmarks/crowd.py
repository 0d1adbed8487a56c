"""`crowd`: ratings needed for the same true appeal, ours against the study's loop, in simulated rooms.

Both breed in rooms of the same seeds. The level is what the study's loop reaches, on average over the rooms, in the
appeal of the phrase that it holds to be best; `ours` and `peer` are the ratings after which the averages get there.
First generations come from phrases cut out of the starter dataset, which stand in for a network's samples.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from evolution.crowd import LIFELIKE
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.seeding import cut_phrases
from evolution.simulation import CUT, OURS, RANDOM, STUDY, STUDY_ON_GRID, History, Strategy, Trial, simulate
from evolution.simulation.curves import Curve, curve, times_fewer, times_fewer_interval
from generation.score.midi import read
from tests.benchmarks.result import Result

TARGET = 3.0
STARTER = Path(__file__).parents[2] / "platform/antiphon/datasets/starter/dataset1"
PHRASES_PER_FILE = 12
SEED = 200  # of the first room


def run(*, small: bool) -> Result:
    """A population of 10 and 12 listeners; `small` is a few rooms, few ratings and few files."""
    rooms, ours_budget, study_budget, files = (2, 120, 240, 6) if small else (16, 360, 1_440, None)
    trial = Trial(replace(LIFELIKE, n_listeners=12), size=10, phrases={CUT: starter_phrases(files)})
    ours = _curve(OURS, trial, ours_budget, rooms)
    start = _curve(OURS.named("random start", start=RANDOM), trial, ours_budget, rooms)
    study = _curve(STUDY, trial, study_budget, rooms)
    on_grid = _curve(STUDY_ON_GRID, trial, study_budget, rooms)
    level, level_on_grid = study.highest, on_grid.highest
    low, high = times_fewer_interval(study, ours, np.random.default_rng(SEED))
    return Result(
        name="crowd",
        ratio=times_fewer(study, ours, level),
        target=TARGET,
        ours=ours.needed(level),
        peer=study.needed(level),
        unit="ratings",
        detail={
            "rooms": rooms,
            "level": level,
            "ratio_low": low,
            "ratio_high": high,
            "ratio_random_start": times_fewer(study, start, level),
            "level_study_on_our_phrases": level_on_grid,
            "ratio_study_on_our_phrases": times_fewer(on_grid, ours, level_on_grid),
            "ratio_study_on_our_phrases_random_start": times_fewer(on_grid, start, level_on_grid),
            "appeal_ours_at_its_budget": float(ours.mean[-1]),
        },
    )


@cache
def starter_phrases(files: int | None = None, frame: Frame | None = None) -> Sequence[Genome]:
    """Phrases of the frame cut out of the starter dataset's pieces, of the smallest `files` or of all."""
    paths = sorted(STARTER.rglob("*.mid"), key=lambda path: (path.stat().st_size, path.name))[:files]
    scores = [read(path.read_bytes()) for path in paths]
    return cut_phrases(scores, frame or Frame(), max_per_score=PHRASES_PER_FILE, rng=np.random.default_rng(0))


def _curve(strategy: Strategy, trial: Trial, budget: int, rooms: int) -> Curve:
    histories: list[History] = [
        simulate(strategy, replace(trial, budget=budget), seed=seed) for seed in range(SEED, SEED + rooms)
    ]
    return curve(histories, budget)
