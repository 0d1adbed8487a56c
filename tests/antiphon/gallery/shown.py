"""Populations in the gallery, with generations that people have rated, for tests of what is shown."""

from antiphon.accounts.models import Listener
from antiphon.gallery.services import exhibit
from antiphon.populations import breeding, services
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world


def rated_on(world: World, listeners: list[Listener], generations: int = 1) -> None:
    """So many generations rated by everybody, closed and bred from."""
    for _ in range(generations):
        generation = world.newest
        for place, listener in enumerate(listeners):
            phrases = new_in(generation)
            rate(world, listener, phrases, [(one.index + place) % 6 for one in phrases])
        services.close_generation(generation_id=generation.pk)
        breeding.breed(generation_id=generation.pk)


def shown_world(generations: int = 2, *, allows_midi: bool = False) -> World:
    """A population of six in the gallery, rated by two."""
    world = make_world(size=6)
    rated_on(world, [Listener.objects.create(name=name) for name in ("Ada Lovelace", "Béla")], generations)
    exhibit(population=world.population, is_shown=True, allows_midi=allows_midi)
    return world
