"""What a listener's page says."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from antiphon.listening.protocol.terms import (
    TAGS_MAX,
    Choice,
    Handle,
    Headphones,
    HeardMs,
    Language,
    Message,
    Name,
    Remark,
    SkipReason,
    Tag,
)


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
