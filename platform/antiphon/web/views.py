"""The pages: a landing page, and shells in which the room and the studio run."""

import hashlib
import logging
from functools import lru_cache
from io import BytesIO

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import Error as DatabaseError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from antiphon.accounts.services import issue_listener, listener_from_cookie, set_listener_cookie
from antiphon.listening.codes import tidy_code
from antiphon.listening.protocol.terms import PROTOCOL_VERSION
from antiphon.listening.selectors import room_by_code, room_link
from antiphon.web.bundle import bundle_folder
from antiphon.web.credits import packaged_credits
from antiphon.web.words import language_of
from generation.score.soundfont import SOUNDFONT

log = logging.getLogger(__name__)

SOUNDFONT_ADDRESS = f"soundfonts/{SOUNDFONT.name}"
NEW_LISTENER_NAME = ""  # who gives none as they join has none
ROBOTS = "User-agent: *\nDisallow: /r/\nDisallow: /studio/\nDisallow: /admin/\nDisallow: /api/\n"


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, and a way in; the form sends a room's code here."""
    typed = request.GET.get("code", "")
    spoken = {"language": language_of(request)}
    if not typed:
        return render(request, "web/landing.html", spoken)
    code = tidy_code(typed)
    if room_by_code(code) is None:
        return render(request, "web/landing.html", spoken | {"typed": typed[:40], "is_unknown": True}, status=404)
    return redirect("room", code=code)


@require_safe
@never_cache
def room(request: HttpRequest, code: str) -> HttpResponse:
    """A listener's page. The first visit leaves a signed cookie, by which the listener is known again."""
    tidy = tidy_code(code)
    if tidy != code:
        return redirect("room", code=tidy)
    found = room_by_code(tidy)
    language = language_of(request)
    if found is None:
        return render(request, "web/no_room.html", {"code": tidy[:12], "language": language}, status=404)
    config = {
        "code": found.code,
        "name": found.name,
        "soundfont": soundfont_address(),
        "ws": f"/ws/rooms/{found.code}/",
        "protocol": PROTOCOL_VERSION,
    }
    response = render(request, "web/room.html", {"config": config, "title": found.name, "language": language})
    if listener_from_cookie(request.COOKIES.get(settings.LISTENER_COOKIE)) is None:
        _, cookie = issue_listener(name=NEW_LISTENER_NAME)
        set_listener_cookie(response, cookie)
    return response


@require_safe
def room_qr(request: HttpRequest, code: str) -> HttpResponse:
    """A room's link as a QR code, for whoever is in it and brings a friend in; black on white for the phones."""
    found = room_by_code(tidy_code(code))
    if found is None:
        raise Http404
    out = BytesIO()
    segno.make(room_link(found.code), error="m", micro=False).save(out, kind="svg", scale=4, dark="#000", light="#fff")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The room's service worker. It lies at the root, because a worker's place limits which pages it may look after."""
    try:
        script = (bundle_folder() / "service-worker.js").read_bytes()
    except OSError:
        raise Http404 from None
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"  # a new build is noticed on the next visit
    return response


@require_safe
@never_cache
@ensure_csrf_cookie
@login_required
def studio(request: HttpRequest, path: str = "") -> HttpResponse:
    """A host's page; every address under it is the page's own."""
    user = request.user
    config = {
        "email": getattr(user, "email", ""),
        "is_staff": bool(getattr(user, "is_staff", False)),
        "soundfont": static(SOUNDFONT_ADDRESS),
        "ws": "/ws/studio/",
        "csrf": get_token(request),
    }
    return render(request, "web/studio.html", {"config": config})


@require_safe
def credits_page(request: HttpRequest) -> HttpResponse:
    """Whose music and whose sounds these are, and under which licences."""
    return render(request, "web/credits.html", {"credits": packaged_credits(), "language": language_of(request)})


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process reaches the database and Valkey: 200, or 503 with what is missing."""
    answers = {"database": _reaches_database(), "valkey": _reaches_valkey()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Rooms are found by their link, not by a search."""
    return HttpResponse(ROBOTS, content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Where browsers look without being told."""
    return HttpResponseRedirect(static("antiphon/icon.svg"))


@lru_cache(maxsize=1)
def soundfont_address() -> str:
    """Where the SoundFont lies, with a version that changes with its content: a browser keeps it until then."""
    version = hashlib.sha256(SOUNDFONT.read_bytes()).hexdigest()[:12]
    return f"{static(SOUNDFONT_ADDRESS)}?v={version}"


def _reaches_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.warning("the database does not answer")
        return False
    return True


def _reaches_valkey() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as valkey:
            valkey.ping()
    except RedisError:
        log.warning("Valkey does not answer")
        return False
    return True
