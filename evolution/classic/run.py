"""A run of the paper's loop as a value: who is there, how they were rated, and what is asked next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.classic.bits import Bits, bits_from_text, bits_of_frame, bits_to_text, random_population
from evolution.classic.breeding import next_generation
from evolution.classic.settings import RATING_RANGE, ClassicError, ClassicSettings
from evolution.frame import Frame

RUN_VERSION = 1
MIN_SIZE, MAX_SIZE = 2, 1_000_000


@dataclass(frozen=True, eq=False)
class ClassicRun:
    """A generation being rated; `bits` (n, notes * 4), `ratings` (n,) with nan for those not rated yet.

    Elites come first in a new generation. Put right they keep their ratings; in the original they are asked again.
    Random numbers come from the seed and the number of the generation, so a stored run goes on as it would have.
    """

    settings: ClassicSettings
    frame: Frame
    seed: int
    bits: Bits
    ratings: NDArray[np.float64]
    generation: int = 0

    @classmethod
    def begin(cls, settings: ClassicSettings, frame: Frame, *, size: int, seed: int) -> "ClassicRun":
        """A first generation of random bits. Raises ClassicError."""
        if isinstance(size, bool) or not isinstance(size, int) or not MIN_SIZE <= size <= MAX_SIZE:
            raise ClassicError(f"size: expected a whole number from {MIN_SIZE} to {MAX_SIZE}, got {size!r}")
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise ClassicError(f"seed: expected a whole number of at least 0, got {seed!r}")
        bits = random_population(size, frame, np.random.default_rng([seed, 0]))
        return cls(settings, frame, seed, bits, np.full(size, np.nan))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClassicRun) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash((self.settings, self.frame, self.seed, self.generation, self.bits.tobytes()))

    @property
    def asked(self) -> tuple[int, ...]:
        """Places of those who are still to be rated, in order."""
        return tuple(np.flatnonzero(np.isnan(self.ratings)).tolist())

    @property
    def best(self) -> int | None:
        """Place of the best rated, the first of equals; None where nobody is rated."""
        return None if np.isnan(self.ratings).all() else int(np.nanargmax(self.ratings))

    @property
    def end(self) -> str | None:
        """Why the run is over, "generation_limit" or "fitness_limit"; None while it goes on."""
        if self.best is None or self.asked:
            return None
        limit = self.settings.fitness_limit
        if limit is not None and self.ratings[self.best] >= limit:
            return "fitness_limit"
        return "generation_limit" if self.generation + 1 >= self.settings.generation_limit else None

    def tell(self, ratings: Mapping[int, float]) -> "ClassicRun":
        """The run with ratings (0-5) by place, in any order, again where one changed. Raises ClassicError."""
        told = self.ratings.copy()
        low, high = RATING_RANGE
        for place, rating in ratings.items():
            if not 0 <= place < len(told):
                raise ClassicError(f"place: expected 0 to {len(told) - 1}, got {place!r}")
            if isinstance(rating, bool) or not low <= rating <= high:
                raise ClassicError(f"rating: expected a number from {low} to {high}, got {rating!r}")
            told[place] = rating
        return replace(self, ratings=told)

    def untell(self, place: int) -> "ClassicRun":
        """The run as if this place had not been rated. Raises ClassicError."""
        if not 0 <= place < len(self.ratings):
            raise ClassicError(f"place: expected 0 to {len(self.ratings) - 1}, got {place!r}")
        ratings = self.ratings.copy()
        ratings[place] = np.nan
        return replace(self, ratings=ratings)

    def breed(self) -> "ClassicRun":
        """The next generation. Raises ClassicError where somebody is not rated yet or the run is over."""
        if self.asked:
            raise ClassicError(f"ratings: expected all {len(self.ratings)} rated, {len(self.asked)} are not; tell them")
        if self.end is not None:
            raise ClassicError(f"{self.end}: expected a run that goes on, this one is over; raise the limit")
        generation = self.generation + 1
        rng = np.random.default_rng([self.seed, generation])
        bits = next_generation(self.bits, self.ratings, rng, self.settings)
        ratings = np.full(len(bits), np.nan)
        if not self.settings.faithful:
            elites = np.argsort(-self.ratings, kind="stable")[: min(self.settings.elites, len(bits))]
            ratings[: len(elites)] = self.ratings[elites]
        return replace(self, bits=bits, ratings=ratings, generation=generation)

    def to_json(self) -> dict[str, Any]:
        """Plain values with a version, a hexadecimal digit for each note; `from_json` gives an equal run."""
        return {
            "version": RUN_VERSION,
            "settings": self.settings.to_json(),
            "frame": self.frame.to_json(),
            "seed": self.seed,
            "generation": self.generation,
            "bits": [bits_to_text(bits) for bits in self.bits],
            "ratings": [None if np.isnan(rating) else rating for rating in self.ratings.tolist()],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ClassicRun":
        """The run that `to_json` wrote. Raises ClassicError or FrameError."""
        if not isinstance(data, Mapping) or data.get("version") != RUN_VERSION:
            raise ClassicError(f"version: expected a run of version {RUN_VERSION}, got another; use the newer program")
        try:
            frame = Frame.from_json(data["frame"])
            bits = np.array([bits_from_text(text) for text in data["bits"]], dtype=np.uint8)
            ratings = np.array([np.nan if one is None else float(one) for one in data["ratings"]])
            settings = ClassicSettings.from_json(data["settings"])
            seed, generation = int(data["seed"]), int(data["generation"])
        except (AttributeError, KeyError, TypeError) as error:
            raise ClassicError(f"run: expected all fields of a run, got {error!r}") from error
        if bits.ndim != 2 or bits.shape[1] != bits_of_frame(frame) or ratings.shape != (len(bits),):
            raise ClassicError(f"bits: expected {bits_of_frame(frame)} and a rating for each, got shape {bits.shape}")
        return cls(settings, frame, seed, bits, ratings, generation)
