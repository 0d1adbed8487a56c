"""`python -m tests.measurements.expressive_loss DIR...`: what the expressive codec loses of the MIDI files below each
folder, field by field, as one table. `docs/expressive-loss.md` holds the figures.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.codecs import ExpressiveCodec
from generation.score import quantise
from generation.score.grid import ARTICULATION_RATIOS, DURATION_SLOTS, SLOTS_PER_QUARTER, TIMING_BIN_SLOTS
from generation.score.midi import MidiRefused, read
from generation.score.notes import Notes, Score
from generation.score.scales import fold_pitch

LONGEST_REST_BARS = 3
SAME_INSTANT_QUARTERS = 1e-9
LONGEST_SLOTS = DURATION_SLOTS[-1] * ARTICULATION_RATIOS[-1]
SHORTEST_SLOTS = DURATION_SLOTS[0] * ARTICULATION_RATIOS[0]
CODEC = ExpressiveCodec()


@dataclass(slots=True)
class Losses:
    """Errors of all notes of a folder by name, and counts."""

    errors: dict[str, list[NDArray[np.float64]]] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)

    def note(self, name: str, values: NDArray[Any]) -> None:
        """Add one piece's values, one a note."""
        self.errors.setdefault(name, []).append(np.asarray(values, dtype=np.float64))

    def count(self, name: str, value: float) -> None:
        """Add to a count."""
        self.counts[name] = self.counts.get(name, 0) + float(value)


def measure(score: Score, losses: Losses) -> None:
    """Add what the codec loses of one score."""
    is_drum = np.array([part.is_drum for part in score.parts], dtype=bool)[score.notes["part"]]
    notes = score.notes[~is_drum]
    losses.count("pieces", 1)
    losses.count("notes with drums", len(is_drum))
    losses.count("drum notes", is_drum.sum())
    losses.count("tempo marks after the first", len(score.tempos) - 1)
    losses.count("pieces of several tempos", len({mark.tempo_bpm for mark in score.tempos}) > 1)
    losses.count("bends", len(score.bends))
    losses.count("pieces of several programs", len({part.program for part in score.parts if not part.is_drum}) > 1)
    if len(notes) == 0:
        return
    losses.count("notes", len(notes))
    _measure_times(score, notes, losses)
    losses.note(
        "velocity", np.abs(quantise.velocities(quantise.velocity_classes(notes["velocity"])) - notes["velocity"])
    )
    shift = CODEC.transposition(score)
    losses.count("pieces moved to the codec's key", shift != 0)
    pitches = notes["pitch"].astype(np.int64) + shift
    losses.count("pitches folded", (fold_pitch(pitches) != pitches).sum())
    losses.count("notes dropped, all parts as one", len(notes) - len(CODEC.encode(score)))
    slots, _ = quantise.onset_classes(notes["onset_quarters"])
    apart = np.unique(np.stack((notes["part"].astype(np.int64), slots, pitches), axis=1), axis=0)
    losses.count("notes dropped, part by part", len(notes) - len(apart))


def _measure_times(score: Score, notes: Notes, losses: Losses) -> None:
    """Onsets, lengths, order, rests and meters of the pitched notes."""
    onsets, lengths = notes["onset_quarters"], notes["duration_quarters"]
    ms = _ms_per_quarter(score, onsets)
    slots, timing = quantise.onset_classes(onsets)
    heard = quantise.onset_quarters(slots, timing)
    losses.note("onset ms", np.abs(heard - onsets) * ms)
    losses.note("onset slots", np.abs(heard - onsets) * SLOTS_PER_QUARTER)
    losses.note("slot only ms", np.abs(slots / SLOTS_PER_QUARTER - onsets) * ms)
    losses.note("timing bin ms", TIMING_BIN_SLOTS / SLOTS_PER_QUARTER * ms)
    held = quantise.length_quarters(*quantise.length_classes(lengths))
    losses.note("duration ratio", np.maximum(held / lengths, lengths / held) - 1)
    losses.count("notes longer than the longest class", (lengths * SLOTS_PER_QUARTER > LONGEST_SLOTS).sum())
    losses.count("notes shorter than the shortest class", (lengths * SLOTS_PER_QUARTER < SHORTEST_SLOTS).sum())
    losses.note("duration ms", np.abs(held - lengths) * ms)
    later = np.diff(onsets) > SAME_INSTANT_QUARTERS
    losses.count("successions", later.sum())
    losses.count("successions made one instant", (later & (np.abs(np.diff(heard)) <= SAME_INSTANT_QUARTERS)).sum())
    losses.count("successions reversed", (later & (np.diff(heard) < -SAME_INSTANT_QUARTERS)).sum())
    losses.count("successions within one slot", (later & (np.diff(slots) == 0)).sum())
    bars = slots // CODEC.bar_slots
    cut = np.maximum(np.diff(np.unique(bars)) - LONGEST_REST_BARS, 0)
    losses.count("rests closed up", (cut > 0).sum())
    losses.count("bars cut from rests", cut.sum())
    losses.count("pieces with silent bars before the first note", bars[0] > 0)
    places = np.searchsorted([mark.onset_quarters for mark in score.meters], onsets, side="right") - 1
    is_common = np.array([4 * mark.numerator == 4 * mark.denominator for mark in score.meters] or [True])
    losses.count("notes outside 4/4", (~is_common[np.maximum(places, 0)]).sum())


def _ms_per_quarter(score: Score, onsets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Milliseconds of a quarter in the tempo at each onset, (n,)."""
    places = np.searchsorted([mark.onset_quarters for mark in score.tempos], onsets, side="right") - 1
    tempos_bpm = np.array([mark.tempo_bpm for mark in score.tempos])
    found: NDArray[np.float64] = 60_000 / tempos_bpm[np.maximum(places, 0)]
    return found


def table(losses: dict[str, Losses]) -> str:
    """A Markdown table: a row for each error and count, a column for each folder."""
    folders = list(losses)
    lines = [f"| | {' | '.join(folders)} |", f"|---|{'---|' * len(folders)}"]
    for name in _names(each.errors for each in losses.values()):
        cells = [_spread(losses[folder].errors.get(name, [])) for folder in folders]
        lines.append(f"| {name}: median, 95%, most | {' | '.join(cells)} |")
    for name in _names(each.counts for each in losses.values()):
        cells = [f"{losses[folder].counts.get(name, 0):,.0f}" for folder in folders]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _names(rows: Iterable[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _spread(values: list[NDArray[np.float64]]) -> str:
    if not values:
        return "-"
    joined = np.concatenate(values)
    return ", ".join(f"{value:.3g}" for value in (*np.quantile(joined, [0.5, 0.95]), joined.max()))


def main(folders: list[str]) -> None:
    """Measure and print."""
    losses = {}
    for folder in folders:
        found = losses[Path(folder).name] = Losses()
        for path in sorted(Path(folder).rglob("*.mid")):
            try:
                measure(read(path.read_bytes()), found)
            except MidiRefused as refusal:
                found.count(f"refused: {refusal.code}", 1)
    sys.stdout.write(table(losses) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
