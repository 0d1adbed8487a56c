"""A host's studio hears of the host's own things, and of nobody else's."""

import asyncio
import json

import pytest
from django.conf import settings
from django.test import Client

from antiphon.accounts.models import User
from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.events import PopulationChanged
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_host, make_world
from tests.antiphon.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)


def session_of(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def own(world: World) -> dict[str, str]:
    return session_of(world.host)


@pytest.fixture
def strange(world: World) -> dict[str, str]:
    return session_of(make_host())


async def test_events_reach_their_host_only(world: World, own: dict[str, str], strange: dict[str, str]) -> None:
    mine, other = Socket("/ws/studio/", cookies=own), Socket("/ws/studio/", cookies=strange)
    assert await mine.open()
    assert await other.open()
    for socket in (mine, other):  # once it answers, it follows its group
        await socket.say("ping")
        assert await socket.hear() == "pong"
    event = PopulationChanged(population=world.population.pk, state="ready", generation=0)
    await in_thread(broadcast, host_group(world.host.pk), event)
    assert json.loads(await mine.hear()) == event.model_dump(mode="json")
    with pytest.raises(asyncio.TimeoutError):
        await other.hear(patience_seconds=0.2)
    await mine.close()


async def test_ratings_in_a_room_are_told_to_its_host(world: World, own: dict[str, str]) -> None:
    studio = Socket("/ws/studio/", cookies=own)
    await studio.open()
    await studio.say("ping")
    await studio.hear()
    async with Page(world.room.code) as page:
        await page.join()
        await page.rate_all(1)
        told = json.loads(await studio.hear())
    assert told["type"] == "ratings_came"
    assert (told["room"], told["ratings"], told["size"]) == (world.room.code, 1, 4)
    await studio.close()


async def test_nobody_follows_without_signing_in_or_from_elsewhere(world: World, own: dict[str, str]) -> None:
    signed_out = Socket("/ws/studio/")
    await signed_out.open()
    with pytest.raises(EOFError, match="4401"):
        await signed_out.hear()
    assert not await Socket("/ws/studio/", cookies=own, origin="https://elsewhere.example").open()


async def test_whatever_a_page_says_the_studio_goes_on(world: World, own: dict[str, str]) -> None:
    studio = Socket("/ws/studio/", cookies=own)
    await studio.open()
    for frame in ("{", "x" * 10_000, b"\x00\xff", "[]"):
        await studio.say(frame)
    await studio.say("ping")
    assert await studio.hear() == "pong"
    await studio.close()
