"""What a listener has said in a generation, and what they are told of a phrase once they have."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Q

from antiphon.listening.models import Rating, Skip
from antiphon.listening.phrases import named_phrase
from antiphon.listening.plays import Kind, Play
from antiphon.listening.protocol import Given, Origin
from antiphon.populations.models import Individual, Population
from evolution.frame import Frame

CREDITS_MAX = 12


@dataclass(frozen=True)
class Said:
    """One answer of a listener, with the play that it is about."""

    play: Play
    value: int | None
    reason: str | None
    tags: tuple[str, ...]
    remark: str

    def given(self, listener_id: UUID) -> Given:
        """The answer as its listener's page is told it."""
        return Given.model_validate(
            {
                "offer": self.play.seal(listener_id),
                "value": self.value,
                "reason": self.reason,
                "tags": list(self.tags),
                "remark": self.remark,
            }
        )


def said_by(*, listener_id: UUID, generation_id: int, number: int) -> list[Said]:
    """What a listener has said while a generation is open, in the order in which they did; two queries."""
    here = Q(occasion=0, individual__generation=generation_id) | Q(
        occasion=number + 1, individual__generation__population__generations=generation_id
    )
    play = ("individual_id", "kind", "occasion", "created_at")
    ratings = Rating.objects.filter(here, listener=listener_id).values_list(*play, "value", "tags", "remark")
    skips = Skip.objects.filter(here, listener=listener_id).values_list(*play, "reason")
    said = [
        (at, Said(Play(pk, generation_id, Kind(kind), occasion), value, None, tuple(tags), remark))
        for pk, kind, occasion, at, value, tags, remark in ratings
    ]
    said += [
        (at, Said(Play(pk, generation_id, Kind(kind), occasion), None, reason, (), ""))
        for pk, kind, occasion, at, reason in skips
    ]
    return [one for _, one in sorted(said, key=lambda pair: pair[0])]


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
