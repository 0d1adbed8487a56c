"""What a benchmark reports."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Result:
    """One figure against its peer: `ratio` is how many times better ours is, `target` what it should be at least.

    `ours` and `peer` are in `unit`; `detail` holds further figures, JSON values only.
    """

    name: str
    ratio: float
    target: float
    ours: float
    peer: float
    unit: str
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.ratio >= self.target

    def to_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "name": self.name,
            "ratio": self.ratio,
            "target": self.target,
            "ours": self.ours,
            "peer": self.peer,
            "unit": self.unit,
            "detail": self.detail,
        }
