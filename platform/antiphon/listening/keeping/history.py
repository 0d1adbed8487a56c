"""What a listener has said in a generation, and what they are told of a phrase once they have."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Q

from antiphon.accounts.consent import accepted_by
from antiphon.listening.assigning.heard import Heard, heard_in
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.live.snapshots import OpenGeneration
from antiphon.listening.models import Duel, Rating, Skip
from antiphon.listening.phrases import named_phrase
from antiphon.listening.protocol.told import Given, Origin
from antiphon.populations.beginning import CLONE
from antiphon.populations.models import Individual, Population
from evolution.frame import Frame

CREDITS_MAX = 12
GENERATIONS_BACK = 8  # whose plays are looked at when a listener comes: more than a repeat reaches back


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


def said_by(*, listener_ids: Collection[UUID], generation_id: int, number: int) -> dict[UUID, list[Said]]:
    """What each listener has said while a generation is open, in the order in which they did; two queries."""
    here = Q(occasion=0, individual__generation=generation_id) | Q(
        occasion=number + 1, individual__generation__population__generations=generation_id
    )
    play = ("listener_id", "individual_id", "kind", "occasion", "created_at")
    ratings = Rating.objects.filter(here, listener__in=listener_ids).values_list(*play, "value", "tags", "remark")
    skips = Skip.objects.filter(here, listener__in=listener_ids).values_list(*play, "reason")
    said = [
        (at, by, Said(Play(pk, generation_id, Kind(kind), occasion), value, None, tuple(tags), remark))
        for by, pk, kind, occasion, at, value, tags, remark in ratings
    ]
    rated = {(by, one.play.key) for _, by, one in said}
    said += [
        (at, by, Said(Play(pk, generation_id, Kind(kind), occasion), None, reason, (), ""))
        for by, pk, kind, occasion, at, reason in skips
        if (by, (pk, occasion)) not in rated  # a rating given later stands
    ]
    found = defaultdict[UUID, list[Said]](list)
    for _, by, one in sorted(said, key=lambda row: row[0]):
        found[by].append(one)
    return found


@dataclass(frozen=True)
class Past:
    """What the database knows of a listener who comes into a room."""

    generation: OpenGeneration | None  # that was open when this was read
    has_consented: bool
    said: tuple[Said, ...]  # in the open generation
    heard: tuple[Heard, ...]  # in it and in a few before it; what tells the crowd apart whenever it was
    fought: tuple[frozenset[int], ...]  # pairs of the open generation that were compared


def pasts_of(
    *, listener_ids: Sequence[UUID], population_id: int, generation: OpenGeneration | None, consent_version: str
) -> list[Past]:
    """What each of some listeners has agreed to, said and heard; seven queries, however many they are."""
    agreed = accepted_by(listener_ids=listener_ids, version=consent_version)
    if generation is None:
        return [Past(None, one in agreed, (), (), ()) for one in listener_ids]
    said = said_by(listener_ids=listener_ids, generation_id=generation.id, number=generation.number)
    heard, fought = defaultdict[UUID, list[Heard]](list), defaultdict[UUID, list[frozenset[int]]](list)
    numbers = range(generation.number - GENERATIONS_BACK, generation.number + 1)
    for one in heard_in(
        population_id=population_id, numbers=numbers, listener_ids=listener_ids, always=generation.round.telling
    ):
        heard[one.listener_id].append(one)
    duels = Duel.objects.filter(listener__in=listener_ids, generation=generation.id)
    for by, *pair in duels.values_list("listener_id", "left_id", "right_id"):
        fought[by].append(frozenset(pair))
    return [
        Past(generation, one in agreed, tuple(said[one]), tuple(heard[one]), tuple(fought[one])) for one in listener_ids
    ]


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
