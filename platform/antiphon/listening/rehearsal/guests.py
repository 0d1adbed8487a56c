"""Simulated listeners as the platform knows them: guests with a cookie, marked so that nobody takes them for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from antiphon.accounts.models import Listener
from antiphon.accounts.services import cookie_for
from antiphon.listening.rehearsal.listener import name_of


@dataclass(frozen=True)
class Guest:
    """A simulated listener, the value of their cookie, and what they call themselves."""

    id: UUID
    cookie: str
    name: str


def invite(count: int) -> list[Guest]:
    """So many new simulated listeners, numbered by name."""
    made = Listener.objects.bulk_create(Listener(name=name_of(index), is_simulated=True) for index in range(count))
    return [_guest(one) for one in made]


def invited(ids: Sequence[UUID]) -> list[Guest]:
    """Those who were invited before, in the same order; who was deleted is left out."""
    known = Listener.objects.filter(is_simulated=True).in_bulk(list(ids))
    return [_guest(known[one]) for one in ids if one in known]


def _guest(listener: Listener) -> Guest:
    return Guest(listener.pk, cookie_for(listener), listener.name)
