"""What everybody may see of the populations that are shown: their best phrases, once those have been judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from antiphon.core.errors import NotFound
from antiphon.core.phrase import Phrase
from antiphon.gallery.credits import Network, networks_of
from antiphon.gallery.models import GalleryEntry
from antiphon.listening.models import RATING_MAX, Rating
from antiphon.populations.ancestry import Parents, founders_of, parents_above
from antiphon.populations.models import Generation, Individual, Lineage, Population
from antiphon.populations.selectors import phrase_of
from evolution.algorithm.offspring import SAMPLE
from evolution.frame import Frame

PHRASES_MAX = 12  # of a population's page
CARDS_MAX = 24  # of a page of the list
INTERVAL = 1.96  # standard errors either side: 95% of a normal distribution


@dataclass(frozen=True)
class Name:
    """A phrase by the generation that it was born in and its number there, both as people count."""

    generation: int
    number: int

    @property
    def key(self) -> str:
        """What it is called in an address."""
        return f"g{self.generation}-{self.number}"


@dataclass(frozen=True)
class ShownPhrase:
    """A phrase of a closed generation with what the crowd made of it, and where it comes from.

    `fitness` is on the rating scale; it is likely between `low` and `high` (95%). `listeners` is how many gave a rating
    that counts. `last_lived` is the generation in which it lived last, as far as it has been judged.
    """

    name: Name
    individual_id: int
    fitness: float
    low: float
    high: float
    listeners: int
    last_lived: int
    n_founders: int  # phrases without parents that it descends from; 0 where it is one
    parents: tuple[tuple[Name, Phrase], ...]
    memorisation: dict[str, Any] | None
    phrase: Phrase


@dataclass(frozen=True)
class Counts:
    """How many generations of a population have closed, and how many people gave it how many ratings."""

    generations: int = 0
    listeners: int = 0
    ratings: int = 0


@dataclass(frozen=True)
class Card:
    """A population in the list, with its best phrase."""

    population_id: int
    title: str
    counts: Counts
    best: ShownPhrase


@dataclass(frozen=True)
class PopulationPage:
    """Everything that a population's page shows; without phrases while no generation has closed."""

    population_id: int
    title: str
    allows_midi: bool
    counts: Counts
    phrases: tuple[ShownPhrase, ...]
    networks: tuple[Network, ...]
    is_by_chance: bool  # no network has sung its first generation


def entries() -> QuerySet[GalleryEntry]:
    """What is shown now, newest first. What simulated listeners rated never is."""
    return GalleryEntry.objects.filter(population__is_rehearsal=False).order_by("-pk")


def entry_of(population_id: int) -> GalleryEntry:
    """The entry of a population that is shown, its population's networks selected. Raises NotFound."""
    entry = (
        entries()
        .select_related("population__checkpoint__run", "population__rewriter__run")
        .filter(population=population_id)
        .first()
    )
    if entry is None:
        raise NotFound(f"The gallery shows no population {population_id}. Its host may have taken it out.")
    return entry


def exhibited_population(population_id: int) -> Population:
    """A population that is shown. Raises NotFound."""
    return entry_of(population_id).population


def address_of(population_id: int) -> str | None:
    """The path of a population's page, None where it is not shown; one query."""
    return f"/gallery/{population_id}/" if entries().filter(population=population_id).exists() else None


def judged() -> QuerySet[Individual]:
    """Individuals whose fitness is known from a generation that has closed, each as it was judged last."""
    is_judged = Q(generation__closed_at__isnull=False, fitness__isnull=False, n_ratings__gt=0)
    later = Individual.objects.filter(
        is_judged,
        Q(first=OuterRef("pk")) | Q(first=OuterRef("first")),
        generation__number__gt=OuterRef("generation__number"),
    )
    return Individual.objects.filter(is_judged).exclude(Exists(later)).select_related("generation", "first__generation")


def page_of(entry: GalleryEntry) -> PopulationPage:
    """What a population's page shows; a bounded number of queries, whatever its size."""
    population = entry.population
    best = list(_best(population.pk)[:PHRASES_MAX])
    return PopulationPage(
        population_id=population.pk,
        title=population.name,
        allows_midi=entry.allows_midi,
        counts=_counts([population.pk])[population.pk],
        phrases=tuple(_shown(best, frames={population.pk: Frame.from_json(population.frame)})),
        networks=networks_of(population),
        is_by_chance=population.source_id is None and not _has_samples(population),
    )


