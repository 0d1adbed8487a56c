"""Whatever comes over a room's websocket: an answer that says why not, and the connection lives on."""

import asyncio
import json
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.core.limits import Buckets, Limit
from antiphon.listening import consumers, services
from antiphon.listening.assigning.plays import Play
from antiphon.listening.live import limits
from antiphon.listening.models import Rating, Room
from antiphon.listening.protocol.terms import PROTOCOL_VERSION
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_population, make_world

pytestmark = pytest.mark.django_db(transaction=True)

FRAMES = st.one_of(
    st.text(max_size=200),
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
        max_leaves=10,
    ).map(json.dumps),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["join", "rate", "skip", "retract", "recall", "duel", "consent", "ping", "leave", "dance"]
            )
        },
        optional={
            "id": st.one_of(st.just("no id"), st.integers(), st.none()),
            "offer": st.integers() | st.text(max_size=40),
            "value": st.integers(),
            "extra": st.text(max_size=10),
        },
    ).map(json.dumps),
    st.integers(4_097, 20_000).map(lambda size: "x" * size),
)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def rate(offer: str, **fields: Any) -> dict[str, Any]:
    return {"type": "rate", "id": str(uuid4()), "offer": offer, "value": 3, "heard_ms": 0} | fields


@patch.object(limits, "messages", Buckets("messages of frames", Limit(per_second=1e6, at_once=1e6)))
async def test_two_hundred_malformed_frames_are_each_refused_and_the_room_goes_on(world: World) -> None:
    frames: list[str | bytes] = []

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(FRAMES)
    def gather(frame: str | bytes) -> None:
        frames.append(frame)

    gather()
    assert len(frames) >= 200
    async with Page(world.room.code, name="Ben") as other, Page(world.room.code) as page:
        await other.join()
        await page.join()
        offer = await page.next_offer()
        for frame in frames[:200]:
            await page.send(frame)
            assert (await page.hear_until("refused"))["code"] in {"malformed", "not_text", "too_long"}
        assert (await page.rate(offer))["type"] == "kept"
        assert (await other.rate(await other.next_offer()))["type"] == "kept"


async def test_a_refusal_names_the_message_and_the_field(world: World) -> None:
    async with Page(world.room.code) as page:
        message = rate("nothing", value=9)
        await page.send(message)
        refused = await page.hear_until("refused")
        assert refused["id"] == message["id"]
        assert "value" in refused["message"]
        assert refused["is_final"]


async def test_a_rating_before_joining_is_refused(world: World) -> None:
    async with Page(world.room.code) as page:
        assert (await page.rate("nothing"))["code"] == "not_joined"


async def test_a_page_of_another_protocol_is_told_to_reload_and_turned_away(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.send({"type": "join", "id": str(uuid4()), "protocol": 99, "name": "Ada"})
        assert (await page.hear_until("refused"))["code"] == "protocol_outdated"
        with pytest.raises(EOFError, match="4400"):
            await page.hear()


async def test_a_forged_cookie_is_turned_away(world: World) -> None:
    async with Page(world.room.code, cookie="forged:cookie") as page:
        await page.send({"type": "join", "id": str(uuid4()), "protocol": PROTOCOL_VERSION, "name": "Ada"})
        assert (await page.hear_until("refused"))["code"] == "no_listener"
        with pytest.raises(EOFError, match="4401"):
            await page.hear()


async def test_an_unknown_room_turns_a_page_away(world: World) -> None:
    async with Page("ZZZZZ") as page:
        await page.send({"type": "join", "id": str(uuid4()), "protocol": PROTOCOL_VERSION, "name": "Ada"})
        assert (await page.hear_until("refused"))["code"] == "no_room"
        with pytest.raises(EOFError, match="4404"):
            await page.hear()


async def test_a_handle_that_was_not_offered_is_refused(world: World) -> None:
    async with Page(world.room.code) as page, Page(world.room.code, name="Ben") as other:
        await page.join()
        await other.join()
        offer = await page.next_offer()
        for foreign in (await other.next_offer(), offer[:-1] + ("A" if offer[-1] != "A" else "B"), "made-up"):
            refused = await page.rate(foreign)
            assert (refused["type"], refused["code"], refused["is_final"]) == ("refused", "not_offered", True)
        assert await in_thread(Rating.objects.count) == 0


async def test_an_offer_of_another_room_is_refused(world: World) -> None:
    other = await in_thread(make_population, world.host)
    stranger = await in_thread(lambda: other.generations.get().individuals.first())
    assert stranger is not None
    async with Page(world.room.code) as page:
        welcome = await page.join()
        refused = await page.rate(Play(stranger.pk, stranger.generation_id).seal(UUID(welcome["listener"])))
        assert (refused["type"], refused["code"], refused["is_final"]) == ("refused", "unknown_phrase", True)


async def test_a_paused_room_offers_nothing_and_goes_on_when_it_is_opened(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        await in_thread(services.set_room_state, room=world.room, state=Room.State.PAUSED)
        await page.hear_until("room_changed", room_state="paused")
        refused = await page.rate(offer)
        assert (refused["code"], refused["is_final"]) == ("room_paused", False)
        async with Page(world.room.code, name="Ben") as late:
            assert (await late.join())["room_state"] == "paused"
            await in_thread(services.set_room_state, room=world.room, state=Room.State.OPEN)
            await late.hear_until("room_changed", room_state="open")
            await late.next_offer()
        assert (await page.rate(offer))["type"] == "kept"


async def test_a_page_from_elsewhere_cannot_open_a_room(world: World) -> None:
    page = Page(world.room.code, origin="https://elsewhere.example")
    assert not await page.open()


async def test_leaving_gives_reserved_phrases_back_at_once(world: World) -> None:
    async with Page(world.room.code, name="Ben") as stays:
        await stays.join()
        page = Page(world.room.code)
        await page.open()
        await page.join()
        await page.hear_until("offer")
        await stays.hear_until("presence", here=2)
        await page.send({"type": "leave", "id": str(uuid4())})
        with pytest.raises(EOFError, match="1000"):
            await page.hear_until("nothing more")
        presence = await stays.hear_until("presence", here=1)
        assert presence["names"] == ["Ben"]
        rated = await stays.rate_all(4)
        assert len(set(rated)) == 4


async def test_a_page_that_falls_silent_is_given_up(world: World) -> None:
    with patch.object(consumers, "SILENCE_SECONDS", 2.0):
        async with Page(world.room.code) as page:
            await page.join()
            for _ in range(3):
                await asyncio.sleep(0.8)
                await page.ask("ping")
            with pytest.raises(EOFError, match="1013"):
                await page.hear_until("nothing more")


async def test_a_page_of_an_older_protocol_is_told_to_reload_whatever_else_it_says(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.send({"type": "join", "id": str(uuid4()), "protocol": 1, "name": "Ada", "holds": [1]})
        assert (await page.hear_until("refused"))["code"] == "protocol_outdated"
        with pytest.raises(EOFError, match="4400"):
            await page.hear()
