"""What a listener may say beside a rating: consent, skips, retractions, duels; and what they are told of it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from antiphon.accounts.consent import STANDARD_TEXTS, STANDARD_VERSION
from antiphon.accounts.models import Consent, Listener
from antiphon.listening.assigning.plays import DuelPair, unseal_play
from antiphon.listening.models import Duel, Rating, Retraction, Room, Skip
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


async def test_nothing_is_offered_and_nothing_taken_before_the_listener_agrees(world: World) -> None:
    async with Page(world.room.code) as page, Page(world.room.code, name="Ben") as other:
        welcome = await page.join(agrees=False)
        assert welcome["consent"] == {
            "version": STANDARD_VERSION,
            "texts": [{"language": key, "text": text} for key, text in STANDARD_TEXTS.items()],
            "is_accepted": False,
        }
        await other.join()
        await other.next_offer()
        assert page.held == []
        refused = await page.ask("consent", version="standard-0", language="en")
        assert (refused["code"], refused["is_final"]) == ("consent_outdated", True)
        kept = await page.ask("consent", version=STANDARD_VERSION, language="de")
        assert (kept["type"], kept["what"], kept["left"]) == ("kept", "consent", 4)
        await page.next_offer()
        agreed = await in_thread(lambda: Consent.objects.select_related("text").get(listener=welcome["listener"]))
        assert (agreed.text.version, agreed.text.language) == (STANDARD_VERSION, "de")
        assert agreed.text.text == STANDARD_TEXTS["de"]
        again = await page.join(agrees=False)
        assert again["consent"]["is_accepted"]
        await page.next_offer()


async def test_a_rating_of_somebody_who_has_not_agreed_is_not_kept(world: World) -> None:
    async with Page(world.room.code) as page:
        welcome = await page.join()
        offer = await page.next_offer()
        await in_thread(lambda: Consent.objects.filter(listener=welcome["listener"]).delete())
        await page.join(agrees=False)
        refused = await page.rate(offer)
        assert (refused["code"], refused["is_final"]) == ("consent_missing", False)
        assert await in_thread(Rating.objects.count) == 0


async def test_a_hosts_own_text_is_asked_and_asked_anew_when_it_changes(world: World) -> None:
    room = world.room
    await in_thread(lambda: Room.objects.filter(pk=room.pk).update(consent_text="Be kind."))
    page = Page(room.code)
    await page.open()
    first = await page.join()
    assert first["consent"]["texts"] == [{"language": None, "text": "Be kind."}]
    await page.close()
    await in_thread(lambda: Room.objects.filter(pk=room.pk).update(consent_text="Be very kind."))
    await page.open()
    second = await page.join(agrees=False)
    assert second["consent"]["version"] != first["consent"]["version"]
    assert not second["consent"]["is_accepted"]
    await page.close()


async def test_a_guest_without_a_name_is_here_and_named_to_nobody(world: World) -> None:
    async with Page(world.room.code, name=None) as nameless, Page(world.room.code, name="Ben") as ben:
        assert (await nameless.join())["name"] is None
        await ben.join()
        assert (await ben.hear_until("presence", names=["Ben"]))["here"] == 2


async def test_a_skipped_phrase_counts_as_heard_and_not_as_a_rating(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        message_id = str(uuid4())
        kept = await page.skip(offer, "heard_before", message_id=message_id)
        assert (kept["what"], kept["answered"], kept["left"]) == ("skip", 1, 3)
        assert await page.skip(offer, "heard_before", message_id=message_id) == kept
        others = await page.rate_all(3)
        assert offer not in others
        assert (await page.hear_until("done"))["answered"] == 4
        skip = await in_thread(Skip.objects.get)
        assert (skip.reason, skip.heard_ms) == ("heard_before", 700)
        assert await in_thread(Rating.objects.count) == 3


async def test_a_rated_phrase_is_not_skipped(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        await page.rate(offer)
        assert (await page.skip(offer))["code"] == "already_rated"
        assert await in_thread(Skip.objects.count) == 0


async def test_an_answer_taken_back_is_gone_and_its_message_does_not_bring_it_back(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        rated, taken_back = str(uuid4()), str(uuid4())
        await page.rate(offer, 4, message_id=rated)
        kept = await page.ask("retract", message_id=taken_back, offer=offer)
        assert (kept["what"], kept["answered"], kept["left"]) == ("retraction", 0, 4)
        assert await in_thread(Rating.objects.count) == 0
        assert (await page.rate(offer, 4, message_id=rated))["code"] == "retracted"
        assert (await page.rate(offer, 1))["value"] == 1
        assert (await page.ask("retract", message_id=taken_back, offer=offer))["type"] == "kept"  # said before
        assert await in_thread(lambda: Rating.objects.get().value) == 1
        retraction = await in_thread(Retraction.objects.get)
        assert (retraction.value, retraction.answer_ids) == (4, [UUID(rated)])


async def test_a_phrase_whose_answer_was_taken_back_is_offered_again_after_a_reload(world: World) -> None:
    page = Page(world.room.code)
    await page.open()
    await page.join()
    first = (await page.rate_all(4))[0]
    await page.ask("retract", offer=first)
    await page.close()
    await page.open()
    await page.join()
    assert await page.next_offer() == first
    assert (await page.rate(first))["left"] == 0
    await page.close()


async def test_there_is_nothing_to_take_back_of_what_was_never_answered(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        assert (await page.ask("retract", offer=await page.next_offer()))["code"] == "nothing_to_retract"


async def test_an_old_message_of_a_revised_rating_changes_nothing(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        first = str(uuid4())
        await page.rate(offer, 5, message_id=first)
        await page.rate(offer, 2)
        late = await page.rate(offer, 5, message_id=first)
        assert (late["type"], late["value"], late["is_revision"]) == ("kept", 2, True)
        assert await in_thread(lambda: Rating.objects.get().value) == 2


async def test_words_are_kept_with_a_rating_and_told_to_nobody_else(world: World) -> None:
    async with Page(world.room.code) as page, Page(world.room.code, name="Ben") as other:
        welcome = await page.join()
        await other.join()
        offer = await page.next_offer()
        said = {"tags": welcome["tags"][:2], "remark": " Sehr schön, 'ja'; ", "program": 12, "has_beat": True}
        kept = await page.rate(offer, 4, **said)
        assert kept["type"] == "kept"
        rating = await in_thread(Rating.objects.get)
        assert (rating.tags, rating.remark) == (welcome["tags"][:2], "Sehr schön, 'ja';")
        assert (rating.program, rating.has_beat) == (12, True)
        assert (await page.rate(offer, 4, tags=["unheard-of"]))["code"] == "unknown_tag"
        await other.rate(await other.next_offer())
        assert "schön" not in str(other.said)


async def test_a_reload_shows_what_one_has_given_and_plays_it_again(world: World) -> None:
    page = Page(world.room.code)
    await page.open()
    await page.join()
    rated = await page.next_offer()
    await page.rate(rated, 4, tags=["calm"], remark="warm")
    skipped = await page.next_offer()
    await page.skip(skipped, "other")
    await page.close()
    await page.open()
    welcome = await page.join()
    assert welcome["history"] == [
        {"offer": rated, "value": 4, "reason": None, "tags": ["calm"], "remark": "warm"},
        {"offer": skipped, "value": None, "reason": "other", "tags": [], "remark": ""},
    ]
    recalled = await page.ask("recall", offer=rated)
    assert recalled["phrase"]["notes"]
    assert recalled["origin"]["made_by"] == "chance"
    unheard = await page.next_offer()
    assert (await page.ask("recall", offer=unheard))["code"] == "not_answered"
    await page.close()


async def test_an_offer_does_not_say_which_phrase_it_is(world: World) -> None:
    async with Page(world.room.code) as page:
        welcome = await page.join()
        said = await page.hear_until("offer")
        assert set(said) == {"type", "offer", "phrase"}
        assert {"individual", "generation", "number", "kind"}.isdisjoint(said["phrase"])
        play = unseal_play(UUID(welcome["listener"]), said["offer"])
        assert play is not None
        assert play.generation_id == (await in_thread(lambda: world.newest)).pk


async def test_a_duel_is_kept_once_and_revised_under_a_new_id(world: World) -> None:
    async with Page(world.room.code) as page:
        welcome = await page.join()
        generation = await in_thread(lambda: world.newest)
        left, right = await in_thread(lambda: list(generation.individuals.values_list("pk", flat=True)[:2]))
        duel = DuelPair(generation.pk, left, right).seal(UUID(welcome["listener"]))
        answer: dict[str, Any] = {"duel": duel, "choice": "left", "heard_left_ms": 900, "heard_right_ms": 800}
        message_id = str(uuid4())
        kept = await page.ask("duel", message_id=message_id, **answer)
        assert (kept["what"], kept["handle"], kept["is_revision"]) == ("duel", duel, False)
        assert await page.ask("duel", message_id=message_id, **answer) == kept
        assert (await page.ask("duel", **answer | {"choice": "equal"}))["is_revision"]
        await page.ask("duel", message_id=message_id, **answer)
        kept_duel = await in_thread(Duel.objects.get)
        assert (kept_duel.choice, kept_duel.heard_left_ms) == ("equal", 900)
        assert (await page.ask("duel", **answer | {"duel": "made-up"}))["code"] == "not_offered"


async def test_the_headphone_check_is_kept_with_the_listener(world: World) -> None:
    async with Page(world.room.code) as page:
        assert (await page.join())["headphones"] is None
        assert (await page.ask("check", headphones="passed"))["what"] == "check"
        welcome = await page.join()
        assert welcome["headphones"] == "passed"
        listener = await in_thread(lambda: Listener.objects.get(pk=welcome["listener"]))
        assert listener.headphones_at is not None


async def test_a_ping_is_answered_before_and_after_joining(world: World) -> None:
    async with Page(world.room.code) as page:
        assert (await page.ask("ping"))["type"] == "pong"
        await page.join()
        assert (await page.ask("ping"))["type"] == "pong"