def cards(*, before: int | None = None) -> tuple[list[Card], int | None]:
    """A page of the list and where the next one begins; six queries. What has nothing to hear yet is left out."""
    has_judged = judged().filter(generation__population=OuterRef("population"))
    found = entries().filter(Exists(has_judged)).select_related("population")
    page = list((found if before is None else found.filter(pk__lt=before))[: CARDS_MAX + 1])
    shown = page[:CARDS_MAX]
    frames = {entry.population_id: Frame.from_json(entry.population.frame) for entry in shown}
    best = list(
        judged()
        .filter(generation__population__in=frames)
        .order_by("generation__population_id", "-fitness", "pk")
        .distinct("generation__population_id")
    )
    heard = {
        one.generation.population_id: phrase for one, phrase in zip(best, _shown(best, frames=frames), strict=True)
    }
    counts = _counts(list(frames))
    made = [_card(entry.population, heard[entry.population_id], counts) for entry in shown]
    return made, (shown[-1].pk if len(page) > CARDS_MAX else None)


def midi_of(entry: GalleryEntry, individual_id: int) -> Individual:
    """A phrase of the page, where anybody may take it away. Raises NotFound."""
    best = _best(entry.population_id)[:PHRASES_MAX] if entry.allows_midi else ()
    found = next((one for one in best if one.pk == individual_id), None)
    if found is None:
        raise NotFound("There is no such file: the host has not opened this phrase for download.")
    return found


def _has_samples(population: Population) -> bool:
    """Whether a network sang its first generation; a checkpoint that was deleted since leaves no other trace."""
    return Individual.objects.filter(generation__population=population, generation__number=0, operator=SAMPLE).exists()


def _counts(population_ids: list[int]) -> dict[int, Counts]:
    """Of each population; two queries."""
    closed = Generation.objects.filter(population__in=population_ids, closed_at__isnull=False)
    generations = dict(closed.order_by().values_list("population").annotate(Count("pk")))
    said = (
        Rating.objects.filter(individual__generation__population__in=population_ids)
        .order_by()
        .values_list("individual__generation__population")
        .annotate(Count("listener", distinct=True), Count("pk"))
    )
    given = {population_id: (listeners, ratings) for population_id, listeners, ratings in said}
    return {pk: Counts(generations.get(pk, 0), *given.get(pk, (0, 0))) for pk in population_ids}


def _card(population: Population, best: ShownPhrase, counts: Mapping[int, Counts]) -> Card:
    return Card(population_id=population.pk, title=population.name, counts=counts[population.pk], best=best)


def _best(population_id: int) -> QuerySet[Individual]:
    """The judged phrases of a population, those that the crowd likes most first."""
    return judged().filter(generation__population=population_id).order_by("-fitness", "pk")


def _shown(individuals: Sequence[Individual], *, frames: Mapping[int, Frame]) -> list[ShownPhrase]:
    """Individuals as they are shown; two queries for all."""
    roots = [one.first or one for one in individuals]
    lines = Lineage.objects.filter(child__in=[one.pk for one in roots]).order_by("child_id", "order")
    parents_of: dict[int, list[Individual]] = {}
    for line in lines.select_related("parent__generation", "parent__first__generation"):
        parents_of.setdefault(line.child_id, []).append(line.parent)
    above = parents_above([one.pk for one in roots])
    return [
        _phrase(one, root, parents_of.get(root.pk, []), above, frames[one.generation.population_id])
        for one, root in zip(individuals, roots, strict=True)
    ]


def _phrase(
    individual: Individual, root: Individual, parents: Iterable[Individual], above: Parents, frame: Frame
) -> ShownPhrase:
    mean, error = individual.fitness or 0.0, individual.standard_error or 0.0
    founders = founders_of(root.pk, above) - {root.pk}
    return ShownPhrase(
        name=_name(individual),
        individual_id=individual.pk,
        fitness=mean,
        low=max(0.0, mean - INTERVAL * error),
        high=min(float(RATING_MAX), mean + INTERVAL * error),
        listeners=individual.n_ratings,
        last_lived=individual.generation.ordinal,
        n_founders=len(founders),
        parents=tuple((_name(parent), phrase_of(parent, frame)) for parent in parents),
        memorisation=root.memorisation,
        phrase=phrase_of(individual, frame),
    )


def _name(individual: Individual) -> Name:
    born = individual.first or individual
    return Name(generation=born.generation.ordinal, number=born.index + 1)
