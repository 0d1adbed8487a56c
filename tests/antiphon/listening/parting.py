"""Worlds whose crowd may part, and listeners of two tastes who rate in them round by round."""

import numpy as np

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.populations import breeding
from antiphon.populations.models import Individual
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

SIZE = 12


def open_world(*, islands: int = 2) -> World:
    """A world whose crowd may part."""
    world = make_world(size=SIZE)
    population = world.population
    population.settings["islands"] = islands
    population.save()
    first = population.breeding_events.get(number=0)
    for kept in (population.breeding, first):
        kept.content["settings"]["islands"] = islands
        kept.save()
    return world


def crowd(n: int) -> list[Listener]:
    return [Listener.objects.create(name=f"Listener {number}") for number in range(n)]


def liking(individual: Individual, taste: int) -> float:
    """The one taste likes high phrases, the other low ones."""
    notes = np.array(individual.genome["notes"])
    height = float(np.mean(notes[:, 3] * 7 + notes[:, 2])) if len(notes) else 0.0
    return height if taste == 0 else -height


def rate_round(world: World, listeners: list[Listener], tastes: list[int], rng: np.random.Generator) -> None:
    """Everybody rates all that is new, by the rank that their own taste gives it; then the generation closes."""
    individuals = new_in(world.newest)
    for listener, taste in zip(listeners, tastes, strict=True):
        place = np.argsort(np.argsort([liking(one, taste) for one in individuals])) / max(len(individuals) - 1, 1)
        values = np.clip(place * 5 + rng.normal(0, 0.4, len(individuals)), 0, 5).round().astype(int).tolist()
        rate(world, listener, individuals, values)
    number = world.newest.number
    services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=number)
    breeding.breed(generation_id=world.population.generations.get(number=number).pk)


def run(world: World, tastes: list[int], rounds: int = 3) -> list[Listener]:
    listeners, rng = crowd(len(tastes)), np.random.default_rng(0)
    for _ in range(rounds):
        rate_round(world, listeners, tastes, rng)
    return listeners
