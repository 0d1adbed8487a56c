"""MIDI bytes -> Score -> MIDI bytes, with limits on what comes in."""

from generation.score.midi.limits import MidiRefused, ReadLimits
from generation.score.midi.reading import read
from generation.score.midi.writing import write

__all__ = ["MidiRefused", "ReadLimits", "read", "write"]
