"""The study's loop over bits as a value with a log of events, so that it is stored and replayed like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm import RANDOM, BreedingError, BreedingSettings, Individual
from evolution.classic import (
    Bits,
    ClassicSettings,
    bits_from_text,
    bits_to_text,
    draw_pairs,
    lift,
    mutate_bits,
    random_bits,
    single_point_crossover,
)
from evolution.frame import Frame

VERSION = 1
ENCODING = "study"
CROSSED, FLIPPED, COPIED = "cut between bits", "flip bits", "copy"


@dataclass(frozen=True)
class StudyState:
    """Bits of all that were ever born, who lives, and their fitness; equal states have equal children."""

    settings: BreedingSettings
    frame: Frame
    seed: int
    is_faithful: bool
    bits: Mapping[int, Bits] = field(repr=False)
    born: Mapping[int, Individual] = field(repr=False)
    living: tuple[int, ...]
    fitness: Mapping[int, float] = field(default_factory=dict)
    clock: int = 1

    def to_json(self) -> dict[str, Any]:
        """Plain values with a version."""
        return {
            "version": VERSION,
            "encoding": ENCODING,
            "settings": self.settings.to_json(),
            "frame": self.frame.to_json(),
            "seed": self.seed,
            "is_faithful": self.is_faithful,
            "individuals": [
                {
                    "id": one.id,
                    "bits": bits_to_text(self.bits[one.id]),
                    "parents": list(one.parents),
                    "operator": one.operator,
                    "generation": one.generation,
                }
                for one in self.born.values()
            ],
            "living": list(self.living),
            "fitness": [[id_, mean] for id_, mean in self.fitness.items()],
            "clock": self.clock,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "StudyState":
        """The state that `to_json` wrote."""
        frame = Frame.from_json(data["frame"])
        bits = {one["id"]: bits_from_text(one["bits"]) for one in data["individuals"]}
        classic = classic_settings(data["is_faithful"])
        born = {
            one["id"]: Individual(
                one["id"],
                lift(bits[one["id"]], frame, classic),
                tuple(one["parents"]),
                one["operator"],
                one["generation"],
            )
            for one in data["individuals"]
        }
        return cls(
            settings=BreedingSettings.from_json(data["settings"]),
            frame=frame,
            seed=data["seed"],
            is_faithful=data["is_faithful"],
            bits=bits,
            born=born,
            living=tuple(data["living"]),
            fitness=dict(data["fitness"]),
            clock=data["clock"],
        )


def begun(
    settings: BreedingSettings, frame: Frame, bits: Sequence[Bits], *, seed: int, is_faithful: bool
) -> tuple[StudyState, dict[str, Any]]:
    """The first state of a population of these bits, and the event that says so."""
    born = {
        id_: Individual(id_, lift(one, frame, classic_settings(is_faithful)), (), RANDOM)
        for id_, one in enumerate(bits)
    }
    state = StudyState(settings, frame, seed, is_faithful, dict(enumerate(bits)), born, tuple(born))
    return state, {
        "version": VERSION,
        "encoding": ENCODING,
        "event": "begun",
        "settings": settings.to_json(),
        "frame": frame.to_json(),
        "seed": seed,
        "is_faithful": is_faithful,
        "bits": [bits_to_text(one) for one in bits],
    }


def heard(state: StudyState, ids: Sequence[int], mean: Sequence[float]) -> tuple[StudyState, dict[str, Any]]:
    """The state with what the crowd said of some individuals, and the event."""
    unknown = sorted(set(ids) - set(state.bits))
    if unknown:
        raise BreedingError(f"ids: expected those of this population, got {unknown[:5]}")
    event = {"version": VERSION, "encoding": ENCODING, "event": "heard", "ids": list(ids), "mean": list(mean)}
    fitness = {**state.fitness, **dict(zip(ids, mean, strict=True))}
    return replace(state, fitness=fitness, clock=state.clock + 1), event


def asked(state: StudyState) -> tuple[StudyState, dict[str, Any]]:
    """The next generation: the best live on, the rest are mutated children of pairs drawn by fitness; and the event.

    In the original an odd one out is lost.
    """
    settings, rng = state.settings, np.random.default_rng([state.seed, state.clock])
    size = settings.size - settings.size % 2 if state.is_faithful else settings.size
    ranked = sorted(state.living, key=lambda id_: -state.fitness.get(id_, 0.0))
    elites = ranked[: min(settings.elites, size)] if settings.selecting else []
    breeders = ranked[: settings.parents] if settings.selecting else ranked
    worth = np.array([max(state.fitness.get(id_, 0.0), 0.0) if settings.selecting else 0.0 for id_ in breeders])
    bits, born, living = dict(state.bits), dict(state.born), list(elites)
    places = size - len(elites)
    for child, parents, operator in _children(state, breeders, worth, rng, -(-places // 2))[:places]:
        id_ = len(bits)
        bits[id_] = child
        genome = lift(child, state.frame, classic_settings(state.is_faithful))
        born[id_] = Individual(id_, genome, parents, operator, state.born[parents[0]].generation + 1)
        living.append(id_)
    new = [[id_, bits_to_text(bits[id_])] for id_ in living if id_ not in state.bits]
    event = {"version": VERSION, "encoding": ENCODING, "event": "asked", "living": living, "born": new}
    return replace(state, bits=bits, born=born, living=tuple(living), clock=state.clock + 1), event


def replayed(events: Sequence[Mapping[str, Any]]) -> StudyState:
    """The state after these events. Raises BreedingError where a birth comes out otherwise."""
    if not events or events[0].get("event") != "begun":
        raise BreedingError("events: expected one that begins a population first")
    first = events[0]
    state, _ = begun(
        BreedingSettings.from_json(first["settings"]),
        Frame.from_json(first["frame"]),
        [bits_from_text(text) for text in first["bits"]],
        seed=first["seed"],
        is_faithful=first["is_faithful"],
    )
    for number, event in enumerate(events[1:], start=1):
        if event["event"] == "heard":
            state, _ = heard(state, event["ids"], event["mean"])
        else:
            state, again = asked(state)
            if again != event:
                raise BreedingError(f"events: expected the births of event {number} to come out as recorded")
    return state


def first_bits(frame: Frame, size: int, rng: np.random.Generator) -> list[Bits]:
    """A first generation of `size`, at random."""
    return [random_bits(frame, rng) for _ in range(size)]


def classic_settings(is_faithful: bool) -> ClassicSettings:
    """The study's options, its faults included or put right."""
    return ClassicSettings(faithful=is_faithful)


def _children(
    state: StudyState, breeders: Sequence[int], worth: NDArray[np.float64], rng: np.random.Generator, pairs: int
) -> list[tuple[Bits, tuple[int, ...], str]]:
    """Two children of each pair, with their parents' ids and what made them."""
    settings = state.settings
    children = []
    for places in draw_pairs(worth, pairs, rng, faithful=state.is_faithful).tolist():
        mother, father = (state.bits[breeders[place]] for place in places)
        parents = tuple(dict.fromkeys(breeders[place] for place in places))
        for crossed in single_point_crossover(mother, father, rng):
            flipped = mutate_bits(
                crossed, mutations=settings.mutations, probability=settings.mutation_probability, rng=rng
            )
            names = [CROSSED] * (len(parents) > 1) + [FLIPPED] * (not np.array_equal(crossed, flipped))
            children.append((flipped, parents, "+".join(names) or COPIED))
    return children
