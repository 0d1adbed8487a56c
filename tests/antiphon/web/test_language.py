"""Which language the pages around a room speak."""

import re
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from antiphon.web.words import COOKIE, WORDS, language_of
from tests.antiphon.listening.worlds import make_world

TEMPLATES = Path(__file__).parents[3] / "platform" / "antiphon" / "web" / "templates" / "web"


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


def test_every_text_is_there_in_both_languages_and_every_key_is_used() -> None:
    used = set()
    for path in TEMPLATES.glob("*.html"):
        used |= set(re.findall(r"{% word '([^']+)'", path.read_text("utf-8")))
    assert used | {"gallery.phrase"} == WORDS.keys()  # which names a phrase for its script
    assert all(text.strip() for texts in WORDS.values() for text in texts)
