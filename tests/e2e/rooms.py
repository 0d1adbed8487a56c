"""Rooms made without a studio: a host, a population of phrases made by chance, and a room on it."""

import json
from dataclasses import dataclass

from tests.e2e.stack import Stack

MAKE = """
import json
from antiphon.listening.models import Room
from antiphon.listening.services import open_room
from tests.e2e.seeded import seeded
asked = json.loads({asked!r})
name, settings = asked["name"], dict(size=asked["size"], mutations=2)
(population,) = seeded("rooms@example.org", dict(name=name, settings=settings, quorum=asked["quorum"]))
room = open_room(owner_id=population.owner_id, population_id=population.pk, name=name)
Room.objects.filter(pk=room.pk).update(has_duels=asked["has_duels"], has_anchors=False, has_repeats=False)
print(room.code)
"""
COUNT = """
from antiphon.listening.models import Rating
from django.db.models import Count
ratings = Rating.objects.filter(room__code={code!r})
doubles = ratings.values("listener", "individual", "occasion").annotate(times=Count("pk")).filter(times__gt=1)
print(ratings.count(), doubles.count())
"""
SHOW = """
from antiphon.gallery.services import exhibit
from antiphon.listening.models import Room
room = Room.objects.select_related("population").get(code={code!r})
print(exhibit(population=room.population, is_shown={is_shown}, allows_midi=True).population_id)
"""
HAND_OVER = """
from antiphon.accounts.models import User
from antiphon.listening.models import Room
room = Room.objects.select_related("population").get(code={code!r})
room.owner = room.population.owner = User.objects.get(email={email!r})
room.save()
room.population.save()
print(room.population_id)
"""
CLOSE = """
from antiphon.listening.models import Room
from antiphon.listening.services import set_room_state
print(set_room_state(room=Room.objects.get(code={code!r}), state="closed").state)
"""


@dataclass(frozen=True)
class RoomOf:
    """A room, its link and its code."""

    code: str
    link: str


def open_room(stack: Stack, name: str, *, size: int = 4, quorum: int = 2, has_duels: bool = False) -> RoomOf:
    """A room with a first generation of short phrases."""
    asked = json.dumps({"name": name, "size": size, "quorum": quorum, "has_duels": has_duels})
    code = stack.ask(MAKE.format(asked=asked))
    return RoomOf(code, f"{stack.url}/r/{code}/")


def show_in_gallery(stack: Stack, code: str, *, is_shown: bool = True) -> str:
    """Show a room's population in the gallery, or no longer; the address of its page there."""
    return f"{stack.url}/gallery/{stack.ask(SHOW.format(code=code, is_shown=is_shown))}/"


def hand_over(stack: Stack, code: str, email: str) -> int:
    """Give a room and its population to another host; the population's id."""
    return int(stack.ask(HAND_OVER.format(code=code, email=email)))


def close_room(stack: Stack, code: str) -> None:
    """Close a room for good."""
    assert stack.ask(CLOSE.format(code=code)) == "closed"


def ratings_in(stack: Stack, code: str) -> tuple[int, int]:
    """How many ratings a room has, and how many of them are there twice."""
    ratings, doubles = stack.ask(COUNT.format(code=code)).split()
    return int(ratings), int(doubles)
