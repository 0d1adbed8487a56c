"""Which networks a study trains. Knows no TensorFlow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from generation.pieces import Piece
from generation.presets import PRESETS, NetworkConfig

PAPERS_BATCH_SIZES = (32, 64, 128)
PAPERS_DROPOUTS = (0.1, 0.3, 0.5, 0.7)
PAPERS_EPOCHS = (100, 256, 512, 1000)
BASE_BATCH_SIZE, BASE_DROPOUT = 64, 0.3  # what the study settled on


class StudyRefused(ValueError):
    """A study that can't be run; the message says what to change."""

    code = "study_refused"


@dataclass(frozen=True, slots=True)
class Arm:
    """One network of a study, looked at after each of some numbers of epochs."""

    batch_size: int
    dropout: float
    seed: int
    milestones: tuple[int, ...]  # epochs, ascending

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"batch{self.batch_size}-dropout{self.dropout:g}-seed{self.seed}"


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """The sweeps of the study, and how large a network and how much of each piece they are done with.

    Each sweep changes one thing against batch 64 and dropout 0.3; batch size and dropout are compared after the first
    of `epochs`. One network trained for long stands for all numbers of epochs: its shorter trainings are its beginning.
    """

    batch_sizes: tuple[int, ...] = PAPERS_BATCH_SIZES
    dropouts: tuple[float, ...] = PAPERS_DROPOUTS
    epochs: tuple[int, ...] = PAPERS_EPOCHS
    seeds: tuple[int, ...] = (1,)
    lstm_units: int = 512
    dense_units: int = 256
    notes_per_piece: int | None = None  # of the first instrument, from the start; None for whole pieces
    held_out: float = 0.1  # of the pieces

    def __post_init__(self) -> None:
        for name in ("batch_sizes", "dropouts", "epochs", "seeds"):
            values = getattr(self, name)
            if not values or len(set(values)) != len(values):
                raise StudyRefused(f"{name}: expected one or more different values, got {values}; change it")
        if min(self.epochs) < 1 or list(self.epochs) != sorted(self.epochs):
            raise StudyRefused(f"epochs: expected numbers from 1 on in ascending order, got {self.epochs}; change it")
        if not 0 < self.held_out < 1:
            raise StudyRefused(f"held_out: expected a share between 0 and 1, got {self.held_out}; change it")

    def arms(self) -> list[Arm]:
        """Every network to train, the long one of each seed first."""
        found = []
        for seed in self.seeds:
            found.append(Arm(BASE_BATCH_SIZE, BASE_DROPOUT, seed, self.epochs))
            first = self.epochs[:1]
            found += [Arm(n, BASE_DROPOUT, seed, first) for n in self.batch_sizes if n != BASE_BATCH_SIZE]
            found += [Arm(BASE_BATCH_SIZE, rate, seed, first) for rate in self.dropouts if rate != BASE_DROPOUT]
        return found

    def config(self, arm: Arm, epochs: int) -> NetworkConfig:
        """The paper's network with what the arm changes."""
        return PRESETS["paper"].config.with_changes(
            lstm_units=self.lstm_units,
            dense_units=self.dense_units,
            batch_size=arm.batch_size,
            dropout=arm.dropout,
            epochs=epochs,
        )

    def openings(self, pieces: Sequence[Piece]) -> list[Piece]:
        """The pieces, or as much of the beginning of each as the plan says, in order of name."""
        ordered = sorted(pieces, key=lambda piece: piece.name)
        if self.notes_per_piece is None:
            return ordered
        return [opening(piece, self.notes_per_piece) for piece in ordered]


def opening(piece: Piece, n_notes: int) -> Piece:
    """The piece up to where its first pitched instrument has that many notes; all of it where it has no more."""
    score = piece.score
    pitched = [index for index, part in enumerate(score.parts) if not part.is_drum]
    if not pitched:
        return piece
    program = score.parts[pitched[0]].program
    first = [index for index in pitched if score.parts[index].program == program]
    notes = score.notes[np.isin(score.notes["part"], first)]
    if len(notes) <= n_notes:
        return piece
    # Without the file's bytes: those would be read whole.
    return Piece(piece.name, replace(score, notes=notes[:n_notes], bends=()))


def papers_plan() -> StudyPlan:
    """The study at its own size; days on an NVIDIA card."""
    return StudyPlan()


def workstation_plan() -> StudyPlan:
    """The same sweeps at a size that two processor cores bear in about an hour."""
    return StudyPlan(lstm_units=48, dense_units=48, notes_per_piece=48, held_out=0.2, seeds=(1, 2, 3))


PLANS = {"paper": papers_plan, "workstation": workstation_plan}
