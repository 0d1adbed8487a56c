"""Which language the pages around a room speak."""

import re
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from antiphon.datasets.starter import STARTERS
from antiphon.web import error_pages
from antiphon.web.words import COOKIE, WORDS, language_of
from tests.antiphon.listening.worlds import make_world

TEMPLATES = Path(__file__).parents[3] / "platform" / "antiphon" / "web" / "templates" / "web"
FOR_HOSTS = ("studio", "403_csrf")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,de;q=0.5", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("fr", "en"),
        ("", "en"),
        ("nonsense;;q=x", "en"),
    ],
)
def test_the_browsers_first_language_that_is_here_is_spoken(header: str, language: str) -> None:
    request = RequestFactory().get("/", headers={"accept-language": header})
    assert language_of(request) == language


def test_a_choice_beats_the_browser_unless_it_names_no_language_here() -> None:
    request = RequestFactory().get("/", headers={"accept-language": "en"})
    request.COOKIES[COOKIE] = "de"
    assert language_of(request) == "de"
    request.COOKIES[COOKIE] = "<script>"
    assert language_of(request) == "en"


@pytest.mark.django_db
def test_landing_and_room_say_in_which_language_they_are(client: Client) -> None:
    world = make_world()
    for address, text in (
        ("/", "Eine Maschine singt"),
        (f"/r/{world.room.code}/", "JavaScript. Schalte"),
        ("/r/NIX/", "Es gibt keinen"),
    ):
        page = client.get(address, headers={"accept-language": "de"}).content.decode()
        assert '<html lang="de">' in page
        assert text in page
    assert '<html lang="en">' in client.get("/accounts/login/", headers={"accept-language": "de"}).content.decode()


def test_credits_and_errors_are_told_in_the_language_of_whoever_reads(client: Client) -> None:
    for address, status, text in (("/credits/", 200, "Lizenztexte"), ("/nowhere/", 404, "Hier ist nichts")):
        answer = client.get(address, headers={"accept-language": "de"})
        assert answer.status_code == status
        assert '<html lang="de">' in answer.content.decode()
        assert text in answer.content.decode()
        assert text not in client.get(address).content.decode()


@pytest.mark.parametrize(("status", "text"), [(400, "stimmt etwas nicht"), (403, "nicht für dich"), (500, "Bei uns")])
def test_every_error_has_its_page_in_german(status: int, text: str) -> None:
    request = RequestFactory().get("/", headers={"accept-language": "de"})
    pages = {400: error_pages.bad_request, 403: error_pages.forbidden}
    answer = error_pages.broken(request) if status == 500 else pages[status](request, Exception())
    assert answer.status_code == status
    assert text in answer.content.decode()
    assert '<html lang="de">' in answer.content.decode()


def test_what_comes_with_the_product_is_named_in_english_as_the_studio_names_it() -> None:
    for starter in STARTERS:
        assert WORDS[f"credits.{starter.folder}.name"][0] == starter.name
        assert WORDS[f"credits.{starter.folder}.about"][0] == starter.description


def test_every_text_is_there_in_both_languages_and_every_key_is_used() -> None:
    used = set()
    for path in (*TEMPLATES.glob("*.html"), *TEMPLATES.parent.glob("*.html")):
        used |= set(re.findall(r"{% word '([^']+)'", path.read_text("utf-8")))
    in_python = {"gallery.phrase", "gallery.too_often"}
    in_python |= {f"credits.{starter.folder}.{part}" for starter in STARTERS for part in ("name", "about")}
    assert used | in_python == WORDS.keys()
    assert all(text.strip() for texts in WORDS.values() for text in texts)


# The studio and the forms of accounts are for hosts, in English.
@pytest.mark.parametrize(
    "path",
    [one for one in (*TEMPLATES.glob("*.html"), *TEMPLATES.parent.glob("*.html")) if one.stem not in FOR_HOSTS],
    ids=lambda path: path.name,
)
def test_no_template_for_listeners_has_a_sentence_of_its_own(path: Path) -> None:
    text = re.sub(r"{% block main_class %}\w+|{#.*?#}|{%.*?%}|{{.*?}}", " ", path.read_text("utf-8"), flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', text) + re.split(r"<[^>]*>", text)
    left = {word for part in spoken for word in re.findall(r"[^\W\d_]{2,}", part)}
    assert left <= {"Antiphon"}
