"""What a host's pages read of a room in which much was said: every rating once, however many phrases there are."""

import json
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from antiphon.accounts.models import Listener
from antiphon.listening.selectors import COUNT_SAID
from antiphon.populations.selectors import generations_with_figures
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db

N_PHRASES, N_LISTENERS = 10, 6


@pytest.fixture
def world() -> World:
    world = make_world(size=N_PHRASES, quorum=99)
    for number in range(N_LISTENERS):
        rate(world, Listener.objects.create(name=str(number)), new_in(world.newest), [3] * N_PHRASES)
    return world


def ratings_read(sql: str, params: Any) -> float:
    """How many rows of ratings PostgreSQL goes through for a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    [plan] = json.loads(found) if isinstance(found, str) else found

    def read(node: dict[str, Any]) -> float:
        own = node.get("Relation Name") == "listening_rating"
        lost = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        rows = node["Actual Loops"] * (node["Actual Rows"] + lost) if own else 0.0
        return float(rows + sum(read(below) for below in node.get("Plans", [])))

    return read(plan["Plan"])


def of(queryset: QuerySet[Any]) -> float:
    return ratings_read(*queryset.query.sql_with_params())


def test_figures_of_generations_read_every_rating_once(world: World) -> None:
    generations = generations_with_figures().filter(population=world.population)
    assert generations.get().ratings == N_PHRASES * N_LISTENERS  # type: ignore[attr-defined]
    assert generations.get().size == N_PHRASES  # type: ignore[attr-defined]
    assert of(generations) <= 2 * N_PHRASES * N_LISTENERS


def test_figures_of_rooms_read_every_rating_once(world: World) -> None:
    assert ratings_read(COUNT_SAID, [[world.room.pk]]) <= 2 * N_PHRASES * N_LISTENERS
