"""What a trained network gives to simulated rooms: phrases to begin with, and its nats a note of anybody's."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evolution.forms import genome_from_text, genome_to_text
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.genome import decode
from evolution.seeding import cut_phrases

SAMPLES, NOTES, SEED = 60, 200, 3
PHRASES_PER_SAMPLE = 12
FRAME = Frame()


def sampled_phrases(checkpoint: Path, folder: Path) -> Sequence[Genome]:
    """Phrases cut out of the checkpoint's samples; drawn once, and kept in the folder."""
    kept = folder / "samples.json"
    if not kept.exists():
        from generation.checkpoint import load
        from generation.sampling import sample

        scores = sample(load(checkpoint.read_bytes()), count=SAMPLES, length=NOTES, seed=SEED)
        cut = cut_phrases(scores, FRAME, max_per_score=PHRASES_PER_SAMPLE, rng=np.random.default_rng(SEED))
        kept.write_text(json.dumps([genome_to_text(genome) for genome in cut]))
    return [genome_from_text(text) for text in json.loads(kept.read_text())]


def likelihood_of(checkpoint: Path) -> Callable[[Sequence[Genome]], NDArray[np.float64]]:
    """The checkpoint's nats a note of genomes as written, (n,); of a silent one as of the most surprising.

    The network is loaded when it is first asked.
    """
    loaded: list[object] = []

    def nats(genomes: Sequence[Genome]) -> NDArray[np.float64]:
        from generation.checkpoint import Checkpoint, load
        from generation.likelihood.phrases import phrase_nats

        if not loaded:
            loaded.append(load(checkpoint.read_bytes()))
        network = loaded[0]
        assert isinstance(network, Checkpoint)
        found = phrase_nats(network, [decode(genome, FRAME) for genome in genomes])
        return np.where(np.isfinite(found), found, np.nanmax(found, initial=0.0))

    return nats
