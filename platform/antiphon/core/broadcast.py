"""The only caller of the channel layer: typed events to a group, sent when the open transaction commits.

An event is news and not the truth: pages fetch that when they connect. So a channel layer that cannot be reached is
logged, and never undoes or fails what was committed.
"""

import logging
from functools import partial

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from pydantic import BaseModel
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def room_group(room_code: str) -> str:
    """The group of everyone in one room."""
    return f"room.{room_code}"


def population_group(population_id: int) -> str:
    """The group of everything that follows a population's generations: its rooms, in every web process."""
    return f"population.{population_id}"


def host_group(user_id: int) -> str:
    """The group of one host's open studio pages."""
    return f"host.{user_id}"


def broadcast(group: str, event: BaseModel) -> None:
    """Send an event to a group once the open transaction commits (at once where there is none)."""
    message: dict[str, object] = {"type": "broadcast.event", "event": event.model_dump(mode="json")}
    transaction.on_commit(partial(_send, group, message))


async def abroadcast(group: str, event: BaseModel) -> None:
    """The same from within an event loop, at once."""
    await _group_send(group, {"type": "broadcast.event", "event": event.model_dump(mode="json")})


def _send(group: str, message: dict[str, object]) -> None:
    async_to_sync(_group_send)(group, message)


async def _group_send(group: str, message: dict[str, object]) -> None:
    try:
        await get_channel_layer().group_send(group, message)
    except (RedisError, OSError) as error:
        log.warning("an event for %s was not sent: %s", group, error)
