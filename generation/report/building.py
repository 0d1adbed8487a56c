"""One report a checkpoint: everything that the pages show of its quality, as plain JSON."""

import time
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from generation.checkpoint import Checkpoint
from generation.copies.memorisation import Passage
from generation.drawing.settings import Sampling
from generation.pieces import Piece
from generation.report.charts import charts
from generation.report.measurements import EXCERPT_NOTES, Measurements, draw, measure
from generation.report.rows import (
    finite,
    form_rows,
    likelihood_rows,
    memorisation_rows,
    overlap_rows,
    run_row,
    timing_rows,
)
from generation.report.shape import VERSION, About, LeftOutPiece, Report, Row, SharedPassage
from generation.score.expression import HUMAN, Performance, dfa_exponent

N_SAMPLES = 32
SAMPLE_NOTES = 500


class ReportRefused(ValueError):
    """Pieces that no report can be made with; the message says what to do."""

    code = "report_refused"


def build_report(
    checkpoint: Checkpoint,
    pieces: Sequence[Piece],
    *,
    seed: int,
    n_samples: int = N_SAMPLES,
    length: int = SAMPLE_NOTES,
    performance: Performance = HUMAN,
    settings: Sampling | None = None,
) -> Report:
    """Measure a checkpoint against the pieces that it was trained with; `report_shape.Report` says what comes back.

    Pieces are split as training split them, by the names in the checkpoint's facts. `n_samples` samples of `length`
    notes are drawn as `settings` say, played as `performance` says where timing is measured, and compared with the
    pieces as the codec says them: in its key, meter and grid. Same arguments, same report, but for the seconds it
    took. Raises ReportRefused where no piece is left to compare with, and SampleRefused.
    """
    started = time.monotonic()
    learnt, held_out = split_as_trained(pieces, checkpoint.facts)
    if not any(len(piece.score.notes) for piece in learnt):
        raise ReportRefused("expected pieces that the checkpoint learnt from, got none; give those it was trained with")
    drawn = draw(checkpoint, n_samples, length, seed=seed, performance=performance, settings=settings)
    found = measure(checkpoint, learnt, held_out, drawn, length=length, seed=seed)
    about = _about(checkpoint, learnt, held_out)
    about["seed"], about["n_samples"], about["notes_per_sample"] = seed, len(found.drawn.written), length
    about["report_seconds"] = round(time.monotonic() - started, 1)
    return {
        "version": VERSION,
        "about": about,
        "rows": _rows(found, length, seed),
        "charts": charts(found, checkpoint.facts),
        "passages": _passages(found),
    }


def split_as_trained(pieces: Sequence[Piece], facts: dict[str, Any]) -> tuple[list[Piece], list[Piece]]:
    """(pieces learnt from, pieces held out), by a checkpoint's facts; those that training left out are in neither."""
    held_out, left_out = set(_names(facts, "held_out")), set(_names(facts, "left_out"))
    known = [piece for piece in pieces if piece.name not in left_out]
    return [p for p in known if p.name not in held_out], [p for p in known if p.name in held_out]


def _names(facts: dict[str, Any], key: str) -> list[str]:
    """Names in a list of the facts; none where older checkpoints lack it."""
    found = facts.get(key)
    return [str(name) for name in found] if isinstance(found, list) else []


def _left_out(facts: dict[str, Any]) -> list[LeftOutPiece]:
    names, reasons = _names(facts, "left_out"), _names(facts, "left_out_because")
    return [
        {"name": name, "reason": reason} for name, reason in zip_longest(names, reasons[: len(names)], fillvalue="")
    ]


def _about(checkpoint: Checkpoint, learnt: Sequence[Piece], held_out: Sequence[Piece]) -> About:
    """What is known before anything is measured."""
    facts, config = checkpoint.facts, checkpoint.config
    return {
        "preset": config.preset,
        "codec": config.codec,
        "architecture": config.architecture,
        "seed": 0,
        "n_samples": 0,
        "notes_per_sample": 0,
        "excerpt_notes": EXCERPT_NOTES,
        "n_pieces": len(learnt) + len(held_out),
        "n_learnt": len(learnt),
        "n_notes_learnt": sum(len(piece.score.notes) for piece in learnt),
        "n_held_out": len(held_out),
        "held_out": [piece.name for piece in held_out],
        "left_out": _left_out(facts),
        "epochs": int(facts.get("epoch") or 0),
        "terms_per_second": finite(facts.get("terms_per_second")),
        "training_seconds": finite(facts.get("seconds_elapsed")),
        "report_seconds": 0.0,
    }


def _rows(found: Measurements, length: int, seed: int) -> list[Row]:
    samples, training = found.drawn.excerpts, found.training
    deviations = [float(late_ms.std()) for late_ms in found.late_ms]
    trained = [float(late_ms.std()) for late_ms in found.trained_late_ms]
    rows = likelihood_rows(found.comparison, found.why_no_comparison)
    rows += overlap_rows(found.distributions, "overlap")
    rows += overlap_rows(found.features, "excerpts")
    rows += form_rows(samples.scores, training.scores, training.owners, seed=seed)
    rows.append(run_row(samples.longest_run if samples.scores else float("nan"), training.longest_run, length))
    rows += memorisation_rows(found.passages, found.baseline, longest_copy=found.drawn.longest_copy)
    rows += timing_rows(
        deviations,
        [dfa_exponent(late_ms) for late_ms in found.late_ms],
        float(np.median(trained)) if trained else float("nan"),
    )
    for row in rows:
        if found.drawn.why_not and row["group"] != "likelihood":
            row["note"] = found.drawn.why_not
    return rows


def _passages(found: Measurements) -> list[SharedPassage]:
    """The longest passage of each sample, the longest first."""
    shared = [(index, passage) for index, passage in enumerate(found.passages) if passage is not None]
    shared.sort(key=lambda pair: (-pair[1].n_notes, pair[0]))
    return [_passage(index, passage, found) for index, passage in shared]


def _passage(index: int, passage: Passage, found: Measurements) -> SharedPassage:
    return {
        "sample": index + 1,
        "n_notes": passage.n_notes,
        "n_notes_repeated": passage.n_notes_repeated,
        "piece": passage.piece,
        "piece_bars": list(passage.piece_bars),
        "bars": list(passage.bars),
        "semitones": passage.semitones,
        "reading": passage.reading,
        "people_share": finite(found.baseline.share_above(passage.n_notes)),
    }
