"""`train-gpu`: loss terms a second on an NVIDIA card, against plain `torch.nn.LSTM` of the same shape with cuDNN."""

import importlib
import importlib.util
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from generation.network import has_gpu
from tests.benchmarks.paper_network import our_config
from tests.benchmarks.result import Result
from tests.benchmarks.train import our_terms

TARGET = 0.8
UNIT = "loss terms/s"


def run(*, small: bool = False) -> Result:
    """Time some steps of each on the card; skipped where there is no card, or no torch to compare with."""
    missing = why_not()
    if missing is not None:
        return Result.skip("train-gpu", missing, target=TARGET, unit=UNIT)
    n_tokens, units, n_steps = (20, 8, 3) if small else (300, 512, 30)
    rng = np.random.default_rng(0)
    ours, ours_step = our_terms(n_tokens, units, n_steps, rng)
    peer, peer_step = torch_terms(n_tokens, units, n_steps, rng, "cuda")
    detail = {"our_step_seconds": ours_step, "peer_step_seconds": peer_step, "units": units, "n_tokens": n_tokens}
    return Result("train-gpu", ours / peer, TARGET, ours, peer, UNIT, detail)


def why_not() -> str | None:
    """What is missing here for this benchmark; None where nothing is."""
    if not has_gpu():
        return "no NVIDIA card"
    if importlib.util.find_spec("torch") is None:
        return "no torch to compare with"
    torch = importlib.import_module("torch")
    return None if torch.cuda.is_available() else "no NVIDIA card that torch sees"


def torch_terms(n_tokens: int, units: int, n_steps: int, rng: np.random.Generator, device: str) -> tuple[float, float]:
    """Loss terms a second and seconds a step of the same network in plain torch: same sizes, dropout and optimizer."""
    config = our_config(units)
    step = torch_step(n_tokens, units, device)
    rows = rng.integers(n_tokens, size=(n_steps, config.batch_size, config.window + 1)).astype(np.int64)
    ends = []
    for row in rows:
        step(row)
        ends.append(time.perf_counter())
    seconds = float(np.median(np.diff(ends)))
    return config.window * config.batch_size / seconds, seconds


def torch_step(n_tokens: int, units: int, device: str) -> Callable[[NDArray[np.int64]], float]:
    """One step of training on rows of window + 1 tokens; gives the loss, as ours does, which waits for the card."""
    torch = importlib.import_module("torch")  # no requirement of the product: only this benchmark knows it
    config = our_config(units)
    embedding = torch.nn.Embedding(n_tokens, config.embedding_units)
    lstm = torch.nn.LSTM(config.embedding_units, units, config.lstm_layers, dropout=config.dropout, batch_first=True)
    head = torch.nn.Sequential(
        torch.nn.Dropout(config.dropout),
        torch.nn.Linear(units, config.dense_units),
        torch.nn.ReLU(),
        torch.nn.Linear(config.dense_units, n_tokens),
    )
    network = torch.nn.ModuleList([embedding, lstm, head]).to(device)
    optimizer = torch.optim.RMSprop(network.parameters(), lr=config.learning_rate)

    def step(rows: NDArray[np.int64]) -> float:
        tokens = torch.from_numpy(rows).to(device)
        optimizer.zero_grad()
        logits = head(lstm(embedding(tokens[:, :-1]))[0])
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return step
