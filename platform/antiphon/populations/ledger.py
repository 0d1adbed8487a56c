"""A population's breeding in the database: where it stands, and everything that happened."""

from antiphon.populations.encodings import Bred, replay, take_up
from antiphon.populations.models import BreedingEvent, BreedingState, Population


def stored(population: Population) -> Bred | None:
    """The population's breeding as it stands; None where it was bred before that was kept."""
    state = BreedingState.objects.filter(population=population).first()
    return None if state is None else take_up(state.content)


def begun(population: Population) -> Bred | None:
    """The population's breeding as it began; None where it was bred before that was kept."""
    first = population.breeding_events.filter(number=0).values_list("content", flat=True)
    return replay(list(first)) if first else None


def keep(population: Population, bred: Bred) -> None:
    """Keep where a breeding stands and what has happened; under the population's row lock."""
    BreedingState.objects.update_or_create(population=population, defaults={"content": bred.state()})
    number = population.breeding_events.count()
    BreedingEvent.objects.bulk_create(
        BreedingEvent(population=population, number=number + place, content=event)
        for place, event in enumerate(bred.new_events())
    )
