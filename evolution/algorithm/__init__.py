"""Breeding by ask and tell: a population is a value, what happens to it a log of events."""

from evolution.algorithm.asking import Likelihood
from evolution.algorithm.breeding import Breeding
from evolution.algorithm.events import (
    Asked,
    Begun,
    Event,
    Heard,
    Offered,
    Parted,
    TakenUp,
    Told,
    Undone,
    event_from_json,
)
from evolution.algorithm.offspring import ELITE, RANDOM, SAMPLE
from evolution.algorithm.screening import Candidates, Experience, Screen
from evolution.algorithm.settings import MAX_CAUTION, MAX_SIZE, MIN_SIZE, BreedingError, BreedingSettings
from evolution.algorithm.state import Fitness, Individual, State
from evolution.operators.rewriting import Variant

__all__ = [
    "ELITE", "MAX_CAUTION", "MAX_SIZE", "MIN_SIZE", "RANDOM", "SAMPLE",
    "Asked", "Begun", "Breeding", "BreedingError", "BreedingSettings", "Candidates", "Event", "Experience",
    "Fitness", "Heard", "Individual", "Likelihood", "Offered", "Parted", "Screen", "State", "TakenUp",
    "Told", "Undone", "Variant", "event_from_json",
]  # fmt: skip
