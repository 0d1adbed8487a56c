"""The host's switch: off by default, done at once, and not for what simulated listeners rate."""

import pytest

from antiphon.core.errors import NotFound
from antiphon.gallery.models import GalleryEntry
from antiphon.gallery.selectors import cards, entry_of
from antiphon.gallery.services import RehearsalStaysInside, exhibit
from tests.antiphon.gallery.shown import shown_world
from tests.antiphon.hosts import signed_in
from tests.antiphon.listening.worlds import make_world

pytestmark = pytest.mark.django_db


def test_a_population_is_not_shown_unless_its_host_says_so() -> None:
    world = make_world()
    client = signed_in(world.host)
    address = f"/api/v1/populations/{world.population.pk}/gallery/"
    assert client.get(address).json() == {"is_shown": False, "allows_midi": False, "address": None}
    assert not GalleryEntry.objects.exists()
    with pytest.raises(NotFound):
        entry_of(world.population.pk)


def test_a_host_shows_a_population_and_takes_it_out_again() -> None:
    world = make_world()
    client = signed_in(world.host)
    address = f"/api/v1/populations/{world.population.pk}/gallery/"
    shown = {"is_shown": True, "allows_midi": True, "address": f"/gallery/{world.population.pk}/"}
    assert client.put(address, {"is_shown": True, "allows_midi": True}, format="json").json() == shown
    assert client.get(address).json() == shown
    assert entry_of(world.population.pk).allows_midi
    gone = client.put(address, {"is_shown": False, "allows_midi": True}, format="json").json()
    assert gone == {"is_shown": False, "allows_midi": False, "address": None}
    with pytest.raises(NotFound):
        entry_of(world.population.pk)


def test_showing_twice_changes_what_is_allowed_and_nothing_else() -> None:
    world = make_world()
    for allows_midi in (False, True, False):
        exhibit(population=world.population, is_shown=True, allows_midi=allows_midi)
        assert GalleryEntry.objects.get().allows_midi is allows_midi


def test_a_rehearsal_cannot_be_shown_and_is_not_found_where_it_was_shown_before() -> None:
    world = shown_world()
    assert len(cards()[0]) == 1
    world.population.is_rehearsal = True
    world.population.save()
    assert cards() == ([], None)
    with pytest.raises(NotFound):
        entry_of(world.population.pk)
    with pytest.raises(RehearsalStaysInside, match="got a rehearsal"):
        exhibit(population=world.population, is_shown=True, allows_midi=False)
    answer = signed_in(world.host).put(
        f"/api/v1/populations/{world.population.pk}/gallery/", {"is_shown": True}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "rehearsal")
