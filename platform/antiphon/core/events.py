"""What the studio is told over its websocket: what of this host's has changed. Each event names its thing by id.

The page shows the few figures that an event carries at once, and fetches the rest from the API.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Event(BaseModel):
    """The base of everything sent to a browser: exact fields, nothing else."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class DatasetChanged(Event):
    """Files of a dataset were accepted or refused."""

    type: Literal["dataset_changed"] = "dataset_changed"
    dataset: int
    waiting: int
    accepted: int
    refused: int


class TrainingProgressed(Event):
    """A training run has moved on: how far, how good, how long still."""

    type: Literal["training_progressed"] = "training_progressed"
    run: int
    state: str
    fraction: float
    epoch: int
    epochs: int
    loss: float | None
    held_out_loss: float | None
    seconds_left: float | None
    terms_per_second: float | None


class TrainingChanged(Event):
    """A training run changed its state, or has a new checkpoint or report."""

    type: Literal["training_changed"] = "training_changed"
    run: int
    state: str


class SamplesDrawn(Event):
    """Samples that were asked for have come, or were refused with a reason."""

    type: Literal["samples_drawn"] = "samples_drawn"
    checkpoint: int
    job: int
    count: int
    reason: str = ""


class MemorisationKnown(Event):
    """Samples or a generation have been compared with the pieces that their network learned from."""

    type: Literal["memorisation_known"] = "memorisation_known"
    checkpoint: int | None  # of the samples
    population: int | None  # of the generation
    generation: int | None


class PopulationChanged(Event):
    """A population was seeded, has a new generation, or failed."""

    type: Literal["population_changed"] = "population_changed"
    population: int
    state: str
    generation: int | None


class RatingsCame(Event):
    """Ratings came in a room (coalesced)."""

    type: Literal["ratings_came"] = "ratings_came"
    room: str
    population: int
    generation: int
    ratings: int
    complete: int
    size: int
    here: int


class RehearsalProgressed(Event):
    """Simulated listeners of a rehearsal have said more, or came, or left (once a second)."""

    type: Literal["rehearsal_progressed"] = "rehearsal_progressed"
    rehearsal: int
    room: str  # the code of the room that it is for
    state: str
    seconds: float
    here: int
    ratings: int
    generations: int


StudioEvent = Annotated[
    DatasetChanged
    | TrainingProgressed
    | TrainingChanged
    | SamplesDrawn
    | MemorisationKnown
    | PopulationChanged
    | RatingsCame
    | RehearsalProgressed,
    Field(discriminator="type"),
]
