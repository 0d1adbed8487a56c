"""How samples are drawn: what a host asks for, told to the node, and kept with each sample."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

PRIME_BARS_MAX = 16
SAMPLING = ("temperature", "temperatures", "top_k", "top_p", "key", "scale")  # fields of generation.sampling.Sampling


@dataclass(frozen=True)
class Prime:
    """Bars of a MIDI file, from 1, that samples go on from."""

    file: int
    first_bar: int
    last_bar: int
    name: str = ""  # the file's, for people


@dataclass(frozen=True)
class SampleSettings:
    """One order of samples."""

    count: int
    length: int = 128  # notes
    temperature: float = 1.0
    temperatures: Mapping[str, float] = field(default_factory=dict)  # by the codec's field, instead of the one for all
    top_k: int = 0  # 0 for no limit
    top_p: float = 0.98
    key: str | None = None  # with `scale`: nothing outside of it is drawn
    scale: str | None = None
    seed: int = 0
    tempo_bpm: float | None = None  # the training pieces' where not said
    prime: Prime | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "temperatures": dict(self.temperatures)}


def sampling_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an order's plain values that says how each note is chosen."""
    return {name: settings[name] for name in SAMPLING if name in settings}
