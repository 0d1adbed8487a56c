"""What the phrases of a generation share with the pieces that their population's network learned from."""

from django.db import transaction

from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.enqueue import enqueue
from antiphon.core.events import MemorisationKnown
from antiphon.core.jobs import Kind, Payload
from antiphon.populations.models import Generation, Individual
from antiphon.training.memorisation import Compare
from generation.score.notes import Score

GENERATION = "generation"


def order_for_generation(generation: Generation) -> None:
    """Order a generation to be compared, unless it comes from no network, or is only rehearsed."""
    population = generation.population
    if population.checkpoint is not None and not population.is_rehearsal:
        payload = {"subject": GENERATION, "run_id": population.checkpoint.run_id, "generation_id": generation.pk}
        enqueue(Kind.MEMORISE, owner_id=population.owner_id, **payload)


def compare_generation(payload: Payload, compare: Compare) -> None:
    """Keep with each individual of a generation what it shares, and tell its host."""
    generation = Generation.objects.select_related("population").filter(pk=payload["generation_id"]).first()
    if generation is None:
        return
    individuals = list(generation.individuals.all())
    for individual in individuals:
        individual.memorisation = compare(Score.from_json(individual.score))
    event = MemorisationKnown(checkpoint=None, population=generation.population_id, generation=generation.number)
    with transaction.atomic():
        Individual.objects.bulk_update(individuals, ["memorisation"])
        broadcast(host_group(generation.population.owner_id), event)
