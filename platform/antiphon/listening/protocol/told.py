"""What the server tells a listener's page."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from antiphon.listening.protocol.terms import Handle, Headphones, Language, Message, RoomState, SkipReason, Stage


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
    """A phrase ready to be played and drawn. Which one it is, it does not say."""

    notes: list[Note]
    parts: list[PhrasePart]
    bends: list[PhraseBend]
    tempo_bpm: float
    beats_per_bar: int
    bars: int
    duration_seconds: float  # of the whole frame, so that loops and rolls end on a bar


class NamedPhrase(Phrase):
    """A phrase of a closed generation, by its name."""

    individual: int
    generation: int
    number: int  # from 1, within its generation


class Origin(Message):
    """Where a phrase came from; told only after it was answered."""

    made_by: Literal["network", "chance", "breeding", "branch"]
    network: str | None  # that the first generation was drawn from; null where it was not
    pieces: int | None  # that the network learned from
    credits: list[str]  # of those pieces
    parents: list[NamedPhrase]


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
    minutes: int | None  # how long it is rated at the most, from its first rating on; null for as long as it takes
    closes_at: AwareDatetime | None  # when that time is up; null before the first rating and while no room is open


class ConsentText(Message):
    """The text to be agreed to in one language; null where its host wrote it in one of their own."""

    language: Language | None
    text: str


class ConsentAsked(Message):
    """What this room asks its listeners to agree to, and whether this one has."""

    version: str
    texts: list[ConsentText]
    is_accepted: bool


class Given(Message):
    """One answer of this listener in the open generation: a rating, or a skip with its reason."""

    offer: Handle
    value: int | None
    reason: SkipReason | None
    tags: list[str]
    remark: str


class Welcome(Message):
    """The answer to `join`: where things stand, for a first visit and after a reload alike."""

    type: Literal["welcome"] = "welcome"
    id: UUID
    protocol: int
    listener: UUID
    name: str | None
    room_name: str
    room_state: RoomState
    stage: Stage
    progress: Progress | None
    answered: int  # by this listener in this generation, ratings and skips
    left: int  # still to be answered by them, as things stand
    history: list[Given]  # the answers, first one first
    here: int
    names: list[str]
    consent: ConsentAsked
    headphones: Headphones | None  # as they were checked last
    tags: list[str]  # that a rating may carry
    skip_reasons: list[SkipReason]
    server_time: AwareDatetime  # for pages whose clock is wrong
    heartbeat_seconds: float  # the page says something at least so often
    silence_seconds: float  # after which the server gives a silent page up


class Offer(Message):
    """The next phrase for this listener. The page keeps at most two: the one that is heard and the one after it.

    `offer` is how the page names it, in every message about it; one and the same after a reconnection.
    """

    type: Literal["offer"] = "offer"
    offer: Handle
    phrase: Phrase


class DuelOffer(Message):
    """Two phrases that this listener has heard before: which is better? It takes the place of the next phrase."""

    type: Literal["duel_offer"] = "duel_offer"
    duel: Handle
    left: Phrase
    right: Phrase


class Kept(Message):
    """What the page said is in the database. One shape for all that is kept."""

    type: Literal["kept"] = "kept"
    id: UUID
    what: Literal["rating", "skip", "retraction", "duel", "consent", "check"]
    handle: Handle | None  # of the offer or the duel; null of a consent and of a check
    value: int | None  # of a rating
    answered: int
    left: int
    is_revision: bool


class Recalled(Message):
    """A phrase that was answered before, and where it came from."""

    type: Literal["recalled"] = "recalled"
    id: UUID
    offer: Handle
    phrase: Phrase
    origin: Origin


class RestAdvised(Message):
    """What this listener says of phrases that they heard before has become unlike what they said first."""

    type: Literal["rest_advised"] = "rest_advised"


class Done(Message):
    """This listener has answered every phrase of the generation; others have not yet."""

    type: Literal["done"] = "done"
    generation: int
    answered: int


class Progressed(Message):
    """The generation has moved on (coalesced, a few a second)."""

    type: Literal["progressed"] = "progressed"
    progress: Progress


class Presence(Message):
    """Who is here (coalesced): how many, and the names of at most 12 of those who gave one."""

    type: Literal["presence"] = "presence"
    here: int
    names: list[str]


class GenerationClosed(Message):
    """Enough was said: the winner of the generation, with its parents, while the next one is bred."""

    type: Literal["generation_closed"] = "generation_closed"
    generation: int
    listeners: int
    ratings: int
    winner: NamedPhrase | None
    winner_fitness: float | None
    winner_standard_error: float | None
    winner_parents: list[NamedPhrase]


class GenerationOpened(Message):
    """The next generation is here; offers follow."""

    type: Literal["generation_opened"] = "generation_opened"
    progress: Progress
    parents: int  # different phrases of the last generation that this one descends from


class Credited(Message):
    """What descends from phrases that this listener liked: once a generation has opened, and where the room is closed.

    To have liked a phrase is to have rated it 3 or more the first time. Nobody else's likes are named.
    """

    type: Literal["credited"] = "credited"
    generation: int  # the newest one
    size: int  # phrases in it
    descendants: int  # of them, those with an ancestor that this listener liked
    parents_liked: int  # of the phrases that it was bred from, those that this listener liked
    parents_liked_by: int  # listeners who liked one of these at least, this one among them
    gallery: str | None  # where everybody can hear the best phrases, if the host shows them


class RoomChanged(Message):
    """The host opened, paused or closed the room, or the population could not go on."""

    type: Literal["room_changed"] = "room_changed"
    room_state: RoomState
    stage: Stage


class RoomSettingsChanged(Message):
    """The host changed the room's name, its tags or the text to be agreed to.

    Where `consent` is not accepted the listener is asked again, and is offered nothing before.
    """

    type: Literal["room_settings_changed"] = "room_settings_changed"
    room_name: str
    tags: list[str]
    consent: ConsentAsked


class Pong(Message):
    """The server is there."""

    type: Literal["pong"] = "pong"
    id: UUID


class Refused(Message):
    """A message that was not done, and why. The connection lives on, unless a close frame follows."""

    type: Literal["refused"] = "refused"
    id: UUID | None
    code: str  # stays what it is; the message is for people who read English
    message: str
    is_final: bool  # sending it again will not help


ServerMessage = Annotated[
    Welcome
    | Offer
    | DuelOffer
    | Kept
    | Recalled
    | RestAdvised
    | Done
    | Progressed
    | Presence
    | GenerationClosed
    | GenerationOpened
    | Credited
    | RoomChanged
    | RoomSettingsChanged
    | Pong
    | Refused,
    Field(discriminator="type"),
]
server_message: TypeAdapter[BaseModel] = TypeAdapter(ServerMessage)
