"""A strategy tried out on a simulated room: what was reached after how many ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm import Likelihood
from evolution.crowd import CrowdSettings, Room
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.invention import random_genome
from evolution.seeding import rank
from evolution.simulation.breeders import BitsBreeder, Breeder, GridBreeder, Verdict
from evolution.simulation.listening import Listening
from evolution.simulation.strategies import RANDOM, Strategy

COLUMNS = ("chosen", "top", "mean", "own", "islands")
TOP = 3  # the study keeps three of ten
CANDIDATES_PER_PLACE = 6  # phrases cut from samples, of which seeding takes the best


@dataclass(frozen=True)
class Trial:
    """A room and how many ratings may be spent in it.

    `phrases` are those that a first generation can be made of, by what a strategy's `start` calls them; `likelihood`
    gives a network's nats a note to strategies whose taste wants it.
    """

    crowd: CrowdSettings
    size: int = 10
    budget: int = 1_000
    frame: Frame = field(default_factory=Frame)
    phrases: Mapping[str, Sequence[Genome]] = field(default_factory=dict)
    likelihood: Likelihood | None = None


@dataclass(frozen=True)
class History:
    """What was reached when each generation closed, T of them, each (T,); appeal is true appeal, 0 a random phrase.

    `chosen` is that of the phrase which the strategy holds to be best, so that luck in ratings counts against it;
    `top` the mean of the three that it holds to be best; `mean` that of all living. `own` is what listeners have of it:
    the mean, over those who sit in the room and listen, of the appeal to their own taste of the phrase held best on
    their island, or by everybody where there are no islands; `islands` how many there are.
    """

    ratings: NDArray[np.int64]
    chosen: NDArray[np.float64]
    top: NDArray[np.float64]
    mean: NDArray[np.float64]
    own: NDArray[np.float64]
    islands: NDArray[np.float64]

    def at(self, ratings: NDArray[np.int64], measure: str = "chosen") -> NDArray[np.float64]:
        """The appeal reached by these numbers of ratings, same shape: of the last closed generation, NaN before one."""
        place = np.searchsorted(self.ratings, ratings, side="right") - 1
        values: NDArray[np.float64] = getattr(self, measure)
        return np.where(place >= 0, values[np.maximum(place, 0)], np.nan)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, appeal to four digits."""
        return {"ratings": self.ratings.tolist()} | {
            name: np.round(getattr(self, name), 4).tolist() for name in COLUMNS
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "History":
        """The history that `to_json` wrote."""
        numbers = {name: np.array(data[name], dtype=np.float64) for name in COLUMNS}
        return cls(ratings=np.array(data["ratings"], dtype=np.int64), **numbers)


def simulate(strategy: Strategy, trial: Trial, *, seed: int) -> History:
    """Breed with a strategy until the ratings are spent. Seeds make rooms: one seed, one crowd for all strategies."""
    room_rng, rng, start_rng = (np.random.default_rng([seed, stream]) for stream in range(3))
    room = Room.open(_with_clickers(trial.crowd, room_rng), trial.frame, room_rng)
    breeder = _breeder(strategy, trial, seed, start_rng, rng)
    listening = Listening(strategy, room, breeder.parents, rng)
    newborn = breeder.begin()
    rows: list[tuple[float, ...]] = []
    while True:
        listening.welcome(newborn, breeder.home, len(rows))
        verdict = listening.rate(breeder.living, breeder.home, trial.budget)
        if verdict is None:
            break
        true = listening.liked.true_appeal[breeder.living]
        reached = _reached(true, verdict.mean[breeder.living], rng)
        rows.append((listening.spent, *reached, own_appeal(listening, breeder, verdict), max(len(verdict.islands), 1)))
        newborn = breeder.breed(verdict)
    columns = np.array(rows, dtype=np.float64).reshape(-1, 1 + len(COLUMNS)).T
    return History(columns[0].astype(np.int64), *columns[1:])


def _with_clickers(crowd: CrowdSettings, rng: np.random.Generator) -> CrowdSettings:
    """A whole number of clickers that is right on average: 17% of three are none or one."""
    expected = crowd.clicker_share * crowd.n_listeners
    count = int(expected + rng.random())
    return replace(crowd, clicker_share=count / crowd.n_listeners)


def _reached(true: NDArray[np.float64], thought: NDArray[np.float64], rng: np.random.Generator) -> tuple[float, ...]:
    order = np.lexsort((rng.random(len(true)), -thought))
    return float(true[order[0]]), float(true[order[:TOP]].mean()), float(true.mean())


def own_appeal(listening: Listening, breeder: Breeder, verdict: Verdict) -> float:
    """Mean, over those in the room who listen, of their own taste's appeal of the phrase held best on their island."""
    crowd, seats = listening.room.crowd, listening.room.seats
    listeners = seats[crowd.clicker[seats] < 0]
    living, islands = np.array(breeder.living), verdict.islands or (verdict,)
    held_best = []
    for island, one in enumerate(islands):
        on_it = living[[breeder.home.get(number, island) == island for number in breeder.living]]
        on_it = on_it if len(on_it) else living
        held_best.append(int(on_it[np.argmax(np.where(one.is_heard[on_it], one.mean[on_it], -np.inf))]))
    theirs = np.zeros(len(listeners), dtype=np.int64)
    if len(islands) > 1:
        theirs = listening.parting.islands.with_listeners(listening.room.n_listeners).of[listeners]
    return float(listening.liked.appeal[crowd.taste[listeners], np.array(held_best)[theirs]].mean())


def _breeder(
    strategy: Strategy, trial: Trial, seed: int, start_rng: np.random.Generator, rng: np.random.Generator
) -> Breeder:
    if strategy.breeding is None:
        return BitsBreeder(trial.size, trial.frame, rng)
    settings = replace(strategy.breeding, size=trial.size)
    if strategy.start == RANDOM:
        genomes = [random_genome(trial.frame, start_rng) for _ in range(trial.size)]
    elif strategy.start in trial.phrases:
        genomes = first_generation(trial.phrases[strategy.start], trial.frame, trial.size, start_rng)
    else:
        raise ValueError(f"phrases: expected some called {strategy.start!r}, got {sorted(trial.phrases)}; hand them in")
    return GridBreeder(
        settings,
        trial.frame,
        genomes,
        seed=seed,
        elites_again=strategy.elites_again,
        likelihood=trial.likelihood,
    )


def first_generation(samples: Sequence[Genome], frame: Frame, size: int, rng: np.random.Generator) -> list[Genome]:
    """The best and most different of some samples drawn at random, as seeding takes them; then random ones."""
    drawn = rng.permutation(len(samples))[: size * CANDIDATES_PER_PLACE]
    chosen = rank([samples[index] for index in drawn], frame, size)
    genomes = [samples[drawn[index]] for index in chosen]
    return genomes + [random_genome(frame, rng) for _ in range(size - len(genomes))]
