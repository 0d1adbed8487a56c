"""What a report's plots are drawn from, as plain lists."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation import overlap
from generation.overlap import Overlap
from generation.report.measurements import Measurements
from generation.report.rows import finite
from generation.report.shape import (
    Charts,
    HistogramChart,
    LikelihoodChart,
    LossChart,
    MemorisationChart,
    OverlapChart,
    TimingChart,
)
from generation.score.expression import HUMAN_EXPONENTS, HUMAN_MS, dfa_exponent
from generation.score.notes import Score

PITCH_CLASS_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
TIMING_EDGES_MS = np.arange(-61.0, 62.0, 2.0)


def charts(found: Measurements, facts: dict[str, Any]) -> Charts:
    """Everything that is plotted of a checkpoint."""
    return {
        "loss": loss_chart(facts),
        "likelihood": _likelihood(found),
        "overlap": _overlaps(found.distributions),
        "excerpts": _overlaps(found.features),
        "histograms": _histograms(found.drawn.excerpts.scores, found.training.scores),
        "memorisation": _memorisation(found),
        "timing": _timing(found),
    }


def loss_chart(facts: dict[str, Any]) -> LossChart:
    """The losses after each epoch, from a checkpoint's facts; empty for one that lacks them."""
    history = [entry for entry in facts.get("history", []) if isinstance(entry, list | tuple) and len(entry) == 3]
    epoch = facts.get("epoch")
    return {
        "epochs": [int(entry[0]) for entry in history],
        "loss": [finite(entry[1]) for entry in history],
        "held_out_loss": [finite(entry[2]) for entry in history],
        "best_epoch": epoch if isinstance(epoch, int) else None,
    }


def _likelihood(found: Measurements) -> LikelihoodChart:
    if found.comparison is None:
        return {"fields": [], "network": [], "trigram": []}
    network, trigram = found.comparison.network.fields, found.comparison.trigram.fields
    return {
        "fields": list(network),
        "network": [finite(nats) for nats in network.values()],
        "trigram": [finite(trigram[name]) for name in network],
    }


def _overlaps(overlaps: dict[str, Overlap]) -> OverlapChart:
    def column(figure: Callable[[Overlap], float]) -> list[float | None]:
        return [finite(figure(one)) for one in overlaps.values()]

    return {
        "features": list(overlaps),
        "samples": column(lambda one: one.samples),
        "halves": column(lambda one: one.halves),
        "halves_low": column(lambda one: one.halves_low),
        "halves_high": column(lambda one: one.halves_high),
    }


def _histograms(samples: Sequence[Score], training: Sequence[Score]) -> list[HistogramChart]:
    widest, step = overlap.WIDEST_INTERVAL, overlap.VELOCITY_STEP
    times = [f"{edge:.3g}" for edge in overlap.TIME_EDGES_QUARTERS[:-1]]
    labels = {
        "pitch classes": ("pitch class", list(PITCH_CLASS_NAMES)),
        "intervals": ("semitones", [f"{n:+d}" if n else "0" for n in range(-widest, widest + 1)]),
        "inter-onset intervals": ("quarters, from", times),
        "durations": ("quarters, from", times),
        "velocities": ("MIDI velocity, from", [str(first) for first in range(0, 128, step)]),
    }
    return [
        {
            "name": name,
            "unit": labels[name][0],
            "labels": labels[name][1],
            "samples": _shares(samples, feature, len(labels[name][1])),
            "training": _shares(training, feature, len(labels[name][1])),
        }
        for name, feature in overlap.DISTRIBUTIONS.items()
    ]


def _shares(scores: Sequence[Score], feature: overlap.Feature, size: int) -> list[float]:
    counts = np.sum([np.zeros(size), *(feature(score) for score in scores)], axis=0)
    return _rounded(counts / max(1.0, counts.sum()))


def _memorisation(found: Measurements) -> MemorisationChart:
    lengths = np.array([passage.n_notes if passage else 0 for passage in found.passages])
    people = np.array(found.baseline.lengths)
    longest = int(max([1, *lengths.tolist(), *people.tolist()]))
    counts = list(range(1, longest + 2))
    return {
        "n_notes": counts,
        "samples": [float(np.mean(lengths >= n)) for n in counts] if len(lengths) else [],
        "people": [float(np.mean(people >= n)) for n in counts] if len(people) else [],
        "excerpt_notes": found.baseline.excerpt_notes,
    }


def _timing(found: Measurements) -> TimingChart:
    return {
        "centres_ms": ((TIMING_EDGES_MS[1:] + TIMING_EDGES_MS[:-1]) / 2).tolist(),
        "played": _timing_shares(found.late_ms),
        "training": _timing_shares(found.trained_late_ms),
        "deviation_ms": [finite(float(late_ms.std())) for late_ms in found.late_ms],
        "exponents": [finite(dfa_exponent(late_ms)) for late_ms in found.late_ms],
        "human_ms": list(HUMAN_MS),
        "human_exponents": list(HUMAN_EXPONENTS),
    }


def _timing_shares(series: Sequence[NDArray[np.float64]]) -> list[float]:
    """Every series weighs alike: a long piece does not stand for all players."""
    if not series:
        return []
    rows = [np.histogram(one - one.mean(), bins=TIMING_EDGES_MS)[0] / max(1, len(one)) for one in series]
    return _rounded(np.mean(rows, axis=0))


def _rounded(shares: NDArray[np.float64]) -> list[float]:
    return [round(float(share), 6) for share in shares]
