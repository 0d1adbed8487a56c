"""Music as it is written down: key finding, chord names and MusicXML, through music21. Slow to load: seconds."""

from generation.score.notation.musicxml import chord_normal_order, find_key, instrument_class, to_musicxml

__all__ = ["chord_normal_order", "find_key", "instrument_class", "to_musicxml"]
