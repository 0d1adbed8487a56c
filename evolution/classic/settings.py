"""The study's options beyond the frame: what a genome may say, and how the next generation is bred."""

from dataclasses import asdict, dataclass, fields
from typing import Any

MAX_STEPS = 8
MAX_MUTATIONS = 100
MAX_GENERATIONS = 1_000_000
MIN_BREEDING = 2  # a pair
RATING_RANGE = (0, 5)


class ClassicError(ValueError):
    """Bits or settings that the paper's genome cannot have; the message names the field."""

    code = "classic_invalid"


@dataclass(frozen=True)
class ClassicSettings:
    """The paper's options: `steps` voices, `pauses` where rests may occur, and the loop's. Raises ClassicError.

    The best `elites` of a generation live on, the best `keep` (a share of the population, 3 of 10) are bred; 1.0 breeds
    everybody, as the paper's listing does where its text keeps 3 of 10. Each child has `mutations` chances to have a
    bit flipped, each taken with `mutation_probability`. The run ends after `generation_limit` generations, or with one
    whose best is rated `fitness_limit`. `faithful` keeps the faults of the original, in sound and in loop.
    """

    steps: int = 1
    pauses: bool = True
    mutations: int = 2
    mutation_probability: float = 0.5
    elites: int = 2
    keep: float = 0.3
    generation_limit: int = 100
    fitness_limit: float | None = None
    faithful: bool = False

    def __post_init__(self) -> None:
        _expect_whole("steps", self.steps, 1, MAX_STEPS)
        _expect_whole("mutations", self.mutations, 0, MAX_MUTATIONS)
        _expect_number("mutation_probability", self.mutation_probability, 0, 1)
        _expect_whole("elites", self.elites, 0, MAX_MUTATIONS)
        _expect_number("keep", self.keep, 0, 1)
        _expect_whole("generation_limit", self.generation_limit, 1, MAX_GENERATIONS)
        if self.fitness_limit is not None:
            _expect_number("fitness_limit", self.fitness_limit, *RATING_RANGE)
        for name in ("pauses", "faithful"):
            if not isinstance(getattr(self, name), bool):
                raise ClassicError(f"{name}: expected true or false, got {getattr(self, name)!r}")

    def breeding_of(self, size: int) -> int:
        """How many of a population of `size` are bred: at least a pair, where there is one."""
        return min(size, max(MIN_BREEDING, round(self.keep * size)))

    def to_json(self) -> dict[str, Any]:
        """Plain values by field name; `from_json` gives equal settings."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ClassicSettings":
        """The settings that `to_json` wrote; missing fields take their defaults. Raises ClassicError."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise ClassicError(f"{unknown[0]}: expected only {', '.join(sorted(known))}; remove it")
        return cls(**data)


def _expect_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ClassicError(f"{name}: expected a whole number from {low} to {high}, got {value!r}")


def _expect_number(name: str, value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ClassicError(f"{name}: expected a number from {low} to {high}, got {value!r}")
