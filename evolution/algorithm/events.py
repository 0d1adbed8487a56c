"""What happened to a population, one value for each event; with the seed, all that a replay needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm.settings import BreedingError, BreedingSettings
from evolution.algorithm.state import State, variants_from_json, variants_to_json
from evolution.forms import genome_from_text, genome_to_text
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.operators.rewriting import Variant

EVENT_VERSION = 1


@dataclass(frozen=True)
class Begun:
    """A population began with these genomes and where each came from; `reserve` waits to come in as fresh blood."""

    kind: ClassVar[str] = "begun"
    settings: BreedingSettings
    frame: Frame
    genomes: tuple[Genome, ...]
    operators: tuple[str, ...]
    seed: int
    reserve: tuple[Genome, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, the genomes packed as text."""
        return _headed(self.kind) | {
            "settings": self.settings.to_json(),
            "frame": self.frame.to_json(),
            "genomes": [genome_to_text(genome) for genome in self.genomes],
            "operators": list(self.operators),
            "seed": self.seed,
            "reserve": [genome_to_text(genome) for genome in self.reserve],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Begun":
        """The event that `to_json` wrote."""
        return cls(
            settings=BreedingSettings.from_json(data["settings"]),
            frame=Frame.from_json(data["frame"]),
            genomes=tuple(genome_from_text(text) for text in data["genomes"]),
            operators=tuple(data["operators"]),
            seed=data["seed"],
            reserve=tuple(genome_from_text(text) for text in data["reserve"]),
        )


@dataclass(frozen=True)
class TakenUp:
    """A population was taken up from a stored state, what came before it left behind."""

    kind: ClassVar[str] = "taken up"
    state: State

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return _headed(self.kind) | {"state": self.state.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TakenUp":
        """The event that `to_json` wrote."""
        return cls(State.from_json(data["state"]))


@dataclass(frozen=True)
class Told:
    """What the crowd thinks of some individuals, in any order; of the same one told again, the newest counts.

    `mean` and `standard_error` are on the rating scale, `p_parent` the probability to be among the best, where counted.
    """

    ids: tuple[int, ...]
    mean: tuple[float, ...]
    standard_error: tuple[float, ...]
    p_parent: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if len(set(self.ids)) != len(self.ids):
            raise BreedingError(f"ids: expected each individual once, got {list(self.ids)}")
        columns = {"mean": self.mean, "standard_error": self.standard_error}
        if self.p_parent is not None:
            columns["p_parent"] = self.p_parent
        for name, column in columns.items():
            if len(column) != len(self.ids) or not np.all(np.isfinite(column)):
                raise BreedingError(f"{name}: expected {len(self.ids)} finite numbers, got {list(column)}")
        if min(self.standard_error, default=0.0) < 0:
            raise BreedingError(f"standard_error: expected none below 0, got {min(self.standard_error)}")
        if self.p_parent and not 0 <= min(self.p_parent) <= max(self.p_parent) <= 1:
            raise BreedingError(f"p_parent: expected probabilities from 0 to 1, got {list(self.p_parent)}")

    @classmethod
    def of(
        cls,
        ids: Sequence[int],
        mean: Sequence[float] | NDArray[np.floating[Any]],
        standard_error: Sequence[float] | NDArray[np.floating[Any]],
        p_parent: Sequence[float] | NDArray[np.floating[Any]] | None = None,
    ) -> "Told":
        """Sequences or arrays as the event keeps them. Raises BreedingError."""
        columns = [_floats("mean", mean), _floats("standard_error", standard_error)]
        probability = None if p_parent is None else _floats("p_parent", p_parent)
        return cls(tuple(int(id_) for id_ in ids), columns[0], columns[1], probability)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "ids": list(self.ids),
            "mean": list(self.mean),
            "standard_error": list(self.standard_error),
            "p_parent": None if self.p_parent is None else list(self.p_parent),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Told":
        """What `to_json` wrote. Raises BreedingError."""
        return cls.of(data["ids"], data["mean"], data["standard_error"], data["p_parent"])


@dataclass(frozen=True)
class Heard:
    """The crowd was heard."""

    kind: ClassVar[str] = "heard"
    told: Told

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return _headed(self.kind) | self.told.to_json()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Heard":
        """The event that `to_json` wrote. Raises BreedingError."""
        return cls(Told.from_json(data))


@dataclass(frozen=True)
class Parted:
    """The crowd was heard island by island, of one taste each; one island is the whole crowd again."""

    kind: ClassVar[str] = "parted"
    islands: tuple[Told, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return _headed(self.kind) | {"islands": [told.to_json() for told in self.islands]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Parted":
        """The event that `to_json` wrote. Raises BreedingError."""
        return cls(tuple(Told.from_json(told) for told in data["islands"]))


@dataclass(frozen=True)
class Offered:
    """A network re-wrote single bars of some individuals; these variants may be used as children."""

    kind: ClassVar[str] = "offered"
    variants: Mapping[int, tuple[Variant, ...]]

    def to_json(self) -> dict[str, Any]:
        """Plain values, the genomes packed as text."""
        return _headed(self.kind) | {"variants": variants_to_json(self.variants)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Offered":
        """The event that `to_json` wrote."""
        return cls(variants_from_json(data["variants"]))


@dataclass(frozen=True)
class Asked:
    """New individuals were asked for. What came from outside is kept, so that a replay needs no network and no taste:

    `is_screened` tells that a surplus was bred for a taste and `order` how it ordered the candidates, if it could yet;
    `likelihood` is what the network said of all it was asked about. `digest` is a hash of what was born, by which a
    replay checks itself.
    """

    kind: ClassVar[str] = "asked"
    count: int | None
    is_screened: bool
    likelihood: tuple[float, ...] | None
    order: tuple[int, ...] | None
    digest: str

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return _headed(self.kind) | {
            "count": self.count,
            "is_screened": self.is_screened,
            "likelihood": None if self.likelihood is None else list(self.likelihood),
            "order": None if self.order is None else list(self.order),
            "digest": self.digest,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Asked":
        """The event that `to_json` wrote."""
        likelihood, order = data["likelihood"], data["order"]
        return cls(
            count=data["count"],
            is_screened=data["is_screened"],
            likelihood=None if likelihood is None else _floats("likelihood", likelihood),
            order=None if order is None else tuple(int(index) for index in order),
            digest=data["digest"],
        )


@dataclass(frozen=True)
class Undone:
    """The latest event that still stood was taken back."""

    kind: ClassVar[str] = "undone"

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return _headed(self.kind)

    @classmethod
    def from_json(cls, _data: Mapping[str, Any]) -> "Undone":
        """The event that `to_json` wrote."""
        return cls()


Event = Begun | TakenUp | Heard | Parted | Offered | Asked | Undone
KINDS: dict[str, type[Event]] = {kind.kind: kind for kind in (Begun, TakenUp, Heard, Parted, Offered, Asked, Undone)}


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The event of any kind that its `to_json` wrote. Raises BreedingError."""
    if data.get("version") != EVENT_VERSION or data.get("event") not in KINDS:
        got = f"{data.get('event')!r} of version {data.get('version')!r}"
        raise BreedingError(f"event: expected one of {', '.join(KINDS)} of version {EVENT_VERSION}, got {got}")
    try:
        return KINDS[data["event"]].from_json(data)
    except (AttributeError, KeyError, TypeError) as error:
        raise BreedingError(f"event: expected all fields of {data['event']!r}, got {error!r}") from error


def _headed(kind: str) -> dict[str, Any]:
    return {"version": EVENT_VERSION, "event": kind}


def _floats(name: str, column: Sequence[float] | NDArray[np.floating[Any]]) -> tuple[float, ...]:
    try:
        values = np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BreedingError(f"{name}: expected numbers, got {column!r}") from error
    if values.ndim != 1:
        raise BreedingError(f"{name}: expected one row of numbers, got an array of shape {values.shape}")
    return tuple(values.tolist())
