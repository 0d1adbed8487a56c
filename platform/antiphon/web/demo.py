"""The main job, step by step, as a host would do it: datasets, a training run, a population, a room.

Each step finds what an earlier demo left and goes on from there, so that the next demo finishes an interrupted one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from antiphon.accounts.models import User
from antiphon.core.errors import Conflict
from antiphon.datasets.models import Dataset
from antiphon.listening.models import Room
from antiphon.listening.services import open_room
from antiphon.populations.models import Population
from antiphon.populations.services import PopulationOrder, create_population
from antiphon.training.models import Checkpoint, TrainingRun
from antiphon.training.services import start_run

HOST_EMAIL = "host@antiphon.local"
NAME = "First light"
PRESET = "quick"
TRAINING_SECONDS = 90.0
SEED = 2026
QUORUM = 2  # two listeners are enough to see a generation through
FRAME = {
    "bars": 4,
    "beats_per_bar": 4,
    "notes_per_bar": 6,
    "key": "D",
    "scale": "dorian",
    "root_octave": 4,
    "tempo_bpm": 104.0,
    "program": 0,
}
BREEDING = {"size": 10, "mutations": 2, "mutation_probability": 0.5}

LOOK_SECONDS = 0.25
SEEDING_SECONDS = 180.0

RunState = TrainingRun.State


@dataclass(frozen=True)
class Ready:
    """What the demo leads to."""

    room: Room
    host: User


def ensure_host(*, password: str) -> User:
    """The host whose demo it is, who is the operator of this machine too."""
    host, is_new = User.objects.get_or_create(email=HOST_EMAIL, defaults={"is_staff": True, "is_superuser": True})
    if is_new or not host.check_password(password):
        host.set_password(password)
        host.save(update_fields=["password"])
    return host


def ensure_run(*, host: User) -> TrainingRun:
    """The demo's training run: the one under way or with a checkpoint, else a new one on the starters."""
    runs = TrainingRun.objects.filter(owner=host, name=NAME).order_by("-pk")
    under_way = runs.filter(state__in=[RunState.QUEUED, RunState.RUNNING]).first()
    if under_way is not None:
        return under_way
    trained = runs.filter(state__in=[RunState.FINISHED, RunState.STOPPED], checkpoints__isnull=False).first()
    if trained is not None:
        return trained
    return start_run(
        owner=host,
        name=NAME,
        datasets=list(Dataset.objects.filter(owner=None)),
        preset=PRESET,
        limits={"max_seconds": TRAINING_SECONDS},
        seed=SEED,
    )


def await_run(run: TrainingRun, *, look: Callable[[TrainingRun], None]) -> Checkpoint:
    """Wait until a run has ended, calling `look` several times a second. Raises Conflict where it left nothing."""
    while True:
        run.refresh_from_db()
        look(run)
        if run.state not in {RunState.QUEUED, RunState.RUNNING}:
            break
        time.sleep(LOOK_SECONDS)
    checkpoint = run.checkpoints.first()
    if checkpoint is None:
        raise Conflict(f"The training run left no checkpoint: {run.reason or run.state}. See var/log/node-train.log.")
    return checkpoint


def ensure_population(*, host: User, checkpoint: Checkpoint) -> Population:
    """The demo's population of ten, seeded from samples of the checkpoint."""
    kept = Population.objects.filter(owner=host, name=NAME).exclude(state=Population.State.FAILED).first()
    if kept is not None:
        return kept
    order = PopulationOrder(
        name=NAME, checkpoint_id=checkpoint.pk, frame=dict(FRAME), settings=dict(BREEDING), quorum=QUORUM, seed=SEED
    )
    return create_population(owner_id=host.pk, order=order)


def await_population(population: Population) -> Population:
    """Wait until the first generation is there. Raises Conflict where it does not come."""
    deadline = time.monotonic() + SEEDING_SECONDS
    while population.state == Population.State.SEEDING:
        if time.monotonic() > deadline:
            raise Conflict("The first generation did not come. See var/log/node-sample.log and var/log/worker.log.")
        time.sleep(LOOK_SECONDS)
        population.refresh_from_db()
    if population.state == Population.State.FAILED:
        raise Conflict(f"The first generation could not be made: {population.reason}")
    return population


def ensure_room(*, host: User, population: Population) -> Room:
    """The demo's room; a closed one is replaced."""
    kept = population.rooms.exclude(state=Room.State.CLOSED).first()
    return kept or open_room(owner_id=host.pk, population_id=population.pk, name=NAME)
