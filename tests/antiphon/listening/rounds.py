"""Assignment asked directly: what the tests of it share."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.assignment import Assignment, Request, Round
from antiphon.listening.assigning.plays import Play
from antiphon.listening.models import Rating
from tests.antiphon.listening.worlds import World


def round_of(world: World, **changes: Any) -> Round:
    """The newest generation as assignment has to know it; `changes` are fields of it."""
    newest = world.newest
    of = Round(newest.pk, newest.number, world.population.pk, coverage=world.population.quorum)
    return replace(of, **changes)


async def answer(
    assignment: Assignment, of: Round, listener_id: UUID, holds: Sequence[Play], **fields: Any
) -> list[Play]:
    """Answer the first phrase that is held and take what comes next."""
    request = Request(of, listener_id, holds=tuple(holds[1:]), answered=holds[0], **({"is_first": True} | fields))
    return await assignment.next(request)


async def hear_all(assignment: Assignment, of: Round, listener_id: UUID, **fields: Any) -> list[Play]:
    """Answer everything that one listener is offered, in order."""
    heard: list[Play] = []
    holds = await assignment.next(Request(of, listener_id, **fields))
    while holds:
        heard.append(holds[0])
        holds = await answer(assignment, of, listener_id, holds, **fields)
    return heard


def store(world: World, listener: Listener, play: Play, **fields: Any) -> Rating:
    """A rating in the database."""
    return Rating.objects.create(
        **{
            "room": world.room,
            "listener": listener,
            "individual_id": play.individual_id,
            "kind": play.kind,
            "occasion": play.occasion,
            "value": 3,
            "client_id": uuid4(),
        }
        | fields
    )
