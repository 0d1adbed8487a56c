"""What one test commits is gone for the next one, and what was migrated is still there."""

import pytest
from django.apps import apps
from django.test import TransactionTestCase

from tests.antiphon.conftest import KEPT, forget_rows
from tests.antiphon.listening.worlds import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def counted() -> dict[str, int]:
    """Rows by table, of the tables that have some."""
    models = apps.get_models(include_auto_created=True)
    counts = {model._meta.db_table: model._default_manager.count() for model in models}
    return {table: rows for table, rows in counts.items() if rows}


def test_what_a_test_commits_is_forgotten_and_nothing_else() -> None:
    before = counted()
    assert set(before) <= set(KEPT)
    assert {"django_content_type", "auth_permission"} <= set(before)
    make_world()
    assert len(counted()) > len(before) + 5
    forget_rows(TransactionTestCase())
    assert counted() == before
    forget_rows(TransactionTestCase())  # also where there is nothing to forget
    assert counted() == before
