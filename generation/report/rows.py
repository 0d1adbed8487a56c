"""The rows of a report: each figure with its target, and whether it is met."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from generation import metrics
from generation.copies.memorisation import HIGH_SHARE, Baseline, Passage
from generation.likelihood.held_out import Comparison
from generation.overlap import Overlap, distance_of_halves
from generation.report.shape import Row, Verdict
from generation.score.expression import HUMAN_EXPONENTS, HUMAN_MS
from generation.score.notes import Score
from generation.score.tonality import find_tonality

LONGEST_RUN = 8  # of one token in 500 notes
ALIKE = 1 - 1e-9  # overlap of halves that do not differ at all: there is nothing to learn, and no merit in it


def row(
    identity: str,
    name: str,
    value: float | None,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    target: str = "",
    reference: float | None = None,
    reference_name: str = "",
    note: str = "",
) -> Row:
    """A row whose verdict follows from its bounds; a value that is nan was not measured."""
    value, low, high, reference = (finite(number) for number in (value, low, high, reference))
    return {
        "id": identity,
        "group": identity.partition(".")[0],
        "name": name,
        "unit": unit,
        "value": value,
        "low": low,
        "high": high,
        "target": target,
        "reference": reference,
        "reference_name": reference_name,
        "verdict": _verdict(value, low, high),
        "note": note,
    }


def finite(value: float | None) -> float | None:
    """The number to six digits; None for nan, infinity and None."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _verdict(value: float | None, low: float | None, high: float | None) -> Verdict:
    if value is None:
        return "not measured"
    if low is None and high is None:
        return "no target"
    return "met" if (low is None or value >= low) and (high is None or value <= high) else "missed"


def likelihood_rows(comparison: Comparison | None, why_not: str) -> list[Row]:
    """Nats a note and a field on held-out pieces, against the trigram's."""
    if comparison is None:
        return [row("likelihood", "Surprise a note, held-out pieces", None, unit="nats", note=why_not)]
    network, trigram = comparison.network, comparison.trigram
    rows = [
        _likelihood_row("likelihood", "Surprise a note, held-out pieces", network.nats_per_note, trigram.nats_per_note)
    ]
    rows[0]["note"] = f"over {network.n_notes:,} notes; 1 nat less is a note 2.7 times as likely"
    if comparison.hears_what_follows:
        rows[0]["note"] += "; the network also hears what follows the note, which the trigram does not"
    if len(network.fields) > 1:
        rows += [
            _likelihood_row(f"likelihood.{name}", f"… of it {name.replace('_', ' ')}", nats, trigram.fields[name])
            for name, nats in network.fields.items()
        ]
    return rows


def _likelihood_row(identity: str, name: str, nats: float, trigram: float) -> Row:
    return row(
        identity,
        name,
        nats,
        unit="nats",
        high=trigram,
        target=f"under the trigram's {trigram:.3f}",
        reference=trigram,
        reference_name="trigram",
    )


def overlap_rows(overlaps: Mapping[str, Overlap], group: str) -> list[Row]:
    """Overlap areas with a half of the training pieces, against what 19 of 20 other halves have with it.

    Not against the other half's mean: half of all real music would be under it.
    """
    return [_overlap_row(f"{group}.{name.replace(' ', '_')}", name, overlap) for name, overlap in overlaps.items()]


def _overlap_row(identity: str, name: str, overlap: Overlap) -> Row:
    if overlap.halves_low > ALIKE:
        return row(identity, name.capitalize(), overlap.samples, note="the codec writes it alike for every note")
    return row(
        identity,
        name.capitalize(),
        overlap.samples,
        low=overlap.halves_low,
        target=f"at least the {overlap.halves_low:.3f} that 19 of 20 other halves have",
        reference=overlap.halves,
        reference_name="other half of the training pieces",
        note=f"halves: {overlap.halves_low:.3f} to {overlap.halves_high:.3f} in nine of ten halvings",
    )


def pitch_in_key(score: Score) -> float:
    """Share of the notes whose pitch is of the key found in them, drums apart; nan for no notes."""
    tonality = find_tonality(score)
    if tonality is None:
        return float("nan")
    return metrics.pitch_in_scale(score, key=tonality.tonic, scale=tonality.scale)


FORM = {
    "pitch_class_entropy": ("Pitch-class entropy", "bits", metrics.pitch_class_entropy),
    "pitch_in_key": ("Pitches in the key found", "", pitch_in_key),
    "groove": ("Groove consistency", "", metrics.groove_consistency),
    "empty_beats": ("Empty beats", "", metrics.empty_beats),
    "polyphony": ("Polyphony", "pitches", metrics.polyphony),
}


