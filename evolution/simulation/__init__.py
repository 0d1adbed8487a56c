"""Breeding simulated from the first phrase to the last rating: how far a strategy gets for how many ratings."""

from evolution.simulation.lineup import OURS, STUDY, STUDY_ON_GRID, changed_part_by_part, ours
from evolution.simulation.strategies import CUT, RANDOM, SAMPLES, Strategy
from evolution.simulation.trials import History, Trial, simulate

__all__ = [
    "CUT",
    "OURS",
    "RANDOM",
    "SAMPLES",
    "STUDY",
    "STUDY_ON_GRID",
    "History",
    "Strategy",
    "Trial",
    "changed_part_by_part",
    "ours",
    "simulate",
]  # fmt: skip
