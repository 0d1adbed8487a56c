"""What can be chosen for a population."""

from dataclasses import dataclass

from antiphon.populations.closing import MINUTES_MAX, QUORUM_MAX, WANTED_ERROR_MAX, WANTED_ERROR_MIN
from antiphon.populations.order_serializers import BARS_MAX, TEMPO_MAX_BPM, TEMPO_MIN_BPM
from antiphon.populations.recipes import RECIPES, usual_encoding, usual_settings
from antiphon.populations.services import SIZE_MAX, SIZE_MIN
from antiphon.populations.usual import USUAL, Usual
from evolution.algorithm import MAX_CAUTION, BreedingSettings
from evolution.algorithm.settings import (
    ADAPTIVE,
    MAX_FRESH_BLOOD,
    MAX_ISLANDS,
    MAX_MIGRATION,
    MAX_MINIMUM_DISTANCE,
    MAX_SURPLUS,
    METHODS,
)
from evolution.operators.crossover import CROSSOVERS
from evolution.operators.selection import SELECTIONS
from generation.score.scales import KEYS, SCALES

# The melodic presets of the packaged SoundFont, by General MIDI program.
PROGRAMS = {
    0: "Grand piano",
    4: "Electric piano",
    24: "Nylon guitar",
    25: "Steel guitar",
    33: "Fingered bass",
    38: "Synth bass",
    42: "Cello",
    48: "Strings",
    73: "Flute",
    80: "Square lead",
    81: "Saw lead",
    89: "Warm pad",
}


@dataclass(frozen=True)
class Program:
    """An instrument that every listener can hear."""

    program: int
    name: str


@dataclass(frozen=True)
class Limits:
    """Ranges that a form should know before it is sent."""

    bars_max: int = BARS_MAX
    size_min: int = SIZE_MIN
    size_max: int = SIZE_MAX
    quorum_max: int = QUORUM_MAX
    tempo_min_bpm: float = TEMPO_MIN_BPM
    tempo_max_bpm: float = TEMPO_MAX_BPM
    caution_max: float = MAX_CAUTION
    fresh_blood_max: float = MAX_FRESH_BLOOD
    minimum_distance_max: float = MAX_MINIMUM_DISTANCE
    surplus_max: int = MAX_SURPLUS
    islands_max: int = MAX_ISLANDS
    migration_max: float = MAX_MIGRATION
    wanted_error_min: float = WANTED_ERROR_MIN
    wanted_error_max: float = WANTED_ERROR_MAX
    minutes_max: int = MINUTES_MAX


@dataclass(frozen=True)
class Recipe:
    """A way to breed, whole."""

    name: str
    encoding: str
    settings: BreedingSettings


@dataclass(frozen=True)
class Options:
    """All choices of the form."""

    keys: tuple[str, ...] = tuple(KEYS)
    scales: tuple[str, ...] = tuple(SCALES)
    programs: tuple[Program, ...] = tuple(Program(program, name) for program, name in PROGRAMS.items())
    crossovers: tuple[str, ...] = (*CROSSOVERS, ADAPTIVE)
    selections: tuple[str, ...] = tuple(SELECTIONS)
    methods: tuple[str, ...] = METHODS
    recipes: tuple[Recipe, ...] = tuple(Recipe(name, usual_encoding(name), usual_settings(name)) for name in RECIPES)
    limits: Limits = Limits()
    defaults: Usual = USUAL
