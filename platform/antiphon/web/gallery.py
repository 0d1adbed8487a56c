"""The public gallery: pages for everybody, without an account, the same for each visitor of one language.

Each visit asks the database whether the population is still shown; what the page holds is kept for some seconds.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from antiphon.core.downloads import midi_download
from antiphon.core.errors import NotFound
from antiphon.gallery import selectors
from antiphon.gallery.rates import WAIT_SECONDS, TooOften, check_rate
from antiphon.gallery.selectors import Card, PopulationPage, ShownPhrase
from antiphon.populations.exports import individual_midi, individual_name
from antiphon.web.preview import roll_png
from antiphon.web.views import soundfont_address
from antiphon.web.words import language_of, word

KEPT_SECONDS = 30  # of what a page holds; that it is shown at all is looked up on each visit
SHAPE = 1  # of what is kept: another release may keep something else

View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """A page that no account changes: limited by address, and asked for again only where it has changed."""

    @require_safe
    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            check_rate(request)
            response = view(request, *args, **kwargs)
        except TooOften:
            said = word(language_of(request), "gallery.too_often", seconds=WAIT_SECONDS)
            return HttpResponse(said, status=429, content_type="text/plain", headers={"Retry-After": WAIT_SECONDS})
        except NotFound as not_found:
            raise Http404(not_found.message) from None
        response["Cache-Control"] = "no-cache"  # kept, and asked about each time: what is taken out is gone at once
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return cast(View, answer)


@for_everybody
def gallery(request: HttpRequest) -> HttpResponse:
    """The populations whose hosts show them, each with its best phrase."""
    before = request.GET.get("before", "")
    cursor = int(before) if before.isdecimal() and len(before) < 19 else None
    state = selectors.entries().aggregate(shown=Count("pk"), newest=Max("pk"))
    key = f"gallery:{SHAPE}:list:{state['shown']}:{state['newest']}:{cursor or ''}"
    listed = cache.get_or_set(key, lambda: selectors.cards(before=cursor), KEPT_SECONDS)
    cards, following = cast(tuple[list[Card], int | None], listed)
    language = language_of(request)
    return render(
        request,
        "web/gallery.html",
        {
            "language": language,
            "cards": cards,
            "following": following,
            "is_first": cursor is None,
            "config": _config({f"p{card.population_id}": _played(language, card.best) for card in cards}),
            "address": settings.BASE_URL + request.path,
        },
    )


@for_everybody
def population(request: HttpRequest, population_id: int) -> HttpResponse:
    """One population: its best phrases, who is credited, and where it comes from."""
    page = _page(population_id)
    language = language_of(request)
    phrases = {phrase.name.key: _played(language, phrase, page=page) for phrase in page.phrases}
    for phrase in page.phrases:
        for place, (name, heard) in enumerate(phrase.parents):
            key = f"{phrase.name.key}-parent{place}"
            phrases[key] = {"name": _name(language, name.generation, name.number), "phrase": heard, "midi": None}
    return render(
        request,
        "web/gallery_population.html",
        {
            "language": language,
            "page": page,
            "counts": asdict(page.counts),
            "config": _config(phrases) | {"credit": reverse("gallery_credit", args=[population_id])},
            "address": settings.BASE_URL + request.path,
            "picture": settings.BASE_URL + reverse("gallery_preview", args=[population_id]),
        },
    )


@for_everybody
def preview(_request: HttpRequest, population_id: int) -> HttpResponse:
    """The best phrase's roll, for whoever is sent the page's link."""
    page = _page(population_id)
    if not page.phrases:
        raise NotFound("There is nothing to draw yet.")
    return HttpResponse(roll_png(page.phrases[0].phrase), content_type="image/png")


@for_everybody
def midi(_request: HttpRequest, population_id: int, individual_id: int) -> HttpResponse:
    """A phrase to take away, where its host allows that."""
    individual = selectors.midi_of(selectors.entry_of(population_id), individual_id)
    return midi_download(individual_midi(individual), name=individual_name(individual))


def _page(population_id: int) -> PopulationPage:
    entry = selectors.entry_of(population_id)
    key = f"gallery:{SHAPE}:{entry.pk}:{entry.allows_midi}"
    return cast(PopulationPage, cache.get_or_set(key, lambda: selectors.page_of(entry), KEPT_SECONDS))


def _config(phrases: dict[str, Any]) -> dict[str, Any]:
    return {"soundfont": soundfont_address(), "phrases": phrases}


def _played(language: str, phrase: ShownPhrase, *, page: PopulationPage | None = None) -> dict[str, Any]:
    """What the script plays and draws in the place of this key."""
    is_free = page is not None and page.allows_midi
    return {
        "name": _name(language, phrase.name.generation, phrase.name.number),
        "phrase": phrase.phrase,
        "midi": reverse("gallery_midi", args=[page.population_id, phrase.individual_id]) if page and is_free else None,
    }


def _name(language: str, generation: int, number: int) -> str:
    return word(language, "gallery.phrase", generation=generation, number=number)
