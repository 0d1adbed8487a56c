"""How much simulated crowds like what a first generation can be made of: `python -m tests.measurements.crowd_starts`.

With `--samples DIR` the MIDI files in DIR, a network's samples, are cut and judged beside the others. Prints one JSON
object: for each kind the mean and standard deviation of true appeal over phrases and crowds, and the mean appeal of the
best of ten, which a listener who knew them all would choose.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evolution.classic import lift, random_bits
from evolution.crowd import LIFELIKE, draw_tastes, hear
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.genome import express
from evolution.invention import random_genome
from evolution.seeding import cut_phrases
from evolution.simulation.trials import first_generation
from generation.score.midi import read
from tests.benchmarks.crowd import starter_phrases

FRAME = Frame()
PHRASES, CROWDS, SIZE = 200, 60, 10
GENERATIONS = 20


def main() -> None:
    """Judge every kind by the same crowds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    kinds = {
        "random phrases": [random_genome(FRAME, rng) for _ in range(PHRASES)],
        "random bits": [lift(random_bits(FRAME, rng), FRAME) for _ in range(PHRASES)],
        "starter phrases": starter_phrases(),
        "starter phrases, ranked": _ranked(starter_phrases(), rng),
    }
    if options.samples:
        scores = [read(path.read_bytes()) for path in sorted(options.samples.glob("*.mid"))]
        cuts = cut_phrases(scores, FRAME, max_per_score=12, rng=rng)
        kinds |= {"network samples": cuts, "network samples, ranked": _ranked(cuts, rng)}
    print(json.dumps({name: _judged(genomes) for name, genomes in kinds.items()}, indent=1))


def _ranked(genomes: Sequence[Genome], rng: np.random.Generator) -> list[Genome]:
    """First generations as seeding makes them of these."""
    return [one for _ in range(GENERATIONS) for one in first_generation(genomes, FRAME, SIZE, rng)]


def _judged(genomes: Sequence[Genome]) -> dict[str, float]:
    heard = hear([express(genome, FRAME) for genome in genomes])
    appeal = np.stack(
        [draw_tastes(LIFELIKE, FRAME, np.random.default_rng(seed)).appeal(heard).mean(axis=0) for seed in range(CROWDS)]
    )
    tens = appeal[:, : len(genomes) // SIZE * SIZE].reshape(CROWDS, -1, SIZE)
    return {
        "phrases": len(genomes),
        "mean": round(float(appeal.mean()), 3),
        "deviation": round(float(appeal.std(axis=1).mean()), 3),
        "best_of_ten": round(float(tens.max(axis=2).mean()), 3),
    }


if __name__ == "__main__":
    main()
