"""Listeners are known again by a signed cookie."""

import time

import pytest
from django.core import signing
from django.http import HttpResponse

from antiphon.accounts import services
from tests.antiphon.hosts import make_host, signed_in

pytestmark = pytest.mark.django_db


def test_a_listener_is_known_again_by_the_cookie() -> None:
    listener, cookie = services.issue_listener(name="Ana")
    assert services.listener_from_cookie(cookie) == listener


@pytest.mark.parametrize("value", [None, "", "nonsense", "a:b:c"])
def test_a_cookie_that_is_none_names_nobody(value: str | None) -> None:
    assert services.listener_from_cookie(value) is None


def test_a_forged_cookie_names_nobody() -> None:
    listener, cookie = services.issue_listener(name="Ana")
    payload, rest = cookie.split(":", 1)
    other = signing.dumps(str(listener.pk), key="another key", salt=services.SALT)
    assert services.listener_from_cookie(payload + "x:" + rest) is None
    assert services.listener_from_cookie(other) is None


def test_a_cookie_older_than_a_year_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    _, cookie = services.issue_listener(name="Ana")
    later = time.time() + services.YEAR_SECONDS + 10
    monkeypatch.setattr(time, "time", lambda: later)
    assert services.listener_from_cookie(cookie) is None


def test_a_forgotten_listener_is_nobody() -> None:
    listener, cookie = services.issue_listener(name="Ana")
    listener.delete()
    assert services.listener_from_cookie(cookie) is None


def test_the_cookie_is_out_of_reach_of_scripts() -> None:
    response = HttpResponse()
    services.set_listener_cookie(response, "value")
    morsel = response.cookies["antiphon_listener"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"


def test_a_listener_may_change_their_name() -> None:
    listener, _ = services.issue_listener(name="Ana")
    services.rename_listener(listener=listener, name="Bea")
    listener.refresh_from_db()
    assert listener.name == "Bea"


def test_a_host_is_told_who_they_are() -> None:
    host = make_host()
    assert signed_in(host).get("/api/v1/me/").json() == {"email": host.email, "is_staff": False}
