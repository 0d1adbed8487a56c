"""Bars of a generation written anew by a network while it is rated, so that breeding finds them and need not wait."""

from collections.abc import Sequence

import numpy as np
from django.db import transaction

from antiphon.core.jobs import Payload
from antiphon.populations.models import Generation, Individual
from antiphon.training.rewriting import OpenBar, RewritingPurpose, on_rewriting, order_rewriting
from evolution.frame import Frame
from evolution.genome import Genome, decode, encode
from generation.score.notes import Score

PURPOSE = "generation"
REWRITE_DRAW = 2  # sets the random stream of the bars apart from those of closing and breeding


def answer_for_rewriting() -> None:
    """Say what bars are to be re-written and where they go; called from AppConfig.ready."""
    on_rewriting(PURPOSE, RewritingPurpose(bars=_open_bars, rewritten=_keep_variants))


def order_for_generation(generation: Generation) -> None:
    """Order one bar of each individual to be written anew, where the population has a network that can."""
    population = generation.population
    if population.rewriter is not None:
        order_rewriting(
            checkpoint=population.rewriter,
            owner_id=population.owner_id,
            purpose=PURPOSE,
            seed=population.seed + generation.number,
            generation_id=generation.pk,
        )


def _open_bars(payload: Payload) -> list[OpenBar]:
    """Each individual as it is written, and a bar of it drawn by the population's seed."""
    generation = Generation.objects.select_related("population").filter(pk=payload["generation_id"]).first()
    if generation is None:
        return []
    population = generation.population
    frame = Frame.from_json(population.frame)
    rng = np.random.default_rng([population.seed, generation.number, REWRITE_DRAW])
    return [
        OpenBar(decode(Genome.from_json(individual.genome), frame), int(rng.integers(frame.bars)))
        for individual in _individuals(generation)
    ]


def _keep_variants(payload: Payload, scores: Sequence[Score | None]) -> None:
    """Keep with each individual what became of its bar, played as the individual is; an unchanged one is none."""
    generation = Generation.objects.select_related("population").filter(pk=payload["generation_id"]).first()
    if generation is None:
        return
    frame = Frame.from_json(generation.population.frame)
    individuals = _individuals(generation)
    bars = [one.bar for one in _open_bars(payload)]
    for individual, bar, score in zip(individuals, bars, scores, strict=True):
        genome = Genome.from_json(individual.genome)
        variant = None if score is None else encode(score, frame, genome.expression)
        is_new = variant is not None and len(variant.notes) > 0 and variant != genome
        individual.variants = [{"bar": bar, "genome": variant.to_json()}] if is_new and variant is not None else []
    with transaction.atomic():
        Individual.objects.bulk_update(individuals, ["variants"])


def _individuals(generation: Generation) -> list[Individual]:
    return list(generation.individuals.order_by("index"))
