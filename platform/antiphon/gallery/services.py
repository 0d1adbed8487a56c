"""What a host decides: whether a population is shown to everybody, and whether its phrases may be taken away."""

from dataclasses import dataclass

from django.db import transaction

from antiphon.core.errors import Conflict
from antiphon.gallery.models import GalleryEntry
from antiphon.populations.models import Population


class RehearsalStaysInside(Conflict):
    """What simulated listeners bred is never shown as what people liked."""

    code = "rehearsal"


@dataclass(frozen=True)
class Exhibition:
    """How a population stands with the gallery."""

    population_id: int
    is_shown: bool
    allows_midi: bool


def exhibition_of(population: Population) -> Exhibition:
    """Whether a population is in the gallery, and what may be done with it there; one query."""
    entry = GalleryEntry.objects.filter(population=population).first()
    return Exhibition(population.pk, is_shown=entry is not None, allows_midi=entry is not None and entry.allows_midi)


@transaction.atomic
def exhibit(*, population: Population, is_shown: bool, allows_midi: bool) -> Exhibition:
    """Show a population in the gallery from now on, or no longer: the next visitor finds it so.

    Raises RehearsalStaysInside where simulated listeners rate it.
    """
    if not is_shown:
        GalleryEntry.objects.filter(population=population).delete()
        return Exhibition(population.pk, is_shown=False, allows_midi=False)
    if population.is_rehearsal:
        raise RehearsalStaysInside(
            "Expected a population that people rate, got a rehearsal. Show the population that it was cloned from."
        )
    GalleryEntry.objects.update_or_create(population=population, defaults={"allows_midi": allows_midi})
    return Exhibition(population.pk, is_shown=True, allows_midi=allows_midi)
