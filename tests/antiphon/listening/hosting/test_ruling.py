"""What a host changes of how generations close while one is rated, and what listeners' pages learn of it."""

from typing import Any

import pytest

from antiphon.accounts.models import Listener
from antiphon.core.errors import Invalid, NotFound
from antiphon.listening import services
from antiphon.listening.hosting.ruling import change_rule, extend_generation
from antiphon.listening.progress import progress_of, standing_of
from antiphon.listening.threads import in_thread
from antiphon.populations import breeding
from antiphon.populations.closing import Rule, extended, rule_of
from antiphon.populations.models import Population
from antiphon.populations.services import GenerationAlreadyClosed
from tests.antiphon.hosts import signed_in
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_host, make_world


def change(world: World, **changes: Any) -> Rule:
    rule = change_rule(owner_id=world.host.pk, population_id=world.population.pk, changes=changes)
    world.population.refresh_from_db()
    return rule


def extend(world: World, **more: Any) -> Rule:
    number = world.newest.number
    return extend_generation(owner_id=world.host.pk, population_id=world.population.pk, number=number, **more)


def rate_by(world: World, count: int) -> None:
    """So many listeners rate everything."""
    for _ in range(count):
        rate(world, Listener.objects.create(name="Somebody"), new := new_in(world.newest), [3] * len(new))


@pytest.mark.parametrize(
    ("rule", "more", "expected"),
    [
        (Rule(quorum=3), {"quorum": 5}, Rule(quorum=5)),
        (Rule("certainty", wanted_error=0.2), {"wanted_error": 0.1}, Rule("certainty", wanted_error=0.1)),
        (Rule("time", minutes=5), {"minutes": 8}, Rule("time", minutes=8)),
        (Rule(minutes=5), {"quorum": 4, "minutes": 8}, Rule(quorum=4, minutes=8)),
    ],
)
def test_an_extension_asks_for_more(rule: Rule, more: dict[str, Any], expected: Rule) -> None:
    assert extended(rule, **more) == expected


