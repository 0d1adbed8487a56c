"""Guest listeners: a name, and a signed cookie by which they are known again."""

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


def listener_from_cookie(value: str | None) -> Listener | None:
    """The listener that a cookie names; None for none, a forged, an old or a forgotten one."""
    if not value:
        return None
    try:
        listener_id = signing.loads(value, salt=SALT, max_age=YEAR_SECONDS)
    except signing.BadSignature:
        return None
    return Listener.objects.filter(pk=listener_id).first()


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
