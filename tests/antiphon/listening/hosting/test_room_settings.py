"""What a host switches in a room, and what those who are in it notice."""

from typing import Any

import pytest

from antiphon.accounts.models import Consent
from antiphon.listening import services
from antiphon.listening.models import Room
from antiphon.listening.threads import in_thread
from tests.antiphon.hosts import signed_in
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_world

OWN_TEXT = "We study what a kitchen likes."


def change(world: World, **changes: Any) -> None:
    """As the API does it."""
    room = Room.objects.get(pk=world.room.pk)
    services.change_settings(room=room, changes=changes)


@pytest.mark.django_db
def test_settings_are_changed_one_by_one_and_the_others_stay() -> None:
    world = make_world()
    client, address = signed_in(world.host), f"/api/v1/rooms/{world.room.code}/"
    before = client.get(address).json()
    assert (before["has_anchors"], before["has_repeats"], before["has_duels"]) == (True, True, False)
    assert before["consent_version"].startswith("standard-")
    told = client.patch(address, {"has_duels": True, "tags": ["warm", "odd", "warm"]}, format="json").json()
    assert told == before | {"has_duels": True, "tags": ["warm", "odd"]}
    told = client.patch(address, {"name": "The cellar", "consent_text": OWN_TEXT}, format="json").json()
    assert (told["name"], told["consent_text"]) == ("The cellar", OWN_TEXT)
    own_version = told["consent_version"]
    assert own_version.startswith("own-")
    told = client.patch(address, {"consent_text": OWN_TEXT + " And a cellar."}, format="json").json()
    assert told["consent_version"] not in (own_version, before["consent_version"])
    assert (
        client.patch(address, {"consent_text": ""}, format="json").json()["consent_version"]
        == (before["consent_version"])
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"tags": ["Loud!"]}, "tags.0"),
        ({"tags": [f"tag-{'abcdefghijklmnopqrstuvwxyz'[number]}" for number in range(21)]}, "tags"),
        ({"consent_text": "x" * 4_001}, "consent_text"),
        ({"state": "closed"}, "state"),
        ({"has_duels": "perhaps"}, "has_duels"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_nothing_changes(body: dict[str, Any], field: str) -> None:
    world = make_world()
    answer = signed_in(world.host).patch(f"/api/v1/rooms/{world.room.code}/", body, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    room = Room.objects.get(pk=world.room.pk)
    assert (room.name, room.state, room.consent_text) == ("The kitchen", "open", "")


async def test_who_is_in_the_room_learns_its_new_name_and_tags_and_rates_on(transactional_db: None) -> None:
    world = await in_thread(make_world)
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        await in_thread(lambda: change(world, name="The cellar", tags=["warm"]))
        told = await page.hear_until("room_settings_changed")
        assert (told["room_name"], told["tags"]) == ("The cellar", ["warm"])
        assert told["consent"]["is_accepted"]
        assert (await page.rate(offer, 4, tags=["warm"]))["type"] == "kept"


async def test_another_consent_text_is_asked_of_everybody_anew_and_nothing_is_taken_before(
    transactional_db: None,
) -> None:
    world = await in_thread(make_world, size=6)
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        await in_thread(lambda: change(world, consent_text=OWN_TEXT))
        told = await page.hear_until("room_settings_changed")
        consent = told["consent"]
        assert (consent["is_accepted"], consent["texts"]) == (False, [{"language": None, "text": OWN_TEXT}])
        refused = await page.rate(offer, 4)
        assert (refused["type"], refused["code"], refused["is_final"]) == ("refused", "consent_missing", False)
        agreed = await page.ask("consent", version=consent["version"], language="en")
        assert agreed["type"] == "kept"
        assert (await page.rate(offer, 4))["type"] == "kept"
        # Back to the text that was agreed to before: it was agreed to.
        await in_thread(lambda: change(world, consent_text=""))
        told = await page.hear_until("room_settings_changed")
        assert told["consent"]["is_accepted"]
        assert (await page.rate(await page.next_offer(), 2))["type"] == "kept"
    assert await in_thread(Consent.objects.count) == 2


async def test_a_switch_alone_is_told_to_nobody_and_holds_from_the_next_phrase_on(transactional_db: None) -> None:
    world = await in_thread(make_world, size=6, quorum=9)
    async with Page(world.room.code) as page:
        welcome = await page.join()
        await in_thread(lambda: change(world, has_repeats=False, has_anchors=False))
        await page.rate_all(6)
        assert (await page.hear_until("done"))["answered"] == welcome["left"] == 6
    assert not [said for said in page.said if said["type"] == "room_settings_changed"]
