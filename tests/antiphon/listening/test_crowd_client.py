"""Simulated listeners over a real socket: what they hear, what they say, and that nothing of it is lost or doubled."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest

from antiphon.accounts.models import Listener
from antiphon.accounts.services import cookie_for
from antiphon.core.errors import Invalid
from antiphon.core.phrase import phrase
from antiphon.listening.models import Duel, Rating, Retraction, Room, Skip
from antiphon.listening.phrases import EncodedPhrases
from antiphon.listening.protocol.said import client_message
from antiphon.listening.rehearsal.client import Conversation
from antiphon.listening.rehearsal.crowd import Crowd, Order
from antiphon.listening.rehearsal.doors import Door
from antiphon.listening.rehearsal.guests import Guest, invite
from antiphon.listening.rehearsal.listener import Habits
from antiphon.listening.rehearsal.minds import Minds
from antiphon.listening.rehearsal.report import figures_of, kept_of
from antiphon.listening.rehearsal.services import take_over
from antiphon.listening.rehearsal.tally import Tally
from antiphon.listening.rehearsal.wire import heard_phrase
from antiphon.listening.threads import in_thread
from antiphon.populations.models import Population
from evolution.crowd import hear
from evolution.crowd.hearing import FEATURES
from evolution.frame import Frame
from generation.score.notes import Score, Tempo
from tests.antiphon.listening.serving import serving
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
SOME_OF_EVERYTHING = Habits(pace_seconds=0.02, skips=0.15, revises=0.3, retracts=0.25, drops_out=0.08)


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with serving() as door:
        yield door


def rehearsed_world(**changes: object) -> World:
    world = make_world(**changes)  # type: ignore[arg-type]
    take_over(population_id=world.population.pk)
    return world


def crowd_for(world: World, door: Door, guests: list[Guest], *, minutes: float, habits: Habits) -> Crowd:
    order = Order(len(guests), minutes, habits, seed=3)
    minds = Minds(len(guests), Frame.from_json(world.population.frame), seed=3)
    return Crowd(order, door=door, code=world.room.code, guests=guests, minds=minds)


def test_a_phrase_from_the_wire_sounds_as_the_score_that_it_was_made_of() -> None:
    world = make_world(size=6)
    frame = Frame.from_json(world.population.frame)
    played = [Score.from_json(one.score) for one in world.newest.individuals.all()]
    even = [replace(one, tempos=(Tempo(0.0, frame.tempo_bpm),)) for one in played]
    from_wire = [heard_phrase(json.dumps(phrase(one, bars=frame.bars))) for one in even]
    assert [one.score.meters[0].denominator for one in from_wire] == [4] * len(even)
    assert from_wire[0].duration_seconds == pytest.approx(frame.bars * 4 * 60 / frame.tempo_bpm, abs=0.01)
    # Seconds on the wire have four places: what is heard differs in the last of them.
    np.testing.assert_allclose(hear([one.score for one in from_wire]), hear(even), atol=0.1)
    # A tempo curve comes as timing, for the wire tells the mean tempo; the notes are the same.
    curved = [heard_phrase(json.dumps(phrase(one, bars=frame.bars))).score for one in played]
    of_pitch = [FEATURES.index(name) for name in ("melodic consonance", "step size", "arch", "register", "range")]
    np.testing.assert_allclose(hear(curved)[:, of_pitch], hear(played)[:, of_pitch], atol=0.1)


def test_the_same_seed_gives_listeners_of_the_same_mind() -> None:
    world = make_world(size=6)
    frame = Frame.from_json(world.population.frame)
    scores = {one.pk: json.dumps(one.score) for one in world.newest.individuals.all()}
    phrases = list(EncodedPhrases(frame, scores).values())

    def ratings(seed: int) -> list[int]:
        minds = Minds(20, frame, seed=seed)
        return [minds.rate(listener, phrase) for phrase in phrases for listener in range(20)]

    assert ratings(1) == ratings(1) != ratings(2)
    assert set(ratings(1)) <= set(range(6))
    assert len(set(ratings(1))) > 3


def test_a_crowd_says_something_of_everything_and_nothing_is_lost_or_doubled(door: Door) -> None:
    world = rehearsed_world(size=8, quorum=200)
    Room.objects.filter(pk=world.room.pk).update(has_duels=True)
    guests = invite(12)
    crowd = crowd_for(world, door, guests, minutes=0.1, habits=SOME_OF_EVERYTHING)
    asyncio.run(crowd.listen())
    figures = figures_of(crowd.tally, seconds=crowd.seconds, listeners=12, here=0)
    assert figures.ratings > 80
    assert min(figures.revisions, figures.skips, figures.retractions, figures.duels, figures.reconnections) > 0
    assert not figures.turned_away
    ids = [guest.id for guest in guests]
    assert kept_of(crowd.tally, listener_ids=ids, room_id=world.room.pk).is_sound
    # All of it is in the database, and nothing that nobody said.
    acknowledged = {UUID(bytes=one) for one in crowd.tally.ratings}
    stored = Rating.objects.filter(listener__in=ids)
    known = {one for row in stored for one in (row.client_id, *row.earlier_ids)}
    taken_back = {one for row in Retraction.objects.filter(listener__in=ids) for one in row.answer_ids}
    assert acknowledged <= known | taken_back
    assert len((known | taken_back) - acknowledged) <= 12  # an answer may be on its way when everybody leaves
    assert Duel.objects.exists()
    assert Skip.objects.exists()


def test_a_crowd_breeds_on_and_follows_into_the_next_generation(door: Door) -> None:
    from antiphon.populations import breeding

    world = rehearsed_world(size=3, quorum=2)
    Room.objects.filter(pk=world.room.pk).update(has_anchors=False, has_repeats=False)
    guests = invite(5)
    crowd = crowd_for(world, door, guests, minutes=0.2, habits=Habits(pace_seconds=0.02, skips=0.0, retracts=0.0))

    async def watch(_tally: Tally, _seconds: float, _here: int) -> bool:
        newest = await in_thread(lambda: world.newest)
        if newest.is_closed:
            await in_thread(breeding.breed, generation_id=newest.pk)
        return newest.number < 2

    asyncio.run(crowd.listen(watch))
    assert {1, 2} & crowd.tally.generations
    assert Rating.objects.filter(individual__generation__number=1).exists()
    assert kept_of(crowd.tally, listener_ids=[one.id for one in guests], room_id=world.room.pk).is_sound


def test_a_simulated_listener_is_turned_away_from_a_room_of_people(door: Door) -> None:
    world = make_world()
    guests = invite(3)
    crowd = crowd_for(world, door, guests, minutes=1.0, habits=Habits(pace_seconds=0.0))
    asyncio.run(crowd.listen())
    assert crowd.seconds < 30.0
    assert crowd.tally.turned_away == {"no_listener": 3}
    assert not Rating.objects.exists()


def test_a_lost_and_a_doubled_rating_are_found() -> None:
    world = rehearsed_world()
    (guest,) = invite(1)
    phrases = list(world.newest.individuals.all())
    lost, revised, doubled, altered = (uuid4() for _ in range(4))
    tally = Tally()
    tally.ratings = {one.bytes: 4 for one in (lost, revised, doubled, altered)}
    say = {"room": world.room, "listener_id": guest.id, "value": 4}
    Rating.objects.create(**say, individual=phrases[0], client_id=uuid4(), earlier_ids=[revised])
    Rating.objects.create(**say, individual=phrases[1], client_id=doubled)
    Rating.objects.create(**say, individual=phrases[2], client_id=uuid4(), earlier_ids=[doubled])
    Rating.objects.create(**(say | {"value": 1}), individual=phrases[3], client_id=altered)
    kept = kept_of(tally, listener_ids=[guest.id], room_id=world.room.pk)
    assert (kept.lost, kept.doubled, kept.altered) == ([lost], [doubled], [altered])
    assert not kept.is_sound


def test_a_rating_whose_acknowledgement_is_lost_is_sent_again_under_its_id(door: Door) -> None:
    world = rehearsed_world()
    (guest,) = invite(1)
    said: list[str] = []

    async def lose_the_answer() -> Conversation:
        page = Conversation(door, world.room.code, guest.cookie, guest.name, Tally())
        await page.open()
        assert page.consent is not None
        await page.say("consent", version=page.consent["version"], language="en")
        page.consent = None
        while not page.offers:
            await page.listen(1.0, is_idle=True)
        offer = page.offers.popleft()
        page.pending = {"type": "rate", "id": str(uuid4()), "offer": offer, "value": 5, "heard_ms": 900}
        said.append(page.pending["id"])
        await page._send(page.pending)  # and the connection is lost before the answer comes
        await page.close()
        await page.open()
        answer = await page.settle()
        assert (answer["type"], answer["value"]) == ("kept", 5)
        assert offer not in page.offers
        await page.close(says_so=True)
        return page

    page = asyncio.run(lose_the_answer())
    assert page.connections == 2
    (rating,) = Rating.objects.all()
    assert (str(rating.client_id), rating.value, rating.revised_at) == (said[0], 5, None)


def test_whatever_a_conversation_says_is_a_message_of_the_protocol(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    world = rehearsed_world(size=6, quorum=200)
    Room.objects.filter(pk=world.room.pk).update(has_duels=True)
    sent: list[str] = []
    whole = Conversation._send

    async def overheard(self: Conversation, message: dict[str, object]) -> None:
        sent.append(json.dumps(message))
        await whole(self, message)

    monkeypatch.setattr(Conversation, "_send", overheard)
    asyncio.run(crowd_for(world, door, invite(5), minutes=0.08, habits=SOME_OF_EVERYTHING).listen())
    kinds = {client_message.validate_json(text).type for text in sent}
    assert kinds >= {"join", "consent", "rate", "skip", "retract", "duel"}


def test_a_fault_within_a_listener_ends_the_crowd_and_is_told(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    world = rehearsed_world(size=6, quorum=200)

    def fail(_self: Minds, _listener: int, _encoded: str) -> int:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Minds, "rate", fail)
    crowd = crowd_for(world, door, invite(3), minutes=1.0, habits=Habits(pace_seconds=0.0))
    with pytest.raises(ZeroDivisionError):
        asyncio.run(crowd.listen())
    assert crowd.seconds < 30
    assert crowd.here == 0


def test_people_do_not_become_simulated_by_the_name_that_they_give() -> None:
    person = Listener.objects.create(name="Simulated 1")
    assert not person.is_simulated
    assert cookie_for(person)
    assert not Population.objects.filter(is_rehearsal=True).exists()


@pytest.mark.parametrize(
    ("listeners", "minutes", "pace"), [(0, 1, 1), (5_001, 1, 1), (5, 0, 1), (5, 31, 1), (5, 1, -1), (5, 1, 121)]
)
def test_an_order_beyond_its_bounds_is_refused(listeners: int, minutes: float, pace: float) -> None:
    with pytest.raises(Invalid):
        Order(listeners, minutes, Habits(pace_seconds=pace))
