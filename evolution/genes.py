"""What a genome is made of: notes as tuples of small integers on the bar grid, and genes for their expression.

Fields of a note are the classes of `generation.score.grid`, so that a sample of the expressive codec becomes a genome
without loss. Scale degree and alteration are stored and the pitch derived: a new key or scale never breaks a phrase.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from generation.score.expression import Performance
from generation.score.grid import (
    ALTERATIONS,
    ARTICULATION_RATIOS,
    DEGREES_MAX,
    DURATION_SLOTS,
    TIMING_BIN_SLOTS,
    TIMING_CENTRE,
    TIMING_CLASSES,
    VELOCITY_CLASSES,
)
from generation.score.scales import degree_to_pitch, fold_pitch

GENE = np.dtype(
    [
        ("bar", "<i2"),
        ("position", "<i2"),  # slot in the bar
        ("degree", "<i2"),  # of the scale, from 0
        ("octave", "<i2"),  # relative to the frame's root octave
        ("alteration", "<i2"),  # class: 0 lowered, 1 plain, 2 raised by a semitone
        ("duration", "<i2"),  # class of DURATION_SLOTS
        ("velocity", "<i2"),  # class
        ("timing", "<i2"),  # class; the centre is on the slot
        ("articulation", "<i2"),  # class of ARTICULATION_RATIOS
    ]
)
Genes = NDArray[np.void]
FIELDS = tuple(GENE.names or ())
JSON_VERSION = 1
UNALTERED = ALTERATIONS.index(0)
OCTAVE_REACH = 10  # relative octaves that can still name a MIDI pitch from any root octave
MOST_LATER = int((1 - ARTICULATION_RATIOS[0]) / TIMING_BIN_SLOTS)  # timing classes between two strokes a slot apart
ROUNDING = 1e-9
STEP_OCTAVES = (-1, 2)  # the range about the root in which phrases are invented and varied
SCIENTIFIC_TO_GRID = 1  # octave numbers of the grid begin one lower: C4 is octave 5
LIMITS = {
    "bar": (0, 63),
    "position": (0, 95),
    "degree": (0, DEGREES_MAX - 1),
    "octave": (-OCTAVE_REACH, OCTAVE_REACH),
    "alteration": (0, len(ALTERATIONS) - 1),
    "duration": (0, len(DURATION_SLOTS) - 1),
    "velocity": (0, VELOCITY_CLASSES - 1),
    "timing": (0, TIMING_CLASSES - 1),
    "articulation": (0, len(ARTICULATION_RATIOS) - 1),
}
EXPRESSION_LIMITS = {
    "deviation_ms": (0.0, 40.0),
    "exponent": (0.0, 2.0),
    "swing": (0.0, 1.0),
    "velocity_curve": (0.0, 1.0),
    "bend_cents": (0.0, 50.0),
    "valence": (-1.0, 1.0),
    "arousal": (-1.0, 1.0),
    "contour": (0.0, 1.0),
    "velocity_deviation": (0.0, 15.0),
    "rubato": (0.0, 1.0),
    "final_ritard": (0.0, 1.0),
    "articulation": (-1.0, 1.0),
    "glide_cents": (0.0, 100.0),
    "vibrato_cents": (0.0, 80.0),
    "vibrato_hz": (3.0, 8.0),
    "melody_lead_ms": (0.0, 30.0),
    "chord_spread_ms": (0.0, 15.0),
    "seed": (0, 2**32 - 1),
}


class GenomeError(ValueError):
    """Genes that no phrase can be made of; the message names the field."""

    code = "genome_invalid"


@dataclass(frozen=True)
class Expression:
    """How a phrase is played, as `generation.score.expression` means it; `seed` makes it sound the same each time.

    All genes but the seed are fields of `Performance`; what is missing in JSON, as in older genomes, is neutral. Scale
    and register stay the frame's: of a mood, only what concerns playing is heard. Raises GenomeError.
    """

    deviation_ms: float = 0.0
    exponent: float = 0.7
    swing: float = 0.0
    velocity_curve: float = 0.0
    bend_cents: float = 0.0
    valence: float = 0.0
    arousal: float = 0.0
    contour: float = 0.0
    velocity_deviation: float = 0.0
    rubato: float = 0.0
    final_ritard: float = 0.0
    articulation: float = 0.0
    glide_cents: float = 0.0
    vibrato_cents: float = 0.0
    vibrato_hz: float = 5.5
    melody_lead_ms: float = 0.0
    chord_spread_ms: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in EXPRESSION_LIMITS.items():
            value = getattr(self, name)
            kinds = (int,) if name == "seed" else (int, float)
            if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
                raise GenomeError(f"{name}: expected a number from {low:g} to {high:g}, got {value!r}")

    def to_json(self) -> dict[str, Any]:
        """Plain numbers by field name."""
        return asdict(self)

    def performance(self) -> Performance:
        """The genes as parameters of a performance."""
        return Performance(**{name: getattr(self, name) for name in EXPRESSION_LIMITS if name != "seed"})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Expression":
        """The expression that `to_json` wrote. Raises GenomeError."""
        if not isinstance(data, dict) or set(data) - {field.name for field in fields(cls)}:
            raise GenomeError(f"expression: expected {', '.join(EXPRESSION_LIMITS)}, got {data!r}")
        return cls(**data)


@dataclass(frozen=True, eq=False)
class Genome:
    """Notes sorted by onset and pitch, each unique, with the genes of their expression. Raises GenomeError."""

    notes: Genes
    expression: Expression = Expression()

    def __post_init__(self) -> None:
        notes = np.array(self.notes, dtype=GENE)
        if len(notes):
            _expect_in_limits(notes)
            keys = _order_keys(notes)
            if not (keys[1:] > keys[:-1]).all():
                raise GenomeError(
                    "notes: expected them sorted and each once, got others; pass them through arrange() first"
                )
        notes.flags.writeable = False
        object.__setattr__(self, "notes", notes)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Genome):
            return NotImplemented
        return self.notes.tobytes() == other.notes.tobytes() and self.expression == other.expression

    def __hash__(self) -> int:
        return hash((self.notes.tobytes(), self.expression))

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers with a version; `from_json` gives an equal genome."""
        return {
            "version": JSON_VERSION,
            "notes": [list(row) for row in self.notes.tolist()],
            "expression": self.expression.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Genome":
        """The genome that `to_json` wrote, or a genome of before there were versions. Raises GenomeError."""
        try:
            version = data.get("version", JSON_VERSION)
            rows, expression = data["notes"], data["expression"]
            notes = genes(tuple(row) for row in rows)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise GenomeError(
                f"genome: expected notes of {len(FIELDS)} whole numbers and expression, got {error}"
            ) from error
        if version != JSON_VERSION:
            raise GenomeError(f"version: expected a genome of version {JSON_VERSION}, got {version!r}")
        return cls(notes, Expression.from_json(expression))


def genes(rows: Iterable[tuple[int, ...]]) -> Genes:
    """Rows in the order of GENE's fields as a GENE array, shape (n,)."""
    return np.array(list(rows), dtype=GENE)


def pitches_of(notes: Genes, frame: Frame) -> NDArray[np.int64]:
    """MIDI pitch of each gene, shape (n,), folded by octaves into 0-127."""
    alteration = notes["alteration"].astype(np.int64) + ALTERATIONS[0]
    octave = notes["octave"].astype(np.int64) + frame.root_octave + SCIENTIFIC_TO_GRID
    return fold_pitch(degree_to_pitch(notes["degree"], octave, alteration, key=frame.key, scale=frame.scale))


def slots_of(notes: Genes, frame: Frame) -> NDArray[np.int64]:
    """Slot of each gene counted from the start of the phrase, shape (n,)."""
    slots: NDArray[np.int64] = notes["bar"].astype(np.int64) * frame.slots_per_bar + notes["position"]
    return slots


def steps_of(notes: Genes, frame: Frame) -> NDArray[np.int64]:
    """Scale steps of each gene above the root, octaves included, shape (n,)."""
    steps: NDArray[np.int64] = notes["octave"].astype(np.int64) * frame.degrees + notes["degree"]
    return steps


def set_steps(notes: Genes, steps: NDArray[np.int64], frame: Frame) -> None:
    """Give the genes these scale steps, in place; steps over two octaves up or under one down are folded back."""
    over = np.maximum(steps - (STEP_OCTAVES[1] * frame.degrees - 1), 0)
    under = np.maximum(STEP_OCTAVES[0] * frame.degrees - steps, 0)
    folded = steps + frame.degrees * (-(-under // frame.degrees) - -(-over // frame.degrees))
    notes["octave"], notes["degree"] = np.divmod(folded, frame.degrees)


def arrange(notes: Genes, frame: Frame) -> Genes:
    """Genes made into a phrase of the frame: notes outside it dropped, sorted, one of each pitch at a time.

    A note is cut where its pitch is struck again, however late the one and early the other, and where the phrase ends,
    and cannot come early at its very start.
    """
    inside = (notes["bar"] < frame.bars) & (notes["position"] < frame.slots_per_bar)
    kept = notes if inside.all() else notes[inside]
    if len(kept) == 0:
        return kept.copy()
    pitches, slots = pitches_of(kept, frame), slots_of(kept, frame)
    order = np.argsort(pitches * frame.slots + slots, kind="stable")
    pitches, slots = pitches[order], slots[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (pitches[1:] != pitches[:-1]) | (slots[1:] != slots[:-1])
    kept, pitches, slots = kept[order[is_new]], pitches[is_new], slots[is_new]

    ends = np.full(len(kept), frame.slots)
    ends[:-1] = np.where(pitches[1:] == pitches[:-1], slots[1:], frame.slots)
    longest = np.searchsorted(DURATION_SLOTS, ends - slots, side="right") - 1
    kept["duration"] = np.minimum(kept["duration"], longest)
    kept["timing"] = np.where(slots == 0, np.maximum(kept["timing"], TIMING_CENTRE), kept["timing"])
    struck_again = np.flatnonzero(pitches[1:] == pitches[:-1])
    if len(struck_again):
        _lift(kept, slots, struck_again)
    return kept[np.argsort(_order_keys(kept), kind="stable")]


def _lift(notes: Genes, slots: NDArray[np.int64], struck_again: NDArray[np.int64]) -> None:
    """Let go of each of these notes before the next in the array, the same pitch, is struck; in place."""
    following = struck_again + 1
    timing = notes["timing"]
    # A slot apart, the one so late and the other so early that not even the shortest touch fits between them.
    is_tight = (slots[following] - slots[struck_again] == 1) & (timing[struck_again] - timing[following] > MOST_LATER)
    timing[struck_again[is_tight]] = TIMING_CENTRE
    starts = slots + (timing - TIMING_CENTRE) * TIMING_BIN_SLOTS
    room = (starts[following] - starts[struck_again]) / DURATION_SLOTS[notes["duration"][struck_again]]
    longest = np.searchsorted(ARTICULATION_RATIOS, room + ROUNDING, side="right") - 1
    notes["articulation"][struck_again] = np.minimum(notes["articulation"][struck_again], longest)


def _classes(notes: Genes) -> NDArray[np.int16]:
    """All fields as rows of numbers, shape (n, fields)."""
    rows: NDArray[np.int16] = np.ascontiguousarray(notes).view("<i2").reshape(len(notes), len(FIELDS))
    return rows


def _expect_in_limits(notes: Genes) -> None:
    rows = _classes(notes)
    low, high = rows.min(axis=0), rows.max(axis=0)
    outside = np.flatnonzero((low < _LOWEST) | (high > _HIGHEST))
    if len(outside):
        field = int(outside[0])
        name = FIELDS[field]
        least, most = LIMITS[name]
        raise GenomeError(f"{name}: expected classes from {least} to {most}, got {low[field]} to {high[field]}")


def _order_keys(notes: Genes) -> NDArray[np.int64]:
    """One number for each gene that grows with bar, position, octave, degree and alteration, shape (n,)."""
    keys: NDArray[np.int64] = (_classes(notes).astype(np.int64) - _LOWEST) @ _PLACES
    return keys


_LOWEST = np.array([LIMITS[name][0] for name in FIELDS], dtype=np.int64)
_HIGHEST = np.array([LIMITS[name][1] for name in FIELDS], dtype=np.int64)
_PLACES = np.array(  # what a class of each field counts in the order of notes
    [
        {"bar": 2**22, "position": 2**15, "octave": 2**10, "degree": 2**5, "alteration": 1}.get(name, 0)
        for name in FIELDS
    ],
    dtype=np.int64,
)
