"""Nodes and their tokens."""

import pytest
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext

from antiphon.core.errors import Conflict, Invalid
from antiphon.workers import nodes
from antiphon.workers.models import Node

pytestmark = pytest.mark.django_db


def test_a_node_is_known_by_its_token_of_which_only_the_hash_is_kept() -> None:
    node, token = nodes.create_node(name="attic")
    assert nodes.authenticate(token) == node
    assert token not in str(Node.objects.values().get())
    node.refresh_from_db()
    assert node.seen_at is not None


@pytest.mark.parametrize("token", ["", "antiphon_node_", "x" * 60])
def test_another_token_is_nobodys(token: str) -> None:
    nodes.create_node(name="attic")
    assert nodes.authenticate(token) is None


def test_a_disabled_node_is_nobody() -> None:
    node, token = nodes.create_node(name="attic")
    Node.objects.filter(pk=node.pk).update(is_enabled=False)
    assert nodes.authenticate(token) is None


def test_a_renewed_token_replaces_the_old_one() -> None:
    node, old = nodes.create_node(name="attic")
    new = nodes.renew_token(node=node)
    assert nodes.authenticate(old) is None
    assert nodes.authenticate(new) == node


def test_a_name_is_given_once() -> None:
    nodes.create_node(name="attic")
    with pytest.raises(Conflict):
        nodes.create_node(name="attic")


def test_ensuring_a_node_twice_keeps_one_with_the_last_token() -> None:
    for letter in "ab":
        call_command("ensure_node", "local", letter * 30, verbosity=0)
    assert nodes.authenticate("a" * 30) is None
    found = nodes.authenticate("b" * 30)
    assert found is not None
    assert Node.objects.count() == 1


def test_a_short_token_is_refused() -> None:
    with pytest.raises(Invalid, match="at least 24"):
        nodes.ensure_node(name="local", token="short")
    with pytest.raises(CommandError, match="at least 24"):
        call_command("ensure_node", "local", "short")


def test_the_command_prints_the_token_of_a_new_node(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_node", "attic")
    assert nodes.authenticate(capsys.readouterr().out.strip()) == Node.objects.get()


def test_being_seen_is_written_at_most_every_few_seconds(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    _, token = nodes.create_node(name="attic")
    with django_assert_num_queries(2) as queries:
        nodes.authenticate(token)
    assert isinstance(queries, CaptureQueriesContext)
    with django_assert_num_queries(1):
        nodes.authenticate(token)
