"""`python -m tests.measurements.rewritten_bars CHECKPOINT DIR [--every-step CHECKPOINT]`: how bars that a checkpoint of
the preset `bars` writes anew compare with the bars that stood there and with other bars of the same piece, as tables.
`docs/rewriting.md` holds the figures. DIR is the folder that it was trained on; its held-out pieces are measured.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count, takewhile
from pathlib import Path

import numpy as np

from evolution.genome import Frame, decode
from evolution.seeding import cut_phrases
from generation.checkpoint import Checkpoint, load
from generation.copies.memorisation import MemorisationIndex
from generation.drawing.settings import SampleRefused, Sampling
from generation.likelihood.held_out import compare_with_trigram
from generation.pieces import Piece
from generation.rewriting import rewrite_bar, rewrite_bars
from generation.score.bars import find_bar
from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import Notes, Score
from generation.score.overlaps import busiest_part
from generation.score.quantise import onset_classes
from generation.score.scales import semitones_of, tonic_of
from generation.score.tonality import find_tonality
from generation.terminal.files import read_folder
from tests.measurements.held_out_notes import nats_of_the_same_notes

BARS_A_PIECE = 12
TOGETHER = 16  # bars written at once
PHRASES_A_PIECE = 2
FRAMES = [Frame(notes_per_bar=density) for density in (2, 4)]  # of four bars of 4/4
ALONE = 8  # bars whose time is taken one by one
CHROMAS = 12
SLACK_QUARTERS = 1 / SLOTS_PER_QUARTER
LEAST_TO_JUDGE = 3  # notes; of fewer neither equality nor a passage says anything


@dataclass(frozen=True)
class Case:
    """A bar of a score between two neighbours, and another bar of the same part."""

    name: str
    score: Score
    bar: int
    other: int | None
    is_phrase: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar's notes, from its bar line on."""

    notes: Notes
    slots: np.ndarray
    quarters: float


