"""What both sides go by: the version, limits, words that stand for something, and why something is refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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
