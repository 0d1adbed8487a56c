"""What the listeners of a crowd count between them while they listen."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass
class Tally:
    """Everything that was acknowledged, by the ids of its messages, and how long that took."""

    # Ids as they are written in 16 bytes: a long run acknowledges millions.
    ratings: dict[bytes, int] = field(default_factory=dict)  # message -> value
    others: dict[bytes, str] = field(default_factory=dict)  # skips, retractions and duels: message -> what it was
    counts: Counter[str] = field(default_factory=Counter)  # acknowledged, by what they were; "revision" once more
    refusals: Counter[str] = field(default_factory=Counter)  # by code
    latencies_seconds: "array[float]" = field(default_factory=lambda: array("d"))  # of what was acknowledged
    generations: set[int] = field(default_factory=set)  # that opened meanwhile
    connections: int = 0
    reconnections: int = 0
    turned_away: Counter[str] = field(default_factory=Counter)  # listeners, by why

    def acknowledge(self, message: dict[str, Any], answer: dict[str, Any], seconds: float) -> None:
        """Count a message that the server says is kept; what it says otherwise is no loss, and none of our business."""
        if answer["type"] != "kept":
            return
        what, message_id = answer["what"], UUID(message["id"]).bytes
        self.latencies_seconds.append(seconds)
        self.counts[what] += 1
        if what == "rating":
            self.ratings[message_id] = message["value"]
            self.counts["revision"] += answer["is_revision"]
        elif what in {"skip", "retraction", "duel"}:
            self.others[message_id] = what