@pytest.mark.parametrize(
    ("rule", "more", "words"),
    [
        (Rule(quorum=3), {}, "Give one"),
        (Rule(quorum=3), {"quorum": 3}, "expected more than the 3 that are wanted now, got 3"),
        (Rule(quorum=3), {"wanted_error": 0.1}, "does not close by certainty"),
        (Rule("certainty", wanted_error=0.2), {"wanted_error": 0.3}, "expected less than the 0.2 wanted now"),
        (Rule(quorum=3), {"minutes": 5}, "has no time limit"),
        (Rule("time", minutes=5), {"minutes": 4}, "more than the 5 that it has now in all"),
        (Rule(quorum=3), {"quorum": 5000}, "from 1 to 1000"),
    ],
)
def test_an_extension_that_asks_for_less_or_for_nothing_is_refused(
    rule: Rule, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        extended(rule, **more)


@pytest.mark.django_db
def test_an_extended_generation_waits_for_the_higher_quorum_and_the_next_one_does_not() -> None:
    world = make_world(size=4, quorum=2)
    rate_by(world, 1)
    extend(world, quorum=3)
    rate_by(world, 1)
    assert not services.close_if_complete(generation_id=world.newest.pk)
    assert (progress_of(world.newest).quorum, progress_of(world.newest).needed) == (3, 12)
    rate_by(world, 1)
    assert services.close_if_complete(generation_id=world.newest.pk)
    breeding.breed(generation_id=world.newest.pk)
    assert (world.newest.number, rule_of(world.newest).quorum) == (1, 2)


@pytest.mark.django_db
def test_what_was_enough_before_an_extension_does_not_close_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world(quorum=2)
    rate_by(world, 2)
    before = standing_of(generation_id=world.newest.pk)
    assert before.is_enough
    extend(world, quorum=5)  # between the look and the lock
    monkeypatch.setattr(services, "standing_of", lambda **_: before)
    assert not services.close_if_complete(generation_id=world.newest.pk)
    assert not world.newest.is_closed


@pytest.mark.django_db
def test_only_an_open_generation_of_ones_own_is_extended() -> None:
    world = make_world(quorum=1)
    with pytest.raises(NotFound):
        extend_generation(owner_id=make_host().pk, population_id=world.population.pk, number=0, quorum=5)
    with pytest.raises(NotFound):
        change_rule(owner_id=make_host().pk, population_id=world.population.pk, changes={"quorum": 5})
    rate_by(world, 1)
    services.close_if_complete(generation_id=world.newest.pk)
    with pytest.raises(GenerationAlreadyClosed, match="Extend the next one"):
        extend(world, quorum=5)


@pytest.mark.django_db
def test_a_rule_that_what_was_said_fulfils_closes_at_once() -> None:
    world = make_world(quorum=5)
    rate_by(world, 2)
    extend(world, quorum=6)
    assert change(world, quorum=2) == Rule(quorum=2, wanted_error=0.15)
    assert world.newest.is_closed
    world.population.refresh_from_db()
    assert (world.population.closing, world.population.quorum) == ("quorum", 2)


@pytest.mark.django_db
def test_a_rule_is_changed_from_one_kind_to_another_while_a_generation_is_rated() -> None:
    world = make_world(quorum=2)
    rate_by(world, 1)
    with pytest.raises(Invalid, match="minutes: expected how many"):
        change(world, closing=Population.Closing.TIME)
    change(world, closing=Population.Closing.TIME, minutes=20)
    rate_by(world, 3)
    assert not services.close_if_complete(generation_id=world.newest.pk)
    change(world, closing=Population.Closing.CERTAINTY, minutes=None, wanted_error=0.01)
    assert progress_of(world.newest).wanted_error == 0.01
    assert progress_of(world.newest).closes_at is None


@pytest.mark.django_db
def test_over_the_api_a_field_that_is_wrong_is_named() -> None:
    world = make_world(quorum=3)
    client = signed_in(world.host)
    base = f"/api/v1/populations/{world.population.pk}"
    less = client.post(f"{base}/generations/0/extend/", {"quorum": 2}, format="json")
    assert (less.status_code, less.json()["code"]) == (400, "invalid")
    assert "expected more than the 3" in less.json()["message"]
    none = client.patch(f"{base}/rule/", {"minutes": 0}, format="json")
    assert "minutes" in none.json()["fields"]
    done = client.patch(f"{base}/rule/", {"closing": "time", "minutes": 30}, format="json")
    assert done.json() == {"closing": "time", "quorum": 3, "wanted_error": 0.15, "minutes": 30}
    room = client.get(f"/api/v1/rooms/{world.room.code}/").json()
    assert room["rule"] == done.json()
    more = client.post(f"{base}/generations/0/extend/", {"minutes": 45}, format="json")
    assert more.json()["minutes"] == 45
    assert client.get(f"/api/v1/rooms/{world.room.code}/").json()["rule"]["minutes"] == 45
    assert client.get(f"{base}/").json()["minutes"] == 30


@pytest.mark.django_db
def test_a_generation_tells_the_rule_that_holds_for_it_until_it_has_closed() -> None:
    world = make_world(quorum=2)
    client = signed_in(world.host)
    base = f"/api/v1/populations/{world.population.pk}"
    extend(world, quorum=4)
    assert client.get(f"{base}/").json()["quorum"] == 2
    told = client.get(f"{base}/generations/0/").json()["rule"]
    assert told == {"closing": "quorum", "quorum": 4, "wanted_error": 0.15, "minutes": None}
    change(world, closing=Population.Closing.CERTAINTY, wanted_error=0.2)
    told = client.get(f"{base}/generations/0/").json()["rule"]
    assert (told["closing"], told["quorum"], told["wanted_error"]) == ("certainty", 2, 0.2)
    rate_by(world, 2)
    change(world, closing=Population.Closing.QUORUM)
    assert client.get(f"{base}/generations/0/").json()["rule"] is None


async def test_pages_learn_of_an_extension_and_of_the_time_left_at_once(transactional_db: None) -> None:
    world = await in_thread(make_world, size=6, quorum=1)
    async with Page(world.room.code) as page:
        welcome = await page.join()
        assert (welcome["progress"]["quorum"], welcome["progress"]["closes_at"]) == (1, None)
        await page.rate(await page.next_offer(), 4)
        await in_thread(lambda: extend(world, quorum=4))
        told = await page.hear_until("progressed")
        while told["progress"]["quorum"] != 4:
            told = await page.hear_until("progressed")
        assert told["progress"]["needed"] == 24
        await in_thread(lambda: change(world, minutes=7))
        while told["progress"]["closes_at"] is None:
            told = await page.hear_until("progressed")
        assert told["progress"]["minutes"] == 7
