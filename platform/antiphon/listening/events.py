"""What web processes tell each other about a room, over the channel layer."""

from typing import Literal

from antiphon.core.events import Event
from antiphon.listening.protocol.told import Progress


class ProgressCame(Event):
    """How far the open generation is now; sent to the population's group."""

    type: Literal["progress_came"] = "progress_came"
    progress: Progress


class PresenceCame(Event):
    """Who is in the room now; sent to the room's group."""

    type: Literal["presence_came"] = "presence_came"
    here: int
    names: list[str]


class RoomMoved(Event):
    """The host opened, paused, closed, changed or deleted the room; sent to the room's group."""

    type: Literal["room_moved"] = "room_moved"
