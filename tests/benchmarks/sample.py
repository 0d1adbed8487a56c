"""`sample`: 500 notes of one piece from a network of the paper's size, against the paper's loop over `predict`."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from generation.sampling import sample_tokens
from tests.benchmarks.paper_network import our_checkpoint, papers_generation, papers_network
from tests.benchmarks.result import Result

TARGET = 90.0
ROUNDS = 3


def run(*, small: bool = False) -> Result:
    """Draw 500 notes, guards on; of the paper's loop only some are timed, for each costs the same."""
    return measure("sample", TARGET, count=1, small=small)


def measure(name: str, target: float, *, count: int, small: bool) -> Result:
    """Notes a second of `count` pieces drawn together, compiling not counted on either side.

    Both are timed by turns and the best round of each counts: what else a machine does disturbs both alike.
    """
    n_tokens, units, length, n_peer = (20, 8, 10, 3) if small else (300, 512, 500, 20)
    checkpoint = our_checkpoint(n_tokens, units)
    model, rng = papers_network(n_tokens, units), np.random.default_rng(0)
    papers_generation(model, n_tokens, 2, rng)
    sample_tokens(checkpoint, count=count, length=length, seed=0)
    ours, peer = [], []
    for turn in range(1 if small else ROUNDS):
        ours.append(_seconds(partial(sample_tokens, checkpoint, count=count, length=length, seed=turn)))
        peer.append(_seconds(partial(papers_generation, model, n_tokens, n_peer, rng)))
    ours_rate, peer_rate = count * length / min(ours), n_peer / min(peer)
    detail = {"count": count, "length": length, "units": units}
    return Result(name, ours_rate / peer_rate, target, ours_rate, peer_rate, "notes/s", detail)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
