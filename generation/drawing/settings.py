"""How notes are drawn from a network: temperature, cuts, masks and guards. Free of Keras, for web processes too."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from generation.score.scales import KEYS, SCALES

HOTTEST = 10.0
LONGEST_BAR_RUN = 16
TOP_K_MAX = 1_000_000


class SampleRefused(ValueError):
    """A wish that no sample can meet; the message names the argument."""

    code = "sample_refused"


@dataclass(frozen=True, slots=True)
class Sampling:
    """What bounds each draw; stored with the samples that it made. Raises SampleRefused, naming the argument.

    `key` is where the music should lie, `scale` leaves out every other pitch. With a key alone the music is moved there
    and nothing is left out, which only codecs that follow the key can do. See `generation.drawing.masks.place`.
    """

    temperature: float = 1.0  # 0: the likeliest value each time
    temperatures: Mapping[str, float] = field(default_factory=dict)  # by the codec's field, instead of the one for all
    top_k: int = 0  # draws are from that many likeliest values; 0 for no limit
    top_p: float = 0.98  # and from as few as make up this share
    key: str | None = None
    scale: str | None = None
    longest_bar_run: int = 3  # a bar, or a figure of bars, comes that often in a row and no more; 0 for no limit
    allows_copies: bool = False  # also passages of training pieces that are longer than what people share
    is_faithful: bool = False  # as the study drew: no guard of any kind

    def __post_init__(self) -> None:
        _check_heat("temperature", self.temperature)
        if not isinstance(self.temperatures, Mapping):
            raise SampleRefused(f"temperatures: expected fields with a number each, got {self.temperatures!r}")
        for name, value in self.temperatures.items():
            _check_heat(f"temperatures: {name}", value)
        _check_whole("top_k", self.top_k, TOP_K_MAX)
        if not (_is_number(self.top_p) and 0 < self.top_p <= 1):
            raise SampleRefused(f"top_p: expected more than 0 and at most 1, got {self.top_p!r}")
        _check_name("key", self.key, KEYS)
        _check_name("scale", self.scale, SCALES)
        _check_whole("longest_bar_run", self.longest_bar_run, LONGEST_BAR_RUN)
        for name in ("allows_copies", "is_faithful"):
            if not isinstance(getattr(self, name), bool):
                raise SampleRefused(f"{name}: expected true or false, got {getattr(self, name)!r}")

    def to_json(self) -> dict[str, Any]:
        """Plain values; `from_json` gives equal settings."""
        plain = {part.name: getattr(self, part.name) for part in fields(self)}
        return {**plain, "temperatures": dict(self.temperatures)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Sampling":
        """The settings that `to_json` wrote; what isn't said is as by default. Raises SampleRefused."""
        if not isinstance(data, Mapping):
            raise SampleRefused(f"settings: expected an object, got {type(data).__name__}")
        known = [part.name for part in fields(cls)]
        for name in data:
            if name not in known:
                raise SampleRefused(f"{name}: expected a setting among {', '.join(known)}; leave it out")
        return cls(**data)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_heat(name: str, value: Any) -> None:
    if not (_is_number(value) and 0 <= value <= HOTTEST):
        raise SampleRefused(f"{name}: expected 0 to {HOTTEST:g}, got {value!r}")


def _check_whole(name: str, value: Any, most: int) -> None:
    if not (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most):
        raise SampleRefused(f"{name}: expected a whole number from 0 to {most}, got {value!r}")


def _check_name(name: str, value: Any, known: Mapping[str, Any]) -> None:
    if value is not None and (not isinstance(value, str) or value not in known):
        raise SampleRefused(f"{name}: expected one of {', '.join(known)}, got {value!r}")
