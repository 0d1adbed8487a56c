"""How a crowd fared, in figures; and whether everything that was acknowledged is in the database, once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from antiphon.listening.models import Duel, Rating, Retraction, Skip
from antiphon.listening.rehearsal.tally import Tally

AT_ONCE = 5_000  # rows
POINTS = (50, 95, 99, 100)  # percent


@dataclass(frozen=True)
class Figures:
    """What a crowd did in so many seconds. Times of the acknowledgement in ms, from the first sending on."""

    seconds: float
    listeners: int
    here: int
    ratings: int  # acknowledged, revisions among them
    ratings_per_second: float
    revisions: int
    skips: int
    retractions: int
    duels: int
    generations: int  # that opened meanwhile
    connections: int
    reconnections: int
    refusals: dict[str, int]  # messages, by code
    turned_away: dict[str, int]  # listeners, by why
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    slowest_ms: float | None

    def to_json(self) -> dict[str, Any]:
        """Plain values by name."""
        return asdict(self)


@dataclass(frozen=True)
class Kept:
    """What became of acknowledged messages, by their ids: those that the database lacks, has twice, or otherwise."""

    lost: list[UUID] = field(default_factory=list)
    doubled: list[UUID] = field(default_factory=list)
    altered: list[UUID] = field(default_factory=list)  # ratings with another value

    @property
    def is_sound(self) -> bool:
        """Whether nothing is amiss."""
        return not (self.lost or self.doubled or self.altered)

    def to_json(self) -> dict[str, Any]:
        """How many of each, by name."""
        return {name: len(getattr(self, name)) for name in ("lost", "doubled", "altered")}


def figures_of(tally: Tally, *, seconds: float, listeners: int, here: int) -> Figures:
    """The figures of a tally."""
    ratings = tally.counts["rating"]
    p50_ms, p95_ms, p99_ms, slowest_ms = _percentiles_ms(tally)
    return Figures(
        seconds=round(seconds, 1),
        listeners=listeners,
        here=here,
        ratings=ratings,
        ratings_per_second=round(ratings / max(seconds, 1e-9), 1),
        revisions=tally.counts["revision"],
        skips=tally.counts["skip"],
        retractions=tally.counts["retraction"],
        duels=tally.counts["duel"],
        generations=len(tally.generations),
        connections=tally.connections,
        reconnections=tally.reconnections,
        refusals=dict(tally.refusals),
        turned_away=dict(tally.turned_away),
        p50_ms=p50_ms,
        p95_ms=p95_ms,
        p99_ms=p99_ms,
        slowest_ms=slowest_ms,
    )


def kept_of(tally: Tally, *, listener_ids: Iterable[UUID], room_id: int) -> Kept:
    """Look every acknowledged message up, by its id, among what these listeners have said in the room.

    A rating that was revised or taken back is looked for where its message's id is kept then.
    """
    said = {"listener__in": list(listener_ids), "room": room_id}
    found: Counter[UUID] = Counter()
    values: dict[UUID, int] = {}
    for client_id, earlier_ids, value in _rows(Rating, said, "client_id", "earlier_ids", "value"):
        found.update((client_id, *earlier_ids))
        values[client_id] = value
    for client_id, answer_ids in _rows(Retraction, said, "client_id", "answer_ids"):
        found.update((client_id, *answer_ids))
    for client_id, earlier_ids in _rows(Duel, said, "client_id", "earlier_ids"):
        found.update((client_id, *earlier_ids))
    found.update(client_id for (client_id,) in _rows(Skip, said, "client_id"))
    ratings = {UUID(bytes=one): value for one, value in tally.ratings.items()}
    acknowledged = [*ratings, *(UUID(bytes=one) for one in tally.others)]
    return Kept(
        lost=[one for one in acknowledged if one not in found],
        doubled=[one for one, times in found.items() if times > 1],
        altered=[one for one, value in ratings.items() if values.get(one, value) != value],
    )


def _rows(model: Any, said: dict[str, Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    rows: Iterator[tuple[Any, ...]] = model.objects.filter(**said).values_list(*fields).iterator(chunk_size=AT_ONCE)
    return rows


def _percentiles_ms(tally: Tally) -> list[float | None]:
    if not tally.latencies_seconds:
        return [None] * len(POINTS)
    taken = np.frombuffer(tally.latencies_seconds, dtype=np.float64).copy()  # a view would keep the array from growing
    return [round(float(one) * 1000, 1) for one in np.percentile(taken, POINTS)]
