"""The pages that say what went wrong, in the language of whoever reads them; named in `config.urls`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from antiphon.web.words import language_of


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent can't be read."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for whoever asks."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing has this address."""
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed here. Asks nothing of the database, which may be what failed: so it knows of no account."""
    return HttpResponse(render_to_string("500.html", {"language": language_of(request)}), status=500)


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", {"language": language_of(request)}, status=status)
