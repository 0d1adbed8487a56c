"""Notes of one pitch that would sound into one another, and moving notes to where they don't or to another key."""

from dataclasses import replace

import numpy as np

from generation.score.notes import Notes, Score, sort_notes
from generation.score.scales import fold_pitch

SAME_ONSET_QUARTERS = 1 / 48  # closer than this, two notes of one pitch are one


def busiest_part(score: Score) -> int:
    """The pitched part with the most notes, the first of several."""
    counts = np.bincount(score.notes["part"], minlength=len(score.parts))
    counts = np.where([part.is_drum for part in score.parts], -1, counts)
    return int(np.argmax(counts))


def beside(notes: Notes, kept: Notes) -> Notes:
    """Those notes that don't begin while one of `kept` has their pitch, each ended before the next of them begins."""
    found = []
    for note in notes:
        same = kept[kept["pitch"] == note["pitch"]]
        starts, ends = same["onset_quarters"], same["onset_quarters"] + same["duration_quarters"]
        onset = note["onset_quarters"]
        if np.any((starts < onset + SAME_ONSET_QUARTERS) & (ends > onset + 1e-9)):
            continue
        later = starts[starts > onset]
        note = note.copy()
        if len(later):
            note["duration_quarters"] = min(note["duration_quarters"], later.min() - onset)
        found.append(note)
    return np.array(found, dtype=notes.dtype) if found else notes[:0]


def moved(notes: Notes, is_moved: list[bool], semitones: int) -> Notes:
    """Notes some semitones higher, of those parts that are moved, octaves being changed to stay in MIDI's range."""
    notes = notes.copy()
    higher = fold_pitch(notes["pitch"].astype(np.int64) + semitones)
    notes["pitch"] = np.where(np.array(is_moved)[notes["part"]], higher, notes["pitch"])
    return sort_notes(notes)


def without_overlaps(score: Score) -> Score:
    """The score with each note ending before the next of its pitch and part; of two at one time the first is kept."""
    notes = score.notes[np.lexsort((score.notes["onset_quarters"], score.notes["pitch"], score.notes["part"]))]
    while True:
        same = (np.diff(notes["pitch"]) == 0) & (np.diff(notes["part"]) == 0)
        gap = np.diff(notes["onset_quarters"])
        twin = np.concatenate([[False], same & (gap < SAME_ONSET_QUARTERS)])
        if not twin.any():
            break
        # Neighbouring twins are taken away one after the other: the one before may itself be a twin.
        notes = notes[~(twin & ~np.concatenate([[False], twin[:-1]]))]
    notes = notes.copy()
    length = notes["duration_quarters"][:-1]
    notes["duration_quarters"][:-1] = np.where(same, np.minimum(length, gap), length)
    return replace(score, notes=sort_notes(notes))
