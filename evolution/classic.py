"""The paper's genome: four bits a note, with its operators. `lift` makes it a genome on the bar grid.

A note's number, most significant bit first, is a rest when its top bit is set (and pauses are wanted); otherwise its
three low bits are a step of the scale above the root. The same number twice in a row is one longer note.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from evolution.genes import GENE, UNALTERED, Expression, Genome, arrange, set_steps
from generation.score.grid import ARTICULATION_RATIOS, DURATION_SLOTS, TIMING_CENTRE, VELOCITY_CLASSES

BITS_PER_NOTE = 4
REST = 1 << (BITS_PER_NOTE - 1)
STEP_BETWEEN_VOICES = 2  # each further step of the paper's --num-steps is a third above
MAX_STEPS = 8

Bits = NDArray[np.uint8]


class ClassicError(ValueError):
    """Bits or settings that the paper's genome cannot have; the message names the field."""

    code = "classic_invalid"


@dataclass(frozen=True)
class ClassicSettings:
    """The paper's options beyond the frame: how many voices (`steps`), and whether rests may occur."""

    steps: int = 1
    pauses: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.steps <= MAX_STEPS:
            raise ClassicError(f"steps: expected 1 to {MAX_STEPS}, got {self.steps!r}")


def random_bits(frame: Frame, rng: np.random.Generator) -> Bits:
    """A random genome of the frame, shape (bars * notes_per_bar * 4,), of zeros and ones."""
    return rng.integers(0, 2, size=frame.bars * frame.notes_per_bar * BITS_PER_NOTE, dtype=np.uint8)


def numbers_of(bits: Bits) -> NDArray[np.int64]:
    """The number of each note, shape (notes,), 0-15. Raises ClassicError."""
    if bits.ndim != 1 or len(bits) % BITS_PER_NOTE or not np.isin(bits, (0, 1)).all():
        raise ClassicError(f"bits: expected zeros and ones, four for each note, got shape {bits.shape}")
    weights = 1 << np.arange(BITS_PER_NOTE - 1, -1, -1)
    numbers: NDArray[np.int64] = bits.reshape(-1, BITS_PER_NOTE).astype(np.int64) @ weights
    return numbers


def lift(bits: Bits, frame: Frame, settings: ClassicSettings | None = None) -> Genome:
    """The same notes on the bar grid; what is tied for longer than the grid can write is struck again.

    Raises ClassicError when the bits don't fill the frame or its bar doesn't divide into equal notes on the grid.
    """
    settings = settings or ClassicSettings()
    numbers = numbers_of(bits)
    if len(numbers) != frame.bars * frame.notes_per_bar:
        raise ClassicError(f"bits: expected {frame.bars * frame.notes_per_bar} notes, got {len(numbers)}")
    slots_each, uneven = divmod(frame.slots_per_bar, frame.notes_per_bar)
    if uneven:
        raise ClassicError(
            f"notes_per_bar: expected a divisor of the bar's {frame.slots_per_bar} slots, got {frame.notes_per_bar}"
        )
    numbers = numbers if settings.pauses else numbers % REST
    starts = np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1]))
    lengths = np.diff(np.append(starts, len(numbers))) * slots_each
    rows = [
        (slot, duration, number)
        for start, length, number in zip(starts.tolist(), lengths.tolist(), numbers[starts].tolist(), strict=True)
        if number < REST
        for slot, duration in _split(start * slots_each, length)
    ]
    return Genome(_genes(rows, settings.steps, frame), Expression())


def single_point_crossover(mother: Bits, father: Bits, rng: np.random.Generator) -> tuple[Bits, Bits]:
    """Two children that exchange everything after one random cut. Raises ClassicError for unequal lengths."""
    if len(mother) != len(father):
        raise ClassicError(f"father: expected {len(mother)} bits like the mother, got {len(father)}")
    if len(mother) < 2:
        return mother.copy(), father.copy()
    cut = int(rng.integers(1, len(mother)))
    return np.concatenate([mother[:cut], father[cut:]]), np.concatenate([father[:cut], mother[cut:]])


def mutate_bits(bits: Bits, *, mutations: int = 2, probability: float = 0.5, rng: np.random.Generator) -> Bits:
    """A copy in which up to `mutations` random bits are flipped, each with `probability`."""
    mutated = bits.copy()
    for index in rng.integers(len(bits), size=mutations):
        if rng.random() < probability:
            mutated[index] ^= 1
    return mutated


def select_pair(population: list[Bits], ratings: NDArray[np.float64], rng: np.random.Generator) -> tuple[Bits, Bits]:
    """Two parents drawn with replacement in proportion to their ratings (0-5), evenly where all are 0."""
    total = float(ratings.sum())
    shares = ratings / total if total > 0 else np.full(len(population), 1 / len(population))
    first, second = rng.choice(len(population), size=2, p=shares)
    return population[int(first)], population[int(second)]


def next_generation(population: list[Bits], ratings: NDArray[np.float64], rng: np.random.Generator) -> list[Bits]:
    """The paper's step: the two best stay, the rest are mutated children of pairs drawn by rating; same size."""
    order = np.argsort(-ratings, kind="stable")
    following = [population[int(index)] for index in order[:2]]
    while len(following) < len(population):
        pair = single_point_crossover(*select_pair(population, ratings, rng), rng)
        following += [mutate_bits(child, rng=rng) for child in pair]
    return following[: len(population)]


def _split(slot: int, length: int) -> list[tuple[int, int]]:
    """(slot, duration class) of the notes that fill `length` slots, the longest first."""
    pieces: list[tuple[int, int]] = []
    while length > 0:
        duration = int(np.searchsorted(DURATION_SLOTS, length, side="right")) - 1
        pieces.append((slot, duration))
        slot, length = slot + int(DURATION_SLOTS[duration]), length - int(DURATION_SLOTS[duration])
    return pieces


def _genes(rows: list[tuple[int, int, int]], steps: int, frame: Frame) -> NDArray[np.void]:
    notes = np.zeros(len(rows) * steps, dtype=GENE)
    slot, duration, number = np.array(rows, dtype=np.int64).reshape(-1, 3).repeat(steps, axis=0).T
    voice = np.tile(np.arange(steps), len(rows))
    notes["bar"], notes["position"] = np.divmod(slot, frame.slots_per_bar)
    notes["duration"] = duration
    set_steps(notes, number + STEP_BETWEEN_VOICES * voice, frame)
    notes["alteration"], notes["timing"] = UNALTERED, TIMING_CENTRE
    notes["velocity"], notes["articulation"] = VELOCITY_CLASSES - 1, len(ARTICULATION_RATIOS) - 1
    return arrange(notes, frame)
