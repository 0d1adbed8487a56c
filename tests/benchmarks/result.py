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
    skipped: str | None = None  # why nothing was measured here

    @classmethod
    def skip(cls, name: str, reason: str, *, target: float, unit: str) -> "Result":
        """A benchmark that can't be run on this machine, and why."""
        return cls(name, 0.0, target, 0.0, 0.0, unit, {}, reason)

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.skipped is None and self.ratio >= self.target

    def to_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        if self.skipped is not None:
            return {"name": self.name, "target": self.target, "unit": self.unit, "skipped": self.skipped}
        return {
            "name": self.name,
            "ratio": self.ratio,
            "target": self.target,
            "ours": self.ours,
            "peer": self.peer,
            "unit": self.unit,
            "detail": self.detail,
        }
