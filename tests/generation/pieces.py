"""Small scores and configurations for the tests of the network."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from generation.pieces import Piece
from generation.presets import PRESETS, NetworkConfig
from generation.score.notes import Meter, Part, Score, sort_notes

MAJOR = (0, 2, 4, 5, 7, 9, 11)


def melody(n_notes: int, *, seed: int = 0, meter: tuple[int, int] = (4, 4), tonic: int = 60) -> Score:
    """A random walk on a major scale in eighths."""
    rng = np.random.default_rng(seed)
    steps = np.clip(np.cumsum(rng.integers(-2, 3, n_notes)), -7, 7)
    rows = [
        (index * 0.5, 0.5, tonic + 12 * int(step // 7) + MAJOR[int(step % 7)], int(rng.integers(50, 100)), 0)
        for index, step in enumerate(steps)
    ]
    return Score(sort_notes(rows), meters=(Meter(0.0, *meter),))


def pieces_of(scores: Iterable[Score]) -> list[Piece]:
    """The scores as pieces, called `piece 0` and so on, without files."""
    return [Piece(f"piece {index}", score) for index, score in enumerate(scores)]


def ensemble(n_notes: int) -> Score:
    """Two piano staves, a bass and drums."""
    parts = (Part("right", 0), Part("bass", 33), Part("left", 0), Part("drums", 0, is_drum=True))
    rows = [(index * 0.5, 0.5, 40 + 7 * part, 80, part) for index in range(n_notes) for part in range(4)]
    return Score(sort_notes(rows), parts=parts)


def tiny(preset: str, **changes: Any) -> NetworkConfig:
    """A preset of a size that a test can train."""
    config = PRESETS[preset].config
    small: dict[str, Any] = {"lstm_units": 8, "lstm_layers": 1, "dense_units": 8, "window": 8, "epochs": 2}
    small |= {"max_seconds": None, "window_after": min(config.window_after, 4)}
    if config.embedding_units:
        small |= {"embedding_units": 4, "batch_size": 8}
    return config.with_changes(**{**small, **changes})
