"""A population as a template: another one with the same frame, settings and network, with its phrases or without."""

from enum import StrEnum
from secrets import randbits

from django.db import transaction

from antiphon.core.enqueue import enqueue
from antiphon.core.errors import Conflict, NotFound
from antiphon.core.jobs import Kind
from antiphon.populations.models import Generation, Population
from antiphon.populations.services import SEED_BITS, order_first_generation

# What a clone has from its source. All other fields are its own.
CLONED_FIELDS = (
    "checkpoint", "rewriter", "frame", "settings", "encoding", "is_faithful", "quorum", "births", "closing",
    "wanted_error", "minutes",
)  # fmt: skip
NAME_MAX = 120


class Phrases(StrEnum):
    """Which phrases a clone begins with."""

    NONE = "none"  # a first generation of its own
    FIRST = "first"
    NEWEST = "newest"


class NotCloned(Conflict):
    """The population is no template as it stands."""

    code = "not_cloned"


@transaction.atomic
def clone_population(
    *,
    owner_id: int,
    population_id: int,
    name: str = "",
    phrases: Phrases = Phrases.NONE,
    is_rehearsal: bool = False,
) -> Population:
    """Keep a population that is bred as another one is, and order its first generation.

    Ratings are not cloned: nobody has heard its phrases there. Raises NotFound where the source is not this host's, and
    NotCloned where it is a rehearsal, or has no phrases yet that are wanted.
    """
    source = Population.objects.select_related("checkpoint").filter(pk=population_id, owner_id=owner_id).first()
    if source is None:
        raise NotFound(f"There is no population {population_id} of yours.")
    if source.is_rehearsal:
        raise NotCloned("A rehearsal is not cloned, as simulated listeners bred it. Clone what it was rehearsed for.")
    generation = None if phrases is Phrases.NONE else _generation(source, phrases)
    clone = Population.objects.create(
        owner_id=owner_id,
        name=(name or f"{'Rehearsal' if is_rehearsal else 'Clone'} of {source.name}")[:NAME_MAX],
        source=source,
        is_clone=True,
        cloned_generation=None if generation is None else generation.number,
        is_rehearsal=is_rehearsal,
        seed=randbits(SEED_BITS),
        **{field: getattr(source, field) for field in CLONED_FIELDS},
    )
    if generation is None:
        order_first_generation(clone)
    else:
        beginning = {"sample_job_id": None, "from_generation_id": generation.pk}
        enqueue(Kind.SEED, owner_id=owner_id, population_id=clone.pk, **beginning)
    return clone


def _generation(source: Population, phrases: Phrases) -> Generation:
    order = "number" if phrases is Phrases.FIRST else "-number"
    generation = source.generations.order_by(order).first()
    if generation is None:
        raise NotCloned(f"“{source.name}” has no phrases yet. Clone its settings only, or wait for its generation 1.")
    return generation
