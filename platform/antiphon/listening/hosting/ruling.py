"""What a host changes of how generations close: for all of a population from now on, or for the open one alone."""

from dataclasses import asdict, replace
from typing import Any

from django.db import transaction

from antiphon.core.errors import NotFound
from antiphon.listening.hosting import deadlines
from antiphon.listening.services import close_if_complete, tell_progress
from antiphon.populations.closing import Rule, checked_rule, extended, population_rule, rule_of
from antiphon.populations.models import Generation, Population
from antiphon.populations.services import GenerationAlreadyClosed, announce


def change_rule(*, owner_id: int, population_id: int, changes: dict[str, Any]) -> Rule:
    """Have generations of a population close by another rule, the open one with them. Fields left out stay as they are.

    What was extended of the open generation is what the new rule says. Where that completes it, it closes. Raises
    NotFound, Invalid.
    """
    with transaction.atomic():
        population = Population.objects.select_for_update().filter(pk=population_id, owner_id=owner_id).first()
        if population is None:
            raise NotFound(f"There is no population {population_id} of yours.")
        rule = checked_rule(replace(population_rule(population), **changes))
        generation = _locked(population_id=population_id, closed_at=None)
        had_limit = generation is not None and rule_of(generation).minutes is not None
        for name, value in asdict(rule).items():
            setattr(population, name, value)
        population.save(update_fields=list(asdict(rule)))
        if generation is not None:
            generation.quorum = generation.wanted_error = generation.minutes = None
            generation.save(update_fields=["quorum", "wanted_error", "minutes"])
            if rule.minutes is not None and not had_limit:
                deadlines.begin_now(generation)
        _tell(population, generation)
    if generation is not None:
        close_if_complete(generation_id=generation.pk)
    return rule


@transaction.atomic
def extend_generation(
    *,
    owner_id: int,
    population_id: int,
    number: int,
    quorum: int | None = None,
    wanted_error: float | None = None,
    minutes: int | None = None,
) -> Rule:
    """Ask more of the open generation alone: a higher quorum, a lower wanted error, more minutes in all.

    Raises NotFound, GenerationAlreadyClosed, and Invalid for what asks for less.
    """
    generation = _locked(population_id=population_id, population__owner_id=owner_id, number=number)
    if generation is None:
        raise NotFound(f"There is no generation {number} of a population {population_id} of yours.")
    if generation.is_closed:
        raise GenerationAlreadyClosed(f"Generation {generation.ordinal} is closed already. Extend the next one.")
    rule = extended(rule_of(generation), quorum=quorum, wanted_error=wanted_error, minutes=minutes)
    given = {"quorum": quorum, "wanted_error": wanted_error, "minutes": minutes}
    for name, value in given.items():
        if value is not None:
            setattr(generation, name, value)
    generation.save(update_fields=list(given))
    _tell(generation.population, generation)
    return rule


def _tell(population: Population, generation: Generation | None) -> None:
    """Every room learns how far the generation is by the new rule, and offers by it."""
    announce(population, step="ruled", generation=None if generation is None else generation.number)
    tell_progress(population)


def _locked(**which: Any) -> Generation | None:
    return Generation.objects.select_for_update(of=("self",)).select_related("population").filter(**which).first()
