"""`sample`: 500 notes of one piece from a network of the paper's size, against the paper's loop over `predict`."""

import time

import numpy as np

from generation.sampling import sample_tokens
from tests.benchmarks.paper_network import our_checkpoint, papers_generation, papers_network
from tests.benchmarks.result import Result

TARGET = 90.0


def run(*, small: bool = False) -> Result:
    """Draw 500 notes; of the paper's loop only some are timed, for each costs the same."""
    return measure("sample", TARGET, count=1, small=small)


def measure(name: str, target: float, *, count: int, small: bool) -> Result:
    """Notes a second of `count` pieces drawn together, compiling not counted on either side."""
    n_tokens, units, length, n_peer = (20, 8, 10, 3) if small else (300, 512, 500, 20)
    checkpoint = our_checkpoint(n_tokens, units)
    sample_tokens(checkpoint, count=count, length=length, seed=0)
    began = time.perf_counter()
    drawn = sample_tokens(checkpoint, count=count, length=length, seed=1)
    ours = drawn.shape[0] * drawn.shape[1] / (time.perf_counter() - began)

    model, rng = papers_network(n_tokens, units), np.random.default_rng(0)
    papers_generation(model, n_tokens, 2, rng)
    began = time.perf_counter()
    n_drawn = len(papers_generation(model, n_tokens, n_peer, rng))
    peer = n_drawn / (time.perf_counter() - began)
    return Result(name, ours / peer, target, ours, peer, "notes/s", {"count": count, "length": length, "units": units})
