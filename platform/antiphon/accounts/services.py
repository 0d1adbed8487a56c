"""Guest listeners: a name, and a signed cookie by which they are known again."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase
from django.utils import timezone

from antiphon.accounts.models import Listener

SALT = "antiphon.listener"
YEAR_SECONDS = 365 * 86_400


def issue_listener(*, name: str) -> tuple[Listener, str]:
    """A new listener and the value of their cookie."""
    listener = Listener.objects.create(name=name)
    return listener, cookie_for(listener)


def cookie_for(listener: Listener) -> str:
    """The value by which a listener is known again."""
    return signing.dumps(str(listener.pk), salt=SALT)


def listener_id_in(cookie: str | None) -> UUID | None:
    """The listener that a cookie names, who may be forgotten by now; None for none, a forged or an old one."""
    if not cookie:
        return None
    try:
        return UUID(signing.loads(cookie, salt=SALT, max_age=YEAR_SECONDS))
    except signing.BadSignature:
        return None


def listener_from_cookie(cookie: str | None) -> Listener | None:
    """The listener that a cookie names; None for none, a forged, an old or a forgotten one."""
    listener_id = listener_id_in(cookie)
    return None if listener_id is None else Listener.objects.filter(pk=listener_id).first()


def listeners_called(listener_ids: Sequence[UUID]) -> list[Listener | None]:
    """The listeners of these ids, in their order; None for a forgotten one."""
    found = Listener.objects.in_bulk(listener_ids)
    return [found.get(one) for one in listener_ids]


def rename_listener(*, listener: Listener, name: str) -> Listener:
    """Give a listener another name."""
    if listener.name != name:
        listener.name = name
        listener.save(update_fields=["name"])
    return listener


def keep_headphone_check(*, listener_id: UUID, headphones: str) -> None:
    """Keep how a listener's headphone check went; the last one stands."""
    Listener.objects.filter(pk=listener_id).update(headphones=headphones, headphones_at=timezone.now())


def set_listener_cookie(response: HttpResponseBase, value: str) -> None:
    """Put a listener's cookie on a response: long-lived, out of reach of scripts, not sent along from elsewhere."""
    response.set_cookie(
        settings.LISTENER_COOKIE,
        value,
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.LISTENER_COOKIE_SECURE,
    )