def form_rows(
    samples: Sequence[Score], training: Sequence[Score], owners: NDArray[np.int64], *, seed: int
) -> list[Row]:
    """Means over excerpts of samples, as near those of training pieces as 19 of 20 halves of these are to each other.

    `owners` (n,) says which piece each training excerpt is from.
    """
    rows = []
    for identity, (name, unit, figure) in FORM.items():
        drawn, known = (np.array([figure(score) for score in side], dtype=np.float64) for side in (samples, training))
        drawn, is_known = drawn[np.isfinite(drawn)], np.isfinite(known)
        known = known[is_known]
        if len(drawn) == 0 or len(known) == 0:
            rows.append(row(f"form.{identity}", name, None, unit=unit, note="no excerpt has the figure"))
            continue
        apart = distance_of_halves(known, owners[is_known], seed=seed)
        low, high = max(known.min(), known.mean() - apart), min(known.max(), known.mean() + apart)
        rows.append(
            row(
                f"form.{identity}",
                name,
                float(drawn.mean()),
                unit=unit,
                low=low,
                high=high,
                target=f"{low:.3f} to {high:.3f}",
                reference=float(known.mean()),
                reference_name="training pieces",
                note=f"halves of the training pieces are within {apart:.3f} of each other in 19 of 20 halvings",
            )
        )
    return rows


def run_row(longest: float, training: int, n_notes: int) -> Row:
    """The longest run of one token in any sample."""
    return row(
        "form.longest_run",
        f"Longest run of one token in {n_notes} notes",
        longest,
        unit="tokens",
        high=LONGEST_RUN,
        target=f"at most {LONGEST_RUN}",
        reference=training,
        reference_name="training pieces",
        note="the worst of all samples; a token is a whole note or chord of the codec",
    )


def memorisation_rows(
    passages: Sequence[Passage | None], baseline: Baseline, *, longest_copy: int | None = None
) -> list[Row]:
    """Notes of the longest passage shared with a training piece, against what people share.

    `longest_copy` are the notes that a guard against copies let through, where there was one.
    """
    lengths = [passage.n_notes if passage else 0 for passage in passages]
    note = (
        f"people: {baseline.n_excerpts} excerpts of about {baseline.excerpt_notes} notes, each against all other pieces"
    )
    if longest_copy is None:
        note += "; no guard against copies"
    else:
        note += f"; the guard against copies lets {longest_copy} notes through"
    people, reference_name = baseline.percentile_90, "training pieces among themselves"
    high = float(np.quantile(lengths, HIGH_SHARE)) if lengths else float("nan")
    return [
        row(
            "memorisation.percentile_90",
            "Longest passage shared, 90th percentile of samples",
            high,
            unit="notes",
            high=people,
            target=f"at most people's {people:g}",
            reference=people,
            reference_name=reference_name,
            note=note,
        ),
        row(
            "memorisation.longest",
            "Longest passage shared, of all samples",
            float(max(lengths)) if lengths else float("nan"),
            unit="notes",
            high=float(baseline.longest) if baseline.lengths else float("nan"),
            target=f"at most people's {baseline.longest}",
            reference=float(baseline.longest) if baseline.lengths else float("nan"),
            reference_name=reference_name,
            note=note,
        ),
    ]


def timing_rows(deviation_ms: Sequence[float], exponents: Sequence[float], trained_ms: float) -> list[Row]:
    """Size and correlation of the samples' timing as played: medians over samples, against people's."""
    known_ms, known = _known(deviation_ms), _known(exponents)
    return [
        row(
            "timing.deviation",
            "Timing, standard deviation",
            float(np.median(known_ms)) if known_ms else float("nan"),
            unit="ms",
            low=HUMAN_MS[0],
            high=HUMAN_MS[1],
            target=f"{HUMAN_MS[0]:g} to {HUMAN_MS[1]:g} ms",
            reference=trained_ms,
            reference_name="training pieces that leave the grid",
            note=_within(known_ms, HUMAN_MS),
        ),
        row(
            "timing.exponent",
            "Timing, DFA exponent",
            float(np.median(known)) if known else float("nan"),
            low=HUMAN_EXPONENTS[0],
            high=HUMAN_EXPONENTS[1],
            target=f"{HUMAN_EXPONENTS[0]:g} to {HUMAN_EXPONENTS[1]:g}",
            note=_within(known, HUMAN_EXPONENTS),
        ),
    ]


def _known(values: Sequence[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _within(values: Sequence[float], bounds: tuple[float, float]) -> str:
    inside = sum(bounds[0] <= value <= bounds[1] for value in values)
    return f"median of the samples as played; {inside} of {len(values)} lie within"
