"""Simulated listeners: ratings for phrases whose true appeal is known, to test and measure the fitness with."""

from evolution.crowd.assignment import assign
from evolution.crowd.hearing import hear
from evolution.crowd.listeners import CLICKER_KINDS, LIFELIKE, Crowd, CrowdError, CrowdSettings, gather
from evolution.crowd.rooms import Liked, Room
from evolution.crowd.tastes import Tastes, draw_tastes

__all__ = [
    "CLICKER_KINDS",
    "LIFELIKE",
    "Crowd",
    "CrowdError",
    "CrowdSettings",
    "Liked",
    "Room",
    "Tastes",
    "assign",
    "draw_tastes",
    "gather",
    "hear",
]
