"""The bar grid that the expressive codec and the genome share: what each small integer of a note stands for.

Onsets lie on slots, twelve to a quarter, so that sixteenths and triplets both fall on the grid. Everything that makes a
played note differ from a written one is a class beside it: how early or late, how loud, how long held.
"""

import numpy as np

SLOTS_PER_QUARTER = 12

# Written durations in slots: 32nd triplet up to two whole notes, the straight, dotted and triplet values between.
DURATION_SLOTS = np.array([1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 36, 48, 72, 96], dtype=np.int64)

# How much of the written duration sounds: from staccatissimo to a full legato. The ratios are chosen so that no two
# pairs of (duration, articulation) sound equally long, and a sounding length names one pair only.
ARTICULATION_RATIOS = np.array([0.29, 0.54, 0.69, 0.84, 1.0])

VELOCITY_CLASSES = 16
VELOCITY_BIN = 8  # MIDI velocities in one class; a class sounds at its centre, 4, 12, ... 124

# Micro-timing: the onset's distance from its slot, in ninths of a slot, early to late; class 4 is on the slot.
TIMING_CLASSES = 9
TIMING_CENTRE = TIMING_CLASSES // 2
TIMING_BIN_SLOTS = 1 / TIMING_CLASSES

DEGREES_MAX = 7  # the longest scale here has seven degrees
OCTAVES = 11  # octave numbers as MIDI counts them here: octave 5 begins at middle C (60)
ALTERATIONS = (-1, 0, 1)  # semitones away from the scale degree; class 1 is unaltered