def bar_of(score: Score, number: int, part: int) -> Bar | None:
    """A bar of a part, its notes by their slot on the grid; None where the score has none of that number."""
    place = find_bar(score, number) if number >= 0 else None
    if place is None:
        return None
    slots, _ = onset_classes(score.notes["onset_quarters"] - place.stretch_begin_quarters)
    is_here = (score.notes["part"] == part) & (slots // place.bar_slots == place.number)
    notes = score.notes[is_here].copy()
    notes["onset_quarters"] -= place.begin_quarters
    return Bar(notes, slots[is_here] % place.bar_slots, place.bar_quarters)


def neighbours_of(score: Score, number: int, part: int) -> list[Bar]:
    """The bars before and after a bar that have notes."""
    bars = [bar_of(score, near, part) for near in (number - 1, number + 1)]
    return [bar for bar in bars if bar is not None and len(bar.notes)]


def chroma(notes: Notes) -> np.ndarray:
    """Shares of the pitch classes by sounding time, (12,)."""
    found = np.bincount(notes["pitch"] % CHROMAS, weights=notes["duration_quarters"], minlength=CHROMAS)
    return np.asarray(found / max(found.sum(), 1e-9))


def figures(candidate: Bar, around: Sequence[Bar], in_scale: frozenset[int]) -> dict[str, float]:
    """What a musician would look at: how a bar's notes go with the bars beside them."""
    found = {"notes": float(len(candidate.notes)), "empty": float(len(candidate.notes) == 0)}
    if len(candidate.notes) == 0:
        return found
    notes, beside = candidate.notes, np.concatenate([bar.notes for bar in around])
    ends = notes["onset_quarters"] + notes["duration_quarters"]
    n_beside = [len(bar.notes) for bar in around]
    rhythm = set(candidate.slots.tolist())
    shared = [len(rhythm & set(bar.slots.tolist())) / len(rhythm | set(bar.slots.tolist())) for bar in around]
    return found | {
        "notes to the neighbours' (octaves of number)": abs(np.log2(len(notes) / np.mean(n_beside))),
        "more than twice the fuller neighbour's notes": float(len(notes) > 2 * max(n_beside)),
        "under half the emptier neighbour's notes": float(len(notes) < 0.5 * min(n_beside)),
        "pitch classes shared with the neighbours": float(np.minimum(chroma(notes), chroma(beside)).sum()),
        "in the piece's scale": float(np.mean([pitch % CHROMAS in in_scale for pitch in notes["pitch"].tolist()])),
        "register: semitones from the neighbours'": abs(float(notes["pitch"].mean() - beside["pitch"].mean())),
        "outside the neighbours' range by an octave": float(
            notes["pitch"].max() > beside["pitch"].max() + CHROMAS
            or notes["pitch"].min() < beside["pitch"].min() - CHROMAS
        ),
        "rhythm: strokes shared with a neighbour": float(np.mean(shared)),
        "velocity from the neighbours'": abs(float(notes["velocity"].mean()) - float(beside["velocity"].mean())),
        "notes that sound past the bar line": float(np.sum(ends > candidate.quarters + SLACK_QUARTERS)),
        "first stroke, slots": float(candidate.slots.min()),
        "last end, quarters": float(ends.max()),
        "same as a neighbour": float(any(is_same(candidate, bar) for bar in around)),
    }


def is_same(first: Bar, second: Bar) -> bool:
    """Whether two bars have the same pitches on the same slots."""
    return sorted(zip(first.slots, first.notes["pitch"], strict=True)) == sorted(
        zip(second.slots, second.notes["pitch"], strict=True)
    )


def filled(score: Score, part: int) -> list[int]:
    """Numbers of the bars of a part with notes in them."""
    bars = takewhile(lambda bar: bar is not None, (bar_of(score, number, part) for number in count()))
    return [number for number, bar in enumerate(bars) if bar is not None and len(bar.notes)]


def cases_of(piece: Piece, rng: np.random.Generator) -> list[Case]:
    """Bars of the busiest part with notes in them and beside them, at most 12, drawn at random."""
    part, found = busiest_part(piece.score), []
    full = filled(piece.score, part)
    for number in full:
        if {number - 1, number + 1} <= set(full):
            far = [other for other in full if abs(other - number) > 1]
            found.append(Case(piece.name, piece.score, number, int(rng.choice(far)) if far else None))
    return [found[index] for index in np.sort(rng.permutation(len(found))[:BARS_A_PIECE])]


def phrases_of(piece: Piece, rng: np.random.Generator) -> list[Case]:
    """Every bar of phrases cut from a piece as breeding has them: four bars, 2 or 4 notes a bar."""
    found = []
    for frame in FRAMES:
        for genome in cut_phrases([piece.score], frame, max_per_score=PHRASES_A_PIECE, rng=rng):
            score = decode(genome, frame)
            full = filled(score, 0)
            for number in full:
                far = [other for other in full if abs(other - number) > 1]
                if far:
                    found.append(Case(piece.name, score, number, int(rng.choice(far)), is_phrase=True))
    return found


def written(checkpoint: Checkpoint, cases: Sequence[Case], seed: int, settings: Sampling | None) -> list[Score | None]:
    """Each case's score with its bar written anew, None where it was refused."""
    found: list[Score | None] = []
    for first in range(0, len(cases), TOGETHER):
        batch = cases[first : first + TOGETHER]
        try:
            found += rewrite_bars(checkpoint, [(c.score, c.bar) for c in batch], seed=seed + first, settings=settings)
        except SampleRefused:
            found += [_alone(checkpoint, case, seed + first, settings) for case in batch]
    return found


def _alone(checkpoint: Checkpoint, case: Case, seed: int, settings: Sampling | None) -> Score | None:
    try:
        return rewrite_bar(checkpoint, case.score, case.bar, seed=seed, settings=settings)
    except SampleRefused:
        return None


def scale_of(case: Case) -> frozenset[int]:
    """Pitch classes of the key found in the case's score; of a phrase, those of its frame."""
    tonality = None if case.is_phrase else find_tonality(case.score)
    tonic, scale = (tonality.tonic, tonality.scale) if tonality else ("C", "major")
    return frozenset(((semitones_of(scale) + tonic_of(tonic)) % CHROMAS).tolist())


def compare(cases: Sequence[Case], scores: Sequence[Score | None], index: MemorisationIndex) -> dict[str, list[str]]:
    """A row for each figure: of the bars as written anew, as they stood there, and of other bars of the piece."""
    columns: dict[str, list[dict[str, float]]] = {"written anew": [], "stood there": [], "another bar": []}
    for case, score in zip(cases, scores, strict=True):
        part = busiest_part(case.score)
        stood, around = bar_of(case.score, case.bar, part), neighbours_of(case.score, case.bar, part)
        if score is None or stood is None or not around:
            continue
        fresh = bar_of(score, case.bar, part)
        fresh = fresh or Bar(stood.notes[:0], stood.slots[:0], stood.quarters)
        other = None if case.other is None else bar_of(case.score, case.other, part)
        bars = {"written anew": (fresh, score), "stood there": (stood, case.score), "another bar": (other, None)}
        for name, (bar, whole) in bars.items():
            if bar is None:
                continue
            row = figures(bar, around, scale_of(case))
            if len(bar.notes) >= LEAST_TO_JUDGE:
                row["same as what stood there"] = float(is_same(bar, stood))
            if whole is not None and len(bar.notes):
                row["shared passage, three bars, notes"] = shared_notes(index, whole, case.bar, part, bar)
            columns[name].append(row)
    names = list(dict.fromkeys(name for rows in columns.values() for row in rows for name in row))
    return {name: [_mean([row[name] for row in rows if name in row]) for rows in columns.values()] for name in names}


def shared_notes(index: MemorisationIndex, score: Score, bar: int, part: int, middle: Bar) -> float:
    """Notes of the longest passage that the bar and its neighbours share with a piece that was learnt from."""
    place = find_bar(score, bar)
    if place is None:
        return 0.0
    begin = place.begin_quarters - place.bar_quarters
    onsets = score.notes["onset_quarters"]
    is_near = (onsets >= begin) & (onsets < begin + 3 * middle.quarters) & (score.notes["part"] == part)
    passage = index.longest_shared(replace(score, notes=score.notes[is_near]))
    return float(passage.n_notes) if passage else 0.0


def _mean(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3g}" if values else "-"


def seconds_a_bar(checkpoint: Checkpoint, cases: Sequence[Case]) -> tuple[float, float, float]:
    """The first call for a bar, the median of those after it, and each of 16 together."""

    def took(call: Callable[[], object]) -> float:
        began = time.perf_counter()
        call()
        return time.perf_counter() - began

    checkpoint.loops.clear()
    alone = [took(lambda case=case: _alone(checkpoint, case, 1, None)) for case in cases[:ALONE]]  # type: ignore[misc]
    batch = [(case.score, case.bar) for case in cases[:TOGETHER]]
    many = [took(lambda: rewrite_bars(checkpoint, batch, seed=1)) for _ in range(3)]
    return alone[0], float(np.median(alone[1:])), min(many[1:]) / max(1, len(batch))


def table(title: str, rows: dict[str, list[str]]) -> str:
    """Markdown."""
    head = [f"| {title} | written anew | stood there | another bar |", "|---|---|---|---|"]
    return "\n".join(head + [f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every-step", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    checkpoint, rng = load(options.checkpoint.read_bytes()), np.random.default_rng(options.seed)
    pieces, _ = read_folder(options.folder)
    held_out = [piece for piece in pieces if piece.name in checkpoint.facts["held_out"]]
    learnt = [piece for piece in pieces if piece.name not in checkpoint.facts["held_out"]]
    say = sys.stdout.write
    compared = compare_with_trigram(checkpoint, learnt, held_out)
    say(f"nats a note: {compared.network.nats_per_note:.2f}, trigram {compared.trigram.nats_per_note:.2f}\n")
    every_step = load(options.every_step.read_bytes()) if options.every_step else None
    say(nats_of_the_same_notes(checkpoint, every_step, held_out) + "\n")
    index = MemorisationIndex.build(learnt)
    for title, find in (("bars of pieces", cases_of), ("bars of phrases", phrases_of)):
        cases = [case for piece in held_out for case in find(piece, rng)]
        scores = written(checkpoint, cases, options.seed, None)
        refused = sum(score is None for score in scores)
        say(f"\n{table(f'{len(cases)} {title}, {refused} refused', compare(cases, scores, index))}\n")
        first, alone, together = seconds_a_bar(checkpoint, cases)
        say(f"seconds a bar: first call {first:.2f}, alone {alone:.4f}, of 16 together {together:.4f}\n")


if __name__ == "__main__":
    main()
