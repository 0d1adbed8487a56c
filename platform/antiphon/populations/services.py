"""Making, ending and closing: what a host does with populations. Breeding itself is in `breeding.py`."""

from dataclasses import asdict, dataclass
from secrets import randbits
from typing import Any

from django.db import transaction
from django.utils import timezone

from antiphon.core.broadcast import broadcast, host_group, population_group
from antiphon.core.enqueue import enqueue
from antiphon.core.errors import Conflict, Invalid, NotFound
from antiphon.core.events import PopulationChanged
from antiphon.core.jobs import Kind
from antiphon.populations.closing import Rule, check_range, checked_rule
from antiphon.populations.encodings import check_study_frame
from antiphon.populations.events import PopulationMoved
from antiphon.populations.models import Generation, Individual, Population
from antiphon.populations.recipes import OURS, usual_encoding, with_recipe
from antiphon.training.likelihoods import check_judges
from antiphon.training.models import Checkpoint
from antiphon.training.rewriting import check_rewrites
from antiphon.training.sample_settings import SampleSettings
from antiphon.training.services import order_samples
from evolution.algorithm import BreedingSettings
from evolution.algorithm.settings import GENERATIONAL, STEADY
from evolution.genome import Frame

SIZE_MIN, SIZE_MAX = 2, 200
USUAL_BIRTHS = 0.25  # of the population's size, a round of steady breeding: enough for several listeners at once
SEED_BITS = 31
SEED_PURPOSE = "seed"
# A sample is cut into many phrases, of which the best are taken: fewer samples than individuals are enough.
SEED_SAMPLES_MIN, SEED_SAMPLES_MAX = 4, 16
SEED_PHRASES_PER_SAMPLE = 6
SEED_LENGTH_MIN, SEED_LENGTH_MAX = 64, 512  # notes
SEED_TEMPERATURE, SEED_TOP_P = 0.95, 0.98


@dataclass(frozen=True)
class PopulationOrder:
    """What a host asks for: the frame of all phrases, how they are bred, and how many ratings are enough."""

    name: str
    checkpoint_id: int | None
    frame: dict[str, object]  # fields of evolution.genome.Frame
    settings: dict[str, object]  # fields of evolution.algorithm.BreedingSettings; others are as in the recipe
    quorum: int
    seed: int | None = None
    rewriter_id: int | None = None  # a checkpoint of a network that re-writes bars
    recipe: str = OURS
    encoding: str | None = None  # of Population.Encoding; None for the recipe's
    is_faithful: bool = False
    closing: str = Rule.closing
    wanted_error: float = Rule.wanted_error
    minutes: int | None = None  # how long a generation is rated, from its first rating on; None for no limit
    births: int | None = None  # of steady breeding: how many are born a round; None for as many as is usual
    from_individual_id: int | None = None  # a branch: whose children come first; the frame is its population's
    fresh_share: float = 0.0  # of a branch: how much of it is invented anew


class GenerationAlreadyClosed(Conflict):
    """The generation was closed before."""

    code = "generation_closed"


