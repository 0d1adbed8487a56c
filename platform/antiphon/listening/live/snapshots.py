"""What a process that serves a room keeps of it: read from the database, replaced as a whole, never changed."""

from dataclasses import dataclass, field, replace

from django.db.models import Count, Q, TextField
from django.db.models.functions import Cast

from antiphon.accounts.consent import Asked, asked
from antiphon.listening.assigning.assignment import Round
from antiphon.listening.assigning.heard import anchors_of
from antiphon.listening.assigning.homes import homes_in
from antiphon.listening.judging.islands import may_part, telling_phrases
from antiphon.listening.models import Rating, Room
from antiphon.listening.phrases import EncodedPhrases, named_phrase
from antiphon.listening.progress import FLOOR_RATINGS, progress_of
from antiphon.listening.protocol.terms import RoomState, Stage
from antiphon.listening.protocol.told import GenerationClosed, Progress
from antiphon.populations.closing import rule_of
from antiphon.populations.models import Generation, Individual, Lineage, Population
from antiphon.populations.selectors import winner_of
from evolution.frame import Frame


@dataclass(frozen=True)
class OpenGeneration:
    """The newest generation, its phrases ready to be sent."""

    id: int
    number: int
    parents: int  # different individuals that those who are new in it descend from
    round: Round  # as assignment has to know it
    phrases: EncodedPhrases = field(repr=False)  # of those who are to be heard
    former: EncodedPhrases = field(repr=False)  # those of the one before, and anchors: heard again


@dataclass(frozen=True)
class RoomSnapshot:
    """A room, its population's stage, and its newest generation."""

    room_id: int
    code: str
    name: str
    state: RoomState
    owner_id: int
    population_id: int
    quorum: int
    stage: Stage
    consent: Asked
    tags: tuple[str, ...]
    has_anchors: bool
    has_repeats: bool
    has_duels: bool
    is_judged: bool  # the newest generation is closed and its fitness known
    generation: OpenGeneration | None
    progress: Progress | None

    @property
    def takes_ratings(self) -> bool:
        """Whether phrases are offered here now."""
        return self.state == "open" and self.stage == "rating"


def room_snapshot(code: str, known: RoomSnapshot | None = None) -> RoomSnapshot | None:
    """A room as it is now; phrases that `known` holds already are not read again. None where there is no such room."""
    room = Room.objects.select_related("population").filter(code=code).first()
    if room is None:
        return None
    population = room.population
    newest = population.generations.order_by("-number").first()
    return RoomSnapshot(
        room_id=room.pk,
        code=room.code,
        name=room.name,
        state=_room_state(room),
        owner_id=room.owner_id,
        population_id=population.pk,
        quorum=population.quorum if newest is None else rule_of(newest).quorum,
        stage=_stage(population, newest),
        consent=asked(room.consent_text),
        tags=tuple(room.tags),
        has_anchors=room.has_anchors,
        has_repeats=room.has_repeats,
        has_duels=room.has_duels,
        is_judged=newest is not None and newest.is_closed and newest.individuals.filter(fitness__isnull=False).exists(),
        generation=None if newest is None else _generation(population, newest, known),
        progress=None if newest is None else progress_of(newest),
    )


def closed_generation(generation_id: int) -> GenerationClosed:
    """The message that tells a room what came out of a generation: the winner, and its parents."""
    generation = Generation.objects.select_related("population").get(pk=generation_id)
    frame = Frame.from_json(generation.population.frame)
    winner = winner_of(generation)
    said = Rating.objects.filter(individual__generation=generation).aggregate(
        ratings=Count("pk"), listeners=Count("listener", distinct=True)
    )
    parents = [line.parent for line in winner.lineage.all()] if winner is not None else []
    return GenerationClosed(
        generation=generation.number,
        listeners=said["listeners"],
        ratings=said["ratings"],
        winner=None if winner is None else named_phrase(winner, frame),
        winner_fitness=None if winner is None else winner.fitness,
        winner_standard_error=None if winner is None else winner.standard_error,
        winner_parents=[named_phrase(parent, frame) for parent in parents],
    )


def _generation(population: Population, newest: Generation, known: RoomSnapshot | None) -> OpenGeneration:
    rule = rule_of(newest)
    coverage = rule.quorum if rule.is_by_quorum else FLOOR_RATINGS
    if known is not None and known.generation is not None and known.generation.id == newest.pk:
        has_turned = known.generation.round.coverage != coverage  # its host wants more of it, or less
        round_now = replace(known.generation.round, coverage=coverage)
        return replace(known.generation, round=round_now) if has_turned else known.generation
    parents = Lineage.objects.filter(child__generation=newest, child__first=None).order_by()
    tells_apart = may_part(newest)
    anchors = _anchors(population, newest, tells_apart=tells_apart)
    return OpenGeneration(
        id=newest.pk,
        number=newest.number,
        parents=parents.values("parent").distinct().count(),
        round=Round(
            generation_id=newest.pk,
            number=newest.number,
            population_id=population.pk,
            coverage=coverage,
            anchors=anchors,
            tells_apart=tells_apart,
            homes=homes_in(newest),
        ),
        phrases=_phrases(population, Q(generation=newest, first=None)),  # those who live on were heard before
        former=_former(population, newest, anchors, known),
    )


def _anchors(population: Population, newest: Generation, *, tells_apart: bool) -> tuple[int, ...]:
    if newest.number == 0:
        return ()
    return telling_phrases(population) if tells_apart else anchors_of(population_id=population.pk)


def _former(
    population: Population, newest: Generation, anchors: tuple[int, ...], known: RoomSnapshot | None
) -> EncodedPhrases:
    """The phrases that may be heard again: of the generation before, and the anchors."""
    wanted = Q(pk__in=anchors) & ~Q(generation=newest)
    before = None if known is None else known.generation
    if before is not None and before.number == newest.number - 1:
        return before.phrases | _phrases(population, wanted)
    return _phrases(population, wanted | Q(generation__number=newest.number - 1, first=None))


def _phrases(population: Population, wanted: Q) -> EncodedPhrases:
    individuals = Individual.objects.filter(wanted, generation__population=population).order_by("pk")
    scores = individuals.values_list("pk", Cast("score", TextField()))
    return EncodedPhrases(Frame.from_json(population.frame), dict(scores))


def _stage(population: Population, newest: Generation | None) -> Stage:
    if population.state == Population.State.FAILED:
        return "failed"
    if newest is None:
        return "seeding"
    return "breeding" if newest.is_closed else "rating"


def _room_state(room: Room) -> RoomState:
    states: dict[str, RoomState] = {
        Room.State.OPEN: "open",
        Room.State.PAUSED: "paused",
        Room.State.CLOSED: "closed",
    }
    return states[room.state]
