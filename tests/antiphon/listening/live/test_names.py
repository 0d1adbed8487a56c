"""A name is somebody's own until they have agreed: it is neither kept nor told before."""

import pytest

from antiphon.accounts.models import Listener
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def names_kept() -> set[str]:
    return set(Listener.objects.values_list("name", flat=True))


async def test_a_name_that_comes_before_the_consent_is_held_back_until_then() -> None:
    world = await in_thread(make_world)
    async with Page(world.room.code, name=None) as page:
        page.name = "Ada"
        welcome = await page.join(agrees=False)
        assert (welcome["name"], welcome["names"], welcome["here"]) == (None, [], 1)
        assert await in_thread(names_kept) == {""}
        await page.ask("consent", version=welcome["consent"]["version"], language="en")
        presence = await page.hear_until("presence", names=["Ada"])
        assert presence["here"] == 1
        assert await in_thread(names_kept) == {"Ada"}


async def test_a_name_comes_with_the_consent_and_stands_when_its_listener_comes_back() -> None:
    world = await in_thread(make_world)
    async with Page(world.room.code, name=None) as page:
        welcome = await page.join(agrees=False)
        await page.ask("consent", version=welcome["consent"]["version"], language="en", name="Béla")
        await page.hear_until("presence", names=["Béla"])
        page.name = "Béla"
        await page.close()
        await page.open()
        again = await page.join()
        assert (again["name"], again["consent"]["is_accepted"]) == ("Béla", True)


async def test_whoever_comes_back_without_a_name_is_told_of_without_one() -> None:
    world = await in_thread(make_world)
    async with Page(world.room.code, name="Ada") as page:
        await page.join()
        page.name = None
        await page.close()
        await page.open()
        again = await page.join()
        assert again["name"] is None
        assert await in_thread(names_kept) == {""}


async def test_in_another_room_a_known_name_is_not_told_before_its_own_consent() -> None:
    world = await in_thread(make_world)
    async with Page(world.room.code, name="Ada") as page:
        await page.join()
        cookie = page.cookie
    other = await in_thread(make_world)
    await in_thread(lambda: type(other.room).objects.filter(pk=other.room.pk).update(consent_text="Be kind."))
    async with Page(other.room.code, name="Ada", cookie=cookie) as page:
        welcome = await page.join(agrees=False)
        assert (welcome["name"], welcome["names"]) == (None, [])
