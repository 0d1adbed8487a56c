"""Populations bred for some generations with a fitness given by hand, for tests of breeding."""

from typing import Any

from antiphon.accounts.models import User
from antiphon.populations import breeding, services
from antiphon.populations.models import Generation, Population
from antiphon.populations.services import PopulationOrder

FRAME = {"bars": 2, "notes_per_bar": 4}


def make_population(host: User, **changes: Any) -> Population:
    """A population with its first generation; `changes` are fields of the order."""
    order: dict[str, Any] = {
        "name": "Evening", "checkpoint_id": None, "frame": FRAME, "settings": {"size": 6}, "quorum": 2, "seed": 11,
    }  # fmt: skip
    population = services.create_population(owner_id=host.pk, order=PopulationOrder(**(order | changes)))
    if population.source_id is None:
        breeding.seed(population_id=population.pk, sample_job_id=None)
    population.refresh_from_db()
    return population


def newest_of(population: Population) -> Generation:
    """The newest generation."""
    return population.generations.order_by("-number")[0]


def breed_on(population: Population, generations: int = 1) -> Generation:
    """Breed so many generations: whoever has more notes in the first bar is liked better."""
    for _ in range(generations):
        generation = newest_of(population)
        for individual in generation.individuals.all():
            in_first_bar = sum(1 for note in individual.genome["notes"] if note[0] == 0)
            individual.fitness = min(0.5 + 0.4 * in_first_bar + 0.01 * individual.index, 5.0)
            individual.standard_error, individual.n_ratings = 0.3, 2
            individual.save()
        services.close_generation(generation_id=generation.pk)
        breeding.breed(generation_id=generation.pk)
    return newest_of(population)
