"""Offspring: pairs drawn, crossed and changed by operators whose shares follow what they brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evolution.algorithm.known import Known
from evolution.algorithm.settings import ADAPTIVE, BreedingSettings
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.invention import random_genome
from evolution.operators.crossover import CROSSOVER_SHARES, CROSSOVERS
from evolution.operators.mutation import MUTATION_SHARES, UNCHANGED, insert_note, mutate_named
from evolution.operators.rewriting import Variant
from evolution.operators.selection import SELECTIONS, PairSelection, Standing
from evolution.operators.weights import Gain, adapted

UNIQUE_TRIES = 20  # before an offspring that exists already is replaced by a newly invented phrase

INSERTION = "insert note"
ELITE, RANDOM, SAMPLE = "elite", "random", "sample"


@dataclass(frozen=True)
class Offspring:
    """A genome on its way into the population: `parents` are ids (or indices), `operator` how it came."""

    genome: Genome
    parents: tuple[int, ...]
    operator: str


@dataclass(frozen=True)
class Shares:
    """How often each operator is drawn, of the crossovers and of the mutations."""

    crossovers: Mapping[str, float]
    mutations: Mapping[str, float]


def shares_of(settings: BreedingSettings, gains: Sequence[Gain]) -> Shares:
    """The operators' default shares, or, when the settings adapt them, those that their gains call for."""
    crossovers = CROSSOVER_SHARES if settings.crossover == ADAPTIVE else {settings.crossover: 1.0}
    if not (settings.adaptive and settings.selecting):
        return Shares(crossovers, MUTATION_SHARES)
    return Shares(adapted(crossovers, gains), adapted(MUTATION_SHARES, gains))


class Brood:
    """Draws children of some breeders (genomes with ids, and their standing in the same order); where there are
    `visitors`, breeders of other islands, the settings' share of children has one of these for a second parent.
    """

    def __init__(
        self,
        breeders: Sequence[tuple[int, Genome]],
        standing: Standing | None,
        settings: BreedingSettings,
        frame: Frame,
        *,
        shares: Shares,
        variants: Mapping[int, Sequence[Variant]],
        visitors: Sequence[tuple[int, Genome]] = (),
        rng: np.random.Generator,
    ) -> None:
        self._breeders, self._standing = breeders, standing
        self._settings, self._frame, self._rng = settings, frame, rng
        self._selection: PairSelection = SELECTIONS[settings.selection]
        self._shares, self._variants, self._visitors = shares, variants, visitors

    def children(self, count: int, known: Known) -> list[Offspring]:
        """So many children, none that is `known`; they are afterwards."""
        return [self._new(known) for _ in range(count)]

    def _new(self, known: Known) -> Offspring:
        """A child that is new; changed further, then invented, when the parents have no more to give."""
        for _ in range(UNIQUE_TRIES):
            child = self._child()
            if child.genome in known:
                grown = insert_note(child.genome, self._frame, self._rng)
                child = self._changed(Offspring(grown, child.parents, joined(child.operator, INSERTION)))
            if child.genome not in known:
                known.add(child.genome)
                return child
        return newcomer(self._frame, known, self._rng)

    def _child(self) -> Offspring:
        first, second = self._pair()
        (mother_id, mother), (father_id, father) = self._breeders[first], self._breeders[second]
        if self._visitors and self._rng.random() < self._settings.migration:
            father_id, father = self._visitors[int(self._rng.integers(len(self._visitors)))]
        if mother_id == father_id:
            child = Offspring(mother, (mother_id,), "")
        else:
            name = self._crossover()
            genome = CROSSOVERS[name](mother, father, self._frame, self._rng)
            child = Offspring(genome, (mother_id, father_id), name)
        chances = int(np.sum(self._rng.random(self._settings.mutations) < self._settings.mutation_probability))
        # Of one parent alone a child comes by change only.
        for _ in range(chances if child.operator else max(chances, 1)):
            child = self._changed(child)
        return child

    def _changed(self, child: Offspring) -> Offspring:
        variants = [variant for id_ in child.parents for variant in self._variants.get(id_, ())]
        genome, name = mutate_named(child.genome, self._frame, self._rng, self._shares.mutations, variants=variants)
        return child if name == UNCHANGED else Offspring(genome, child.parents, joined(child.operator, name))

    def _pair(self) -> tuple[int, int]:
        count = len(self._breeders)
        if count == 1:
            return 0, 0
        if self._standing is None:
            first, second = self._rng.choice(count, size=2, replace=False)
            return int(first), int(second)
        return self._selection(self._standing, self._rng)

    def _crossover(self) -> str:
        names = list(self._shares.crossovers)
        total = np.cumsum(list(self._shares.crossovers.values()))
        return names[int(np.searchsorted(total, self._rng.random() * total[-1], side="right"))]


def newcomer(frame: Frame, known: Known, rng: np.random.Generator) -> Offspring:
    """A phrase invented anew, of notes that are not `known` and are afterwards, as far as the frame has others."""
    genome = random_genome(frame, rng)
    for _ in range(UNIQUE_TRIES):
        if not known.has_notes(genome):
            break
        genome = random_genome(frame, rng)
    known.add(genome)
    return Offspring(genome, (), RANDOM)


def joined(operator: str, added: str) -> str:
    """`operator` with `added`, each name once: cut at bar, cut at bar+change pitch."""
    names = [name for name in operator.split("+") if name]
    return "+".join(names if added in names else [*names, added])