@transaction.atomic
def create_population(*, owner_id: int, order: PopulationOrder) -> Population:
    """Keep a population and order its first generation: from samples of a checkpoint, or else at random in the scale.

    A branch begins with a phrase of another population and its children. Raises Invalid naming the field that is out
    of range, NotFound where the checkpoint or the phrase is not this host's.
    """
    origin = None if order.from_individual_id is None else _own_individual(owner_id, order.from_individual_id)
    frame = checked_frame(order.frame) if origin is None else Frame.from_json(origin.generation.population.frame)
    settings = checked_settings(order.settings, recipe=order.recipe)
    rule = checked_rule(Rule(order.closing, order.quorum, order.wanted_error, order.minutes))
    encoding = _checked_encoding(order, frame, settings)
    checkpoint = None if order.checkpoint_id is None else _own_checkpoint(owner_id, order.checkpoint_id)
    rewriter = None if order.rewriter_id is None else _own_checkpoint(owner_id, order.rewriter_id)
    if rewriter is not None:
        check_rewrites(rewriter)
    network = checkpoint if origin is None else origin.generation.population.checkpoint
    if settings.islands > 1 and settings.method != GENERATIONAL:
        raise Invalid(f"islands: expected 1 where breeding is {settings.method}, got {settings.islands}.")
    if settings.taste_likelihood and network is None:
        raise Invalid("taste_likelihood: expected a checkpoint whose likelihood it is, got none. Choose one.")
    if settings.taste_likelihood and network is not None:
        check_judges(network)
    population = Population.objects.create(
        owner_id=owner_id,
        checkpoint=network,
        rewriter=rewriter,
        name=order.name,
        frame=frame.to_json(),
        settings=settings.to_json(),
        encoding=encoding,
        is_faithful=order.is_faithful,
        births=checked_births(order.births, settings),
        **asdict(rule),
        branched_from=origin,
        source=None if origin is None else origin.generation.population,
        seed=randbits(SEED_BITS) if order.seed is None else order.seed,
    )
    if origin is not None and origin.generation.population.is_rehearsal:
        raise Invalid("from_individual: expected a phrase that people rate, got one of a rehearsal. Choose another.")
    if origin is not None:
        branch = {"from_individual_id": origin.pk, "fresh_share": order.fresh_share}
        enqueue(Kind.SEED, owner_id=owner_id, population_id=population.pk, sample_job_id=None, **branch)
    else:
        order_first_generation(population)
    return population


def order_first_generation(population: Population) -> None:
    """Order a population's first generation: from samples of its checkpoint, or else at random in the scale."""
    owner_id = population.owner_id
    if population.checkpoint is None:
        enqueue(Kind.SEED, owner_id=owner_id, population_id=population.pk, sample_job_id=None)
        return
    frame, settings = Frame.from_json(population.frame), BreedingSettings.from_json(population.settings)
    order_samples(
        checkpoint=population.checkpoint,
        owner_id=owner_id,
        settings=seed_sample_settings(frame, settings, seed=population.seed),
        purpose=SEED_PURPOSE,
        population_id=population.pk,
    )


def checked_frame(fields: dict[str, object]) -> Frame:
    """A frame from what a host gave. Raises Invalid with the field's name, what was expected and what came."""
    try:
        return Frame(**fields)  # type: ignore[arg-type]  # the frame itself checks types and ranges
    except ValueError as error:
        raise Invalid(str(error)) from error


def checked_settings(fields: dict[str, Any], *, recipe: str = OURS) -> BreedingSettings:
    """Breeding settings from what a host gave, the rest as in the recipe. Raises Invalid like `checked_frame`."""
    size = fields.get("size", SIZE_MIN)
    if not isinstance(size, int):
        raise Invalid(f"size: expected a whole number, got {size!r}.")
    check_range("size", size, SIZE_MIN, SIZE_MAX)
    try:
        return BreedingSettings(**with_recipe(recipe, fields))
    except ValueError as error:
        raise Invalid(str(error)) from error


