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
from evolution.algorithm.offspring import CROSSOVER, ELITE, MUTATION, RANDOM, SAMPLE, Offspring
from evolution.algorithm.screening import Candidates, Experience, Screen
from evolution.algorithm.settings import MAX_CAUTION, MAX_SIZE, MIN_SIZE, BreedingError, BreedingSettings
from evolution.algorithm.state import Fitness, Individual, State
from evolution.algorithm.thin import Algorithm
from evolution.operators.rewriting import Variant

__all__ = [
    "CROSSOVER", "ELITE", "MAX_CAUTION", "MAX_SIZE", "MIN_SIZE", "MUTATION", "RANDOM", "SAMPLE",
    "Algorithm", "Asked", "Begun", "Breeding", "BreedingError", "BreedingSettings", "Candidates", "Event", "Experience",
    "Fitness", "Heard", "Individual", "Likelihood", "Offered", "Offspring", "Parted", "Screen", "State", "TakenUp",
    "Told", "Undone", "Variant", "event_from_json",
]  # fmt: skip
