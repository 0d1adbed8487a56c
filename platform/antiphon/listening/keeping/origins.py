"""Where a phrase came from: what a listener is told of it once they have answered it."""

from typing import Literal

from antiphon.listening.phrases import named_phrase
from antiphon.listening.protocol.told import Origin
from antiphon.populations.beginning import CLONE
from antiphon.populations.models import Individual, Population
from evolution.frame import Frame

CREDITS_MAX = 12


def origin_of(*, individual_id: int) -> Origin:
    """Where a phrase came from: its parents, and the network and pieces that its first ancestors were drawn from."""
    individual = Individual.objects.select_related("generation__population__checkpoint__run").get(pk=individual_id)
    population = individual.generation.population
    parents = [line.parent for line in individual.lineage.select_related("parent__generation")]
    frame = Frame.from_json(population.frame)
    run = None if population.checkpoint is None else population.checkpoint.run
    return Origin(
        made_by=_maker(individual, population, has_parents=bool(parents)),
        network=None if run is None else run.name,
        pieces=None if run is None else run.corpus.get("n_scores"),
        credits=_credits(population),
        parents=[named_phrase(parent, frame) for parent in parents],
    )


def _maker(
    individual: Individual, population: Population, *, has_parents: bool
) -> Literal["network", "chance", "breeding", "branch"]:
    if has_parents:
        return "breeding"
    if individual.sample_id is not None:
        return "network"
    if population.is_clone:  # its phrases are another population's, or invented
        return "breeding" if individual.operator == CLONE else "chance"
    return "branch" if population.source_id is not None else "chance"


def _credits(population: Population) -> list[str]:
    """Who is to be named for the pieces that the network learned from, under which licence."""
    if population.checkpoint is None:
        return []
    found: dict[str, None] = {}
    for dataset in population.checkpoint.run.datasets.all():
        rows = dataset.files.filter(state="accepted").exclude(attribution="").order_by("attribution", "licence")
        named = [*rows.values_list("attribution", "licence").distinct()[: CREDITS_MAX + 1]]
        if dataset.attribution:
            named.insert(0, (dataset.attribution, dataset.licence))
        for attribution, licence in named:
            found[f"{dataset.name}: {attribution}{f' ({licence})' if licence else ''}"] = None
    return list(found)[:CREDITS_MAX]