def seed_sample_settings(frame: Frame, settings: BreedingSettings, *, seed: int) -> SampleSettings:
    """What to ask `sample` for, so that more phrases can be cut than the generation needs."""
    wanted = -(-2 * settings.size // SEED_PHRASES_PER_SAMPLE)
    phrase_notes = frame.bars * frame.notes_per_bar
    return SampleSettings(
        count=min(max(wanted, SEED_SAMPLES_MIN), SEED_SAMPLES_MAX),
        length=min(max(phrase_notes * SEED_PHRASES_PER_SAMPLE, SEED_LENGTH_MIN), SEED_LENGTH_MAX),
        temperature=SEED_TEMPERATURE,
        top_p=SEED_TOP_P,
        seed=seed,
        tempo_bpm=float(frame.tempo_bpm),
    )


@transaction.atomic
def order_seeding(*, population_id: int, sample_job_id: int | None) -> None:
    """Order the first generation from samples that have come; a population that was deleted meanwhile is let go."""
    population = Population.objects.filter(pk=population_id, state=Population.State.SEEDING).first()
    if population is not None:
        enqueue(Kind.SEED, owner_id=population.owner_id, population_id=population.pk, sample_job_id=sample_job_id)


@transaction.atomic
def close_generation(*, generation_id: int) -> Generation:
    """Close a generation once and order its successor to be bred. Raises GenerationAlreadyClosed.

    From the commit on no rating is taken for it. The job that breeds estimates the fitness first, so that nothing slow
    happens under the row lock and nothing is lost when a process dies in between.
    """
    generation = Generation.objects.select_for_update(of=("self",)).select_related("population").get(pk=generation_id)
    if generation.is_closed:
        raise GenerationAlreadyClosed(
            f"Generation {generation.ordinal} is closed already; its successor is being bred or is here."
        )
    owner_id = generation.population.owner_id
    generation.closed_at = timezone.now()
    generation.job_id = enqueue(Kind.BREED, owner_id=owner_id, generation_id=generation.pk)
    generation.save(update_fields=["closed_at", "job_id"])
    announce(generation.population, step="closing", generation=generation.number)
    return generation


@transaction.atomic
def fail_population(*, population_id: int, reason: str) -> None:
    """Say on the population why it cannot go on, and tell everybody who waits for it."""
    population = Population.objects.filter(pk=population_id).first()
    if population is None:
        return
    population.state = Population.State.FAILED
    population.reason = reason[:500]
    population.save(update_fields=["state", "reason"])
    announce(population, step="failed", generation=None)


@transaction.atomic
def delete_population(*, population: Population) -> None:
    """Delete a population with all its generations, rooms and ratings."""
    announce(population, step="failed", generation=None)
    population.delete()


def announce(population: Population, *, step: str, generation: int | None) -> None:
    """Tell the host's pages and every room of the population, once the open transaction commits."""
    moved = PopulationMoved.model_validate({"population": population.pk, "step": step, "generation": generation})
    broadcast(population_group(population.pk), moved)
    changed = PopulationChanged(population=population.pk, state=population.state, generation=generation)
    broadcast(host_group(population.owner_id), changed)


def _own_checkpoint(owner_id: int, checkpoint_id: int) -> Checkpoint:
    checkpoint = Checkpoint.objects.filter(pk=checkpoint_id, run__owner_id=owner_id).first()
    if checkpoint is None:
        raise NotFound(f"Checkpoint {checkpoint_id} is not one of yours; choose one from the list of models.")
    return checkpoint


def _own_individual(owner_id: int, individual_id: int) -> Individual:
    individual = (
        Individual.objects.select_related("generation__population__checkpoint")
        .filter(pk=individual_id, generation__population__owner_id=owner_id)
        .first()
    )
    if individual is None:
        raise NotFound(f"Phrase {individual_id} is not one of yours; choose one of a population of yours.")
    return individual


def checked_births(asked: int | None, settings: BreedingSettings) -> int | None:
    """How many are born a round in steady breeding, a quarter of the population unless asked; None in generations.

    Raises Invalid where there would be more births than places that are not the elites'.
    """
    if settings.method != STEADY:
        if asked is not None:
            raise Invalid(f"births: expected none, as whole generations are bred, got {asked}. Leave it out.")
        return None
    most = settings.size - (settings.elites if settings.selecting else 0)
    births = min(max(round(USUAL_BIRTHS * settings.size), 1), most) if asked is None else asked
    check_range("births", births, 1, most)
    return births


def _checked_encoding(order: PopulationOrder, frame: Frame, settings: BreedingSettings) -> str:
    """What genomes are to be written in. Raises Invalid where the study's bits cannot have what is asked for."""
    encoding = order.encoding or (
        Population.Encoding.GRID if order.from_individual_id is not None else usual_encoding(order.recipe)
    )
    if encoding not in Population.Encoding.values:
        raise Invalid(f"encoding: expected one of {', '.join(Population.Encoding.values)}, got {encoding!r}.")
    if encoding == Population.Encoding.STUDY:
        named = {
            "checkpoint": order.checkpoint_id,
            "rewriter": order.rewriter_id,
            "from_individual": order.from_individual_id,
        }
        for name, value in named.items():
            if value is not None:
                raise Invalid(f"{name}: expected none with the study's bits, which begin at random, got one.")
        if settings.method != GENERATIONAL:
            raise Invalid(f"method: expected {GENERATIONAL} with the study's bits, got {settings.method}.")
        check_study_frame(frame, is_faithful=order.is_faithful)
    return encoding
