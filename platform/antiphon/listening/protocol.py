"""What is said in a room, over its websocket: one union for what a listener's page says, one for what the server says.

This module is the truth; the TypeScript of the page and docs/protocol.md are generated from it (`make protocol`). Every
client message carries an id that the page chose: the answer names it, and sending a message again does nothing twice.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

PROTOCOL_VERSION = 2
NAME_MAX = 40
REMARK_MAX = 280
TAGS_MAX = 5
FRAME_MAX_BYTES = 4_096  # a longer client frame is refused unread
HEARTBEAT_SECONDS = 20.0  # a page says something at least so often; it has `ping` for that
SILENCE_SECONDS = 75.0  # a page that says nothing for so long is gone; one asleep wakes its timers once a minute

SkipReason = Literal["heard_before", "cannot_play", "unpleasant", "no_answer", "other"]
Headphones = Literal["passed", "failed", "skipped"]
Choice = Literal["left", "right", "equal"]
Language = Literal["en", "de"]
RoomState = Literal["open", "paused", "closed"]
Stage = Literal["seeding", "rating", "breeding", "failed"]
# The handle of one phrase, or of one duel, for one listener. It tells nothing of what it stands for.
Handle = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=24, pattern=r"^[a-z][a-z-]*$")]
# PostgreSQL's text holds every character but this one.
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX, pattern=r"^[^\x00]*$")
]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=REMARK_MAX, pattern=r"^[^\x00]*$")]
HeardMs = Annotated[int, Field(ge=0, le=3_600_000)]


# Why something was refused. A code stays what it is; the page words it in its listener's language.
REFUSALS = {
    "malformed": "the frame is no message of this protocol; the text names the field",
    "not_text": "the frame was binary",
    "too_long": f"the frame was longer than {FRAME_MAX_BYTES} bytes",
    "too_fast": "too many messages, or too many connections from one address; to be sent again in a moment",
    "not_joined": "something was said before `join`",
    "protocol_outdated": "page and server speak different versions: reload the page",
    "no_listener": "the browser has no valid cookie of a listener: open the room's link",
    "no_room": "there is no room with this code",
    "too_many_pages": "one listener has too many pages open",
    "consent_missing": "an answer came before the consent",
    "consent_outdated": "the consent was to another text than the room's",
    "room_paused": "the room is paused; the answer is to be sent again when it goes on",
    "room_closed": "the room takes no more answers",
    "not_offered": "the handle was not made by this server for this listener",
    "unknown_phrase": "the phrase is of another room, or was deleted",
    "unknown_tag": "a tag is not of the room's list",
    "generation_closed": "the generation was closed before the answer came",
    "already_rated": "a phrase with a rating cannot be skipped; the rating is to be retracted first",
    "retracted": "this very message was taken back before; an answer under a new id is taken",
    "nothing_to_retract": "there is no answer to take back",
    "not_answered": "only what was answered in the open generation can be recalled",
    "not_done": "the server could not do it just now; to be sent again in a moment",
}
# Why the server ends a connection. From 4000 on coming back as before will not help.
CLOSES = {
    1000: "the page has left",
    1009: f"a frame was longer than {FRAME_MAX_BYTES} bytes",
    1013: "try again: the page was silent, too slow, or sent too much that could not be taken",
    4400: "protocol_outdated",
    4401: "no_listener",
    4404: "no_room",
    4429: "too_many_pages",
}


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


# --- what a listener's page says -------------------------------------------------------------------------------------


class Join(Message):
    """First message of every connection, also of a reconnection. Without a name nobody is told one.

    A page keeps the name to itself until its listener has agreed; one that comes sooner is held back until then.
    """

    type: Literal["join"]
    id: UUID
    protocol: int
    name: Name | None = None


class Consent(Message):
    """The listener has read the text of this version, in this language, and agrees. No phrase is offered before.

    With it comes the name that others are to be told, if any.
    """

    type: Literal["consent"]
    id: UUID
    version: Handle
    language: Language
    name: Name | None = None


class Check(Message):
    """How the headphone check went; kept with the listener, the last one stands. Nothing depends on it."""

    type: Literal["check"]
    id: UUID
    headphones: Headphones


class Rate(Message):
    """A rating. Rating an offer again, under a new id, revises it as long as its generation is open."""

    type: Literal["rate"]
    id: UUID
    offer: Handle
    value: Annotated[int, Field(ge=0, le=5)]
    heard_ms: HeardMs
    tags: Annotated[tuple[Tag, ...], Field(max_length=TAGS_MAX)] = ()
    remark: Remark = ""
    program: Annotated[int, Field(ge=0, le=127)] | None = None  # of General MIDI, where not the phrase's own was heard
    has_beat: bool = False  # a beat was played under the phrase


class Skip(Message):
    """The listener passes over a phrase: it counts as heard, not as a rating. A rated one is to be retracted first."""

    type: Literal["skip"]
    id: UUID
    offer: Handle
    reason: SkipReason
    heard_ms: HeardMs


class Retract(Message):
    """Take a rating or a skip back, as long as its generation is open. The phrase is the listener's to answer again."""

    type: Literal["retract"]
    id: UUID
    offer: Handle


class Recall(Message):
    """Ask for a phrase that one has answered in this generation: to hear it again, and to see where it came from."""

    type: Literal["recall"]
    id: UUID
    offer: Handle


class AnswerDuel(Message):
    """Which of two phrases is better. Answering again, under a new id, revises it while the generation is open."""

    type: Literal["duel"]
    id: UUID
    duel: Handle
    choice: Choice
    heard_left_ms: HeardMs
    heard_right_ms: HeardMs


class Ping(Message):
    """The page is there, and asks whether the server is."""

    type: Literal["ping"]
    id: UUID


class Leave(Message):
    """The listener goes on purpose: nobody waits for them."""

    type: Literal["leave"]
    id: UUID


AnyClientMessage = Join | Consent | Check | Rate | Skip | Retract | Recall | AnswerDuel | Ping | Leave
ClientMessage = Annotated[AnyClientMessage, Field(discriminator="type")]
client_message: TypeAdapter[AnyClientMessage] = TypeAdapter(ClientMessage)

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
    | RoomChanged
    | RoomSettingsChanged
    | Pong
    | Refused,
    Field(discriminator="type"),
]
server_message: TypeAdapter[BaseModel] = TypeAdapter(ServerMessage)
