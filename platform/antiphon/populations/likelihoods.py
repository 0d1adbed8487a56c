"""How surprised a population's network is by its phrases: a feature of the taste, never waited for long.

The first generation is judged while it is rated. What is bred then is judged as candidates, before it is chosen: a node
is asked, and breeding goes on without an answer that does not come in time. A node that has not judged those who are
rated, though it had all the time of their rating, is not waited for at all.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from antiphon.core.enqueue import cancel
from antiphon.core.jobs import Payload
from antiphon.populations.models import CandidateLikelihoods, Generation, Individual, Population
from antiphon.training.likelihoods import LikelihoodPurpose, on_likelihoods, order_likelihoods
from evolution.algorithm import BreedingSettings, Likelihood
from evolution.forms import genome_from_text, genome_to_text
from evolution.frame import Frame
from evolution.genome import Genome, decode
from generation.score.notes import Score

LIVING, CANDIDATES = "living", "candidates"
DEADLINE_SECONDS = 2.0  # for candidates; nobody sees a next generation meanwhile
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Answers:
    """What the network said, by a genome's notes: an `evolution.algorithm.Likelihood`."""

    by_notes: Mapping[bytes, float]

    def __call__(self, genomes: Sequence[Genome]) -> list[float]:
        return [self.by_notes[genome.notes.tobytes()] for genome in genomes]


def answer_for_likelihoods() -> None:
    """Say what scores are to be judged and where the answers go; called from AppConfig.ready."""
    on_likelihoods(LIVING, LikelihoodPurpose(scores=_living_scores, judged=_keep_living, failed=_let_go))
    on_likelihoods(CANDIDATES, LikelihoodPurpose(scores=_candidate_scores, judged=_keep, failed=_forget))


def order_for_generation(generation: Generation) -> None:
    """Order those of a generation to be judged that were not judged before their birth."""
    population = generation.population
    if not is_wanted(population) or not generation.individuals.filter(nats=None).exists():
        return
    assert population.checkpoint is not None
    order_likelihoods(
        checkpoint=population.checkpoint, owner_id=population.owner_id, purpose=LIVING, generation_id=generation.pk
    )


def is_wanted(population: Population) -> bool:
    """Whether the population's taste hears its network."""
    settings = BreedingSettings.from_json(population.settings)
    return settings.taste and settings.selecting and settings.taste_likelihood and population.checkpoint is not None


def may_be_waited_for(generation: Generation) -> bool:
    """Whether a node has judged those who are new in a generation, and so is likely to judge their children soon."""
    return is_wanted(generation.population) and generation.individuals.filter(first=None, nats__isnull=False).exists()


def likelihoods_of(generation: Generation, wanted: Sequence[Genome]) -> Likelihood | None:
    """What the network says of genomes that a closed generation is bred with; None where it does not say so in time."""
    if not wanted:
        return None
    said = _known(generation)
    unknown = [genome for genome in wanted if genome.notes.tobytes() not in said]
    if unknown:
        answer = _wait(_order(generation, unknown))
        if answer is None:
            return None
        said |= answer
    if not said:
        return None
    # A phrase that the network cannot say tells nothing: it is taken for a usual one.
    usual = float(np.mean(list(said.values())))
    return Answers({name: said.get(name, usual) for name in (one.notes.tobytes() for one in wanted)})


def _known(generation: Generation) -> dict[bytes, float]:
    rows = generation.individuals.values_list("genome", "nats")
    return {Genome.from_json(genome).notes.tobytes(): value for genome, value in rows if value is not None}


@transaction.atomic
def _order(generation: Generation, genomes: Sequence[Genome]) -> CandidateLikelihoods:
    """The order for these candidates; one that an earlier attempt to breed made is taken up."""
    texts = [genome_to_text(genome) for genome in genomes]
    order, is_new = CandidateLikelihoods.objects.get_or_create(generation=generation, defaults={"genomes": texts})
    population = generation.population
    if is_new and population.checkpoint is not None:
        order.job_id = order_likelihoods(
            checkpoint=population.checkpoint,
            owner_id=population.owner_id,
            purpose=CANDIDATES,
            generation_id=generation.pk,
        )
        order.save(update_fields=["job_id"])
    return order


def _wait(order: CandidateLikelihoods) -> dict[bytes, float] | None:
    """What is said by the notes of each, None where nothing is until the deadline; nothing of the order is left."""
    until = time.monotonic() + DEADLINE_SECONDS
    found: CandidateLikelihoods | None = order
    while found is not None and found.values is None and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        found = CandidateLikelihoods.objects.filter(pk=order.pk).first()
    if found is None:
        return None
    if found.values is None and found.job_id is not None:
        cancel(found.job_id)
    CandidateLikelihoods.objects.filter(pk=order.pk).delete()
    if found.values is None:
        return None
    names = [genome_from_text(text).notes.tobytes() for text in found.genomes]
    return {name: value for name, value in zip(names, found.values, strict=True) if value is not None}


def _living_scores(payload: Payload) -> list[Score]:
    generation = Generation.objects.select_related("population").filter(pk=payload["generation_id"]).first()
    if generation is None:
        return []
    frame = Frame.from_json(generation.population.frame)
    return [decode(Genome.from_json(one.genome), frame) for one in generation.individuals.order_by("index")]


def _keep_living(payload: Payload, values: Sequence[float | None]) -> None:
    individuals = list(Individual.objects.filter(generation_id=payload["generation_id"]).order_by("index"))
    for individual, value in zip(individuals, values, strict=True):
        individual.nats = value
    Individual.objects.bulk_update(individuals, ["nats"])


def _let_go(_payload: Payload) -> None:
    """The taste does without."""


def _candidate_scores(payload: Payload) -> list[Score]:
    order = CandidateLikelihoods.objects.select_related("generation__population").filter(pk=payload["generation_id"])
    found = order.first()
    if found is None:
        return []
    frame = Frame.from_json(found.generation.population.frame)
    return [decode(genome_from_text(text), frame) for text in found.genomes]


def _keep(payload: Payload, values: Sequence[float | None]) -> None:
    CandidateLikelihoods.objects.filter(pk=payload["generation_id"]).update(values=list(values))


def _forget(payload: Payload) -> None:
    CandidateLikelihoods.objects.filter(pk=payload["generation_id"]).delete()
