"""What tests with the database share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase

from antiphon.embedded.home import Home
from antiphon.embedded.valkey import ValkeyServer

KEPT = ("django_migrations", "django_content_type", "auth_permission")  # what is migrated, not what tests write


def forget_rows(self: TransactionTestCase) -> None:
    """Empty the tables in which a test that commits has left something.

    Django empties all of them and makes content types and permissions anew: most of the time that such a test took.
    """
    quoted, tables = connection.ops.quote_name, connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        asked = (f"(SELECT '{name}' FROM {quoted(name)} LIMIT 1)" for name in tables if name not in KEPT)
        cursor.execute(" UNION ALL ".join(asked))
        if filled := ", ".join(quoted(name) for (name,) in cursor.fetchall()):
            cursor.execute(f"TRUNCATE {filled} CASCADE")  # what refers to them is empty or named too


@pytest.fixture(scope="session", autouse=True)
def _rows_are_forgotten_fast() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", forget_rows)
        yield


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A server that a test may kill."""
    home = Home(tmp_path / "var")
    home.prepare()
    server = ValkeyServer(home, durable=False)
    server.start()
    yield server
    server.stop()
