"""What is said in a room, over its websocket: one union for what a listener's page says, one for what the server says.

This module is the truth; the TypeScript of the page is generated from it (`make protocol`). Every client message
carries an id that the page chose: the answer names it, and sending a message again does nothing twice.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

PROTOCOL_VERSION = 1
NAME_MAX = 40
FRAME_MAX_BYTES = 4_096  # a longer client frame is refused unread


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


# --- what a listener's page says -------------------------------------------------------------------------------------


class Join(Message):
    """First message of every connection, also of a reconnection: who one is, and which phrases one still holds."""

    type: Literal["join"]
    id: UUID
    protocol: int
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX)]


class Rate(Message):
    """A rating. Rating a phrase again, under a new id, revises it as long as its generation is open."""

    type: Literal["rate"]
    id: UUID
    individual: int
    value: Annotated[int, Field(ge=0, le=5)]
    heard_ms: Annotated[int, Field(ge=0, le=3_600_000)]


class Leave(Message):
    """The listener goes on purpose: nobody waits for them."""

    type: Literal["leave"]
    id: UUID


ClientMessage = Annotated[Join | Rate | Leave, Field(discriminator="type")]
client_message: TypeAdapter[Join | Rate | Leave] = TypeAdapter(ClientMessage)

# --- what the server says --------------------------------------------------------------------------------------------


class Note(Message):
    """One sounding note, in seconds from the phrase's beginning."""

    onset_seconds: float
    duration_seconds: float
    pitch: int
    velocity: int
    part: int


class PhrasePart(Message):
    program: int
    is_drum: bool


class PhraseBend(Message):
    onset_seconds: float
    part: int
    cents: float


class Phrase(Message):
    """A phrase ready to be played and drawn."""

    individual: int
    generation: int
    number: int  # from 1, within its generation
    notes: list[Note]
    parts: list[PhrasePart]
    bends: list[PhraseBend]
    tempo_bpm: float
    beats_per_bar: int
    bars: int
    duration_seconds: float  # of the whole frame, so that loops and rolls end on a bar


class Progress(Message):
    """How far the open generation is. Never tells how anything was rated."""

    generation: int
    size: int  # phrases in the generation
    complete: int  # of them, those with enough ratings
    quorum: int  # ratings that are enough
    ratings: int  # that count towards the quorum
    needed: int  # size * quorum
    # Where a generation closes by certainty: the expected selection error on the rating scale, now and wanted. Now is
    # null while nothing is known, both are null where the quorum closes.
    expected_error: float | None
    wanted_error: float | None


class Welcome(Message):
    """The answer to `join`: where things stand, for a first visit and after a reload alike."""

    type: Literal["welcome"] = "welcome"
    id: UUID
    protocol: int
    listener: UUID
    name: str
    room_name: str
    room_state: Literal["open", "paused", "closed"]
    stage: Literal["seeding", "rating", "breeding", "failed"]
    progress: Progress | None
    rated: int  # phrases of this generation that this listener has rated
    here: int
    names: list[str]


class Offer(Message):
    """The next phrase for this listener. The page keeps at most two: the one that is heard and the one after it."""

    type: Literal["offer"] = "offer"
    phrase: Phrase


class Kept(Message):
    """A rating is in the database."""

    type: Literal["kept"] = "kept"
    id: UUID
    individual: int
    value: int
    rated: int
    is_revision: bool


class Done(Message):
    """This listener has rated every phrase of the generation; others have not yet."""

    type: Literal["done"] = "done"
    generation: int
    rated: int


class Progressed(Message):
    """The generation has moved on (coalesced, a few a second)."""

    type: Literal["progressed"] = "progressed"
    progress: Progress


class Presence(Message):
    """Who is here (coalesced): how many, and the first names of at most 12."""

    type: Literal["presence"] = "presence"
    here: int
    names: list[str]


class GenerationClosed(Message):
    """Enough was said: the winner of the generation, with its parents, while the next one is bred."""

    type: Literal["generation_closed"] = "generation_closed"
    generation: int
    listeners: int
    ratings: int
    winner: Phrase | None
    winner_fitness: float | None
    winner_standard_error: float | None
    winner_parents: list[Phrase]


class GenerationOpened(Message):
    """The next generation is here; offers follow."""

    type: Literal["generation_opened"] = "generation_opened"
    progress: Progress
    parents: int  # different phrases of the last generation that this one descends from


class RoomChanged(Message):
    """The host opened, paused or closed the room, or the population could not go on."""

    type: Literal["room_changed"] = "room_changed"
    room_state: Literal["open", "paused", "closed"]
    stage: Literal["seeding", "rating", "breeding", "failed"]


class Refused(Message):
    """A message that was not done, and why. The connection lives on."""

    type: Literal["refused"] = "refused"
    id: UUID | None
    code: str
    message: str
    is_final: bool  # sending it again will not help


ServerMessage = Annotated[
    Welcome | Offer | Kept | Done | Progressed | Presence | GenerationClosed | GenerationOpened | RoomChanged | Refused,
    Field(discriminator="type"),
]
server_message: TypeAdapter[BaseModel] = TypeAdapter(ServerMessage)
