"""What a player adds to the written notes: timing, dynamics, touch, bend, tempo, and a mood that colours them."""

from generation.score.expression.fluctuation import dfa_exponent, timing_deviations_of
from generation.score.expression.mood import Mood, MoodError, in_mood
from generation.score.expression.performance import HUMAN, Performance
from generation.score.expression.playing import HUMAN_EXPONENTS, HUMAN_MS, humanise, perform

__all__ = [
    "HUMAN",
    "HUMAN_EXPONENTS",
    "HUMAN_MS",
    "Mood",
    "MoodError",
    "Performance",
    "dfa_exponent",
    "humanise",
    "in_mood",
    "perform",
    "timing_deviations_of",
]
