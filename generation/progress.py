"""How far a training run has come. Knows no TensorFlow."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a training run; losses are nats a note (`quick`) or a token (`paper`), None before the first."""

    epoch: int  # epochs completed
    epochs: int
    loss: float | None
    held_out_loss: float | None
    seconds_elapsed: float
    seconds_left: float | None  # None until the first steps have been timed
    fraction: float  # 0 to 1
    terms_per_second: float | None = None  # loss terms learnt from; None until the first steps have been timed

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, for the API for workers and the checkpoint."""
        return asdict(self)
