"""Whatever comes over a room's websocket: an answer that says why not, and the connection lives on."""

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.listening import services
from antiphon.listening.models import Rating, Room
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
        {"type": st.sampled_from(["join", "rate", "leave", "dance"])},
        optional={
            "id": st.one_of(st.just("no id"), st.integers(), st.none()),
            "individual": st.integers(),
            "value": st.integers(),
            "extra": st.text(max_size=10),
        },
    ).map(json.dumps),
    st.integers(4_097, 20_000).map(lambda size: "x" * size),
)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def rate(individual: int, **fields: Any) -> dict[str, Any]:
    return {"type": "rate", "id": str(uuid4()), "individual": individual, "value": 3, "heard_ms": 0} | fields


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
        individual = await page.next_phrase()
        for frame in frames[:200]:
            await page.send(frame)
            assert (await page.hear_until("refused"))["code"] in {"malformed", "not_text", "too_long"}
        assert (await page.rate(individual))["type"] == "kept"
        assert (await other.rate(await other.next_phrase()))["type"] == "kept"


async def test_a_refusal_names_the_message_and_the_field(world: World) -> None:
    async with Page(world.room.code) as page:
        message = rate(1, value=9)
        await page.send(message)
        refused = await page.hear_until("refused")
        assert refused["id"] == message["id"]
        assert "value" in refused["message"]
        assert refused["is_final"]


async def test_a_rating_before_joining_is_refused(world: World) -> None:
    async with Page(world.room.code) as page:
        assert (await page.rate(1))["code"] == "not_joined"


async def test_a_page_of_another_protocol_is_told_to_reload_and_turned_away(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.send({"type": "join", "id": str(uuid4()), "protocol": 99, "name": "Ada"})
        assert (await page.hear_until("refused"))["code"] == "protocol_outdated"
        with pytest.raises(EOFError, match="4400"):
            await page.hear()


async def test_a_forged_cookie_is_turned_away(world: World) -> None:
    async with Page(world.room.code, cookie="forged:cookie") as page:
        await page.send({"type": "join", "id": str(uuid4()), "protocol": 1, "name": "Ada"})
        assert (await page.hear_until("refused"))["code"] == "no_listener"
        with pytest.raises(EOFError, match="4401"):
            await page.hear()


async def test_an_unknown_room_turns_a_page_away(world: World) -> None:
    async with Page("ZZZZZ") as page:
        await page.send({"type": "join", "id": str(uuid4()), "protocol": 1, "name": "Ada"})
        assert (await page.hear_until("refused"))["code"] == "no_room"
        with pytest.raises(EOFError, match="4404"):
            await page.hear()


async def test_a_phrase_that_was_not_offered_is_refused(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        await page.next_phrase()
        await page.hear_until("offer") if len(page.held) < 2 else None
        ids = set(await in_thread(lambda: list(world.newest.individuals.values_list("pk", flat=True))))
        other = (ids - set(page.held)).pop()
        refused = await page.rate(other)
        assert (refused["type"], refused["code"]) == ("refused", "not_offered")
        assert await in_thread(Rating.objects.count) == 0


async def test_a_phrase_of_another_population_is_refused(world: World) -> None:
    other = await in_thread(make_population, world.host)
    stranger = await in_thread(lambda: other.generations.get().individuals.first())
    assert stranger is not None
    async with Page(world.room.code) as page:
        await page.join()
        refused = await page.rate(stranger.pk)
        assert (refused["type"], refused["code"], refused["is_final"]) == ("refused", "unknown_phrase", True)


async def test_a_paused_room_offers_nothing_and_goes_on_when_it_is_opened(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        individual = await page.next_phrase()
        await in_thread(services.set_room_state, room=world.room, state=Room.State.PAUSED)
        await page.hear_until("room_changed", room_state="paused")
        refused = await page.rate(individual)
        assert (refused["code"], refused["is_final"]) == ("room_paused", False)
        async with Page(world.room.code, name="Ben") as late:
            assert (await late.join())["room_state"] == "paused"
            await in_thread(services.set_room_state, room=world.room, state=Room.State.OPEN)
            await late.hear_until("room_changed", room_state="open")
            await late.next_phrase()
        assert (await page.rate(individual))["type"] == "kept"


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
        await page.send({"type": "leave", "id": str(uuid4())})
        with pytest.raises(EOFError, match="1000"):
            await page.hear_until("nothing more")
        presence = await stays.hear_until("presence", here=1)
        assert presence["names"] == ["Ben"]
        rated = await stays.rate_all(4)
        assert len(set(rated)) == 4
