"""The study's genome, four bits a note, with its operators and its loop: as the original sounds, or put right.

`lift` makes a genome of it on the bar grid, `score` music; `next_generation` breeds, `ClassicRun` keeps a whole run.
"""

from evolution.classic.bits import (
    BITS_PER_NOTE,
    REST,
    Bits,
    bits_from_text,
    bits_of,
    bits_of_frame,
    bits_to_text,
    numbers_of,
    random_bits,
    random_population,
)
from evolution.classic.breeding import (
    cross,
    draw_pairs,
    mutate_bits,
    next_generation,
    select_pair,
    single_point_crossover,
)
from evolution.classic.run import ClassicRun
from evolution.classic.settings import MAX_STEPS, ClassicError, ClassicSettings
from evolution.classic.sounding import STEP_BETWEEN_VOICES, Tone, lift, original_pitches, score, tones_of

__all__ = [
    "BITS_PER_NOTE", "MAX_STEPS", "REST", "STEP_BETWEEN_VOICES",
    "Bits", "ClassicError", "ClassicRun", "ClassicSettings", "Tone",
    "bits_from_text", "bits_of", "bits_of_frame", "bits_to_text", "cross", "draw_pairs", "lift", "mutate_bits",
    "next_generation", "numbers_of", "original_pitches", "random_bits", "random_population", "score", "select_pair",
    "single_point_crossover", "tones_of",
]  # fmt: skip
