"""What stands over the notes: dynamics where the loudness changes, and tempo marks that a player can follow."""

from collections.abc import Sequence

from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notation.rhythm import Bar
from generation.score.notation.staves import WrittenNote
from generation.score.notes import DEFAULT_TEMPO_BPM, Score

# The velocities at which notation programs commonly play each mark, and half way between them where one gives way.
DYNAMICS = (("ppp", 16), ("pp", 33), ("p", 49), ("mp", 64), ("mf", 80), ("f", 96), ("ff", 112), ("fff", 126))
CLEARLY = 12  # velocity away from the mark in force before another is written
TEMPO_CHANGE = 0.06  # of the tempo in force before another is written, where a score has marks in every bar


def dynamics_of(bars: Sequence[Bar], notes: Sequence[WrittenNote]) -> dict[int, str]:
    """The slots at which a dynamic stands, and which: by the mean velocity of each bar's notes."""
    found: dict[int, str] = {}
    in_force: int | None = None
    ordered = sorted(notes)
    at = 0
    for bar in bars:
        begun = at
        while at < len(ordered) and ordered[at][0] < bar.end:
            at += 1
        if at == begun:
            continue
        velocity = sum(note[3] for note in ordered[begun:at]) / (at - begun)
        name, usual = min(DYNAMICS, key=lambda mark: abs(mark[1] - velocity))
        if in_force is None or (usual != in_force and abs(velocity - in_force) > CLEARLY):
            found[ordered[begun][0]] = name
            in_force = usual
    return found


def tempos_of(score: Score, bars: Sequence[Bar]) -> list[tuple[int, float]]:
    """Slots and quarters a minute of the tempo marks to write: all, or where there are many, the bars' that differ."""
    marks = sorted((mark.onset_quarters, mark.tempo_bpm) for mark in score.tempos) or [(0.0, DEFAULT_TEMPO_BPM)]
    last = bars[-1].end
    slots = [(round(onset * SLOTS_PER_QUARTER), tempo_bpm) for onset, tempo_bpm in marks]
    slots = [(slot, tempo_bpm) for slot, tempo_bpm in slots if slot < last]
    if len(slots) <= len(bars):
        return list(dict(slots).items())
    found: list[tuple[int, float]] = []
    for bar in bars:
        tempo_bpm = _mean_tempo(slots, bar)
        if not found or abs(tempo_bpm / found[-1][1] - 1) > TEMPO_CHANGE:
            found.append((bar.start, float(round(tempo_bpm))))
    return found


def _mean_tempo(marks: Sequence[tuple[int, float]], bar: Bar) -> float:
    """Quarters a minute over a bar: its length by the time it takes."""
    minutes = 0.0
    for index, (slot, tempo_bpm) in enumerate(marks):
        following = marks[index + 1][0] if index + 1 < len(marks) else bar.end
        begin = bar.start if index == 0 else max(slot, bar.start)
        minutes += max(0, min(following, bar.end) - begin) / tempo_bpm
    return (bar.end - bar.start) / minutes
