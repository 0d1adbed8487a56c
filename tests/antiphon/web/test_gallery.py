"""The gallery's pages: for everybody, the same for each, cheap, and gone at once when a host takes them out."""

import json
import re
import struct
import zlib
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from antiphon.accounts.models import Listener
from antiphon.accounts.services import cookie_for
from antiphon.core.limits import Buckets, Limit
from antiphon.gallery import rates
from antiphon.gallery.services import exhibit
from antiphon.listening.models import Rating
from antiphon.populations.models import Lineage
from antiphon.web.preview import roll_png
from antiphon.web.words import LANGUAGES, figure, word
from generation.score.midi import read
from tests.antiphon.gallery.shown import rated_on, shown_world
from tests.antiphon.listening.worlds import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What an earlier test's pages held is not this one's."""
    cache.clear()


def config_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="antiphon-config" type="application/json">(.*?)</script>', page)
    assert found is not None
    config: dict[str, Any] = json.loads(found.group(1))
    return config


def test_everybody_sees_the_list_and_a_page_and_no_cookie_is_set(client: Client) -> None:
    world = shown_world()
    for address in ("/gallery/", f"/gallery/{world.population.pk}/"):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Evening" in page
        assert "2 generations" in page
        assert all(shown["phrase"]["notes"] for shown in config_of(page)["phrases"].values())


def test_a_page_names_nobody(client: Client) -> None:
    world = shown_world()
    page = client.get(f"/gallery/{world.population.pk}/").content.decode()
    for said in ("Ada", "Lovelace", "Béla", world.host.email, world.room.code, world.room.name):
        assert said not in page
    for listener in Listener.objects.all():
        assert str(listener.pk) not in page


def test_each_phrase_has_its_place_its_evidence_and_its_parents(client: Client) -> None:
    world = shown_world()
    page = client.get(f"/gallery/{world.population.pk}/").content.decode()
    phrases = config_of(page)["phrases"]
    best = next(iter(phrases))
    assert f'id="{best}"' in page
    assert set(re.findall(r'data-phrase="([^"]+)"', page)) == set(phrases)
    assert re.search(r"Rated \d\.\d of 5, likely between \d\.\d and \d\.\d, by 2 listeners\.", page)
    assert any("-parent0" in key for key in phrases)
    assert "The first phrases were made by chance" in page


def test_a_link_says_what_it_leads_to_before_it_is_opened(client: Client, settings: LazySettings) -> None:
    settings.BASE_URL = "https://music.example"
    world = shown_world()
    page = client.get(f"/gallery/{world.population.pk}/").content.decode()
    here = f"https://music.example/gallery/{world.population.pk}/"
    assert "<title>Evening · Gallery · Antiphon</title>" in page
    for name, content in (("og:title", "Evening"), ("og:url", here), ("og:image", f"{here}preview.png")):
        assert f'<meta property="{name}" content="{content}">' in page
    assert re.search(r'<meta name="description" content="2 generations, \d+ ratings by 2 listeners">', page)
    assert f'<link rel="canonical" href="{here}">' in page


def test_a_name_is_text_wherever_it_stands(client: Client) -> None:
    world = shown_world()
    world.population.name = '"><script>alert(1)</script>'
    world.population.save()
    for address in ("/gallery/", f"/gallery/{world.population.pk}/"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_pages_are_german_for_whoever_reads_german(client: Client) -> None:
    world = shown_world()
    for address, text in (("/gallery/", "Galerie"), (f"/gallery/{world.population.pk}/", "Ihre besten Phrasen")):
        page = client.get(address, headers={"accept-language": "de"}).content.decode()
        assert '<html lang="de">' in page
        assert text in page
        assert re.search(r"Bewertet mit \d,\d von 5, wahrscheinlich zwischen \d,\d und \d,\d, von 2 Personen\.", page)


def test_what_is_taken_out_is_gone_at_once_also_for_whoever_kept_a_copy(client: Client) -> None:
    world = shown_world(allows_midi=True)
    address = f"/gallery/{world.population.pk}/"
    page = client.get(address)
    midi = next(one["midi"] for one in config_of(page.content.decode())["phrases"].values() if one["midi"])
    assert client.get(midi).status_code == 200
    exhibit(population=world.population, is_shown=False, allows_midi=False)
    for gone in (address, f"{address}preview.png", midi):
        assert client.get(gone, headers={"if-none-match": page["ETag"]}).status_code == 404
    assert "Evening" not in client.get("/gallery/").content.decode()
    assert client.get(f"/api/v1/gallery/{world.population.pk}/credit/").status_code == 404


def test_a_page_is_asked_about_and_not_sent_again_while_it_is_the_same(client: Client) -> None:
    world = shown_world()
    address = f"/gallery/{world.population.pk}/"
    first = client.get(address)
    assert first["Cache-Control"] == "no-cache"
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-none-match": first["ETag"], "accept-language": "de"}).status_code == 200


def test_a_second_visit_costs_one_query(client: Client, django_assert_num_queries: Any) -> None:
    world = shown_world()
    for address in ("/gallery/", f"/gallery/{world.population.pk}/"):
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)


def test_one_address_that_asks_too_often_is_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    world = shown_world()
    monkeypatch.setattr(rates, "visits", Buckets(f"visits {uuid4()}", Limit(per_second=0.001, at_once=3.0)))
    address = f"/gallery/{world.population.pk}/"
    assert [client.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = client.get(address)
    assert answer["Retry-After"] == "5"
    assert "Wait 5 seconds" in answer.content.decode()
    said = client.get(f"/api/v1/gallery/{world.population.pk}/credit/")
    assert (said.status_code, said.json()["code"]) == (429, "too_fast")
    assert client.get(address, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_midi_is_offered_where_the_host_allows_it(client: Client) -> None:
    world = shown_world(allows_midi=True)
    phrases = config_of(client.get(f"/gallery/{world.population.pk}/").content.decode())["phrases"]
    offered = [one["midi"] for key, one in phrases.items() if "parent" not in key]
    assert all(offered)
    answer = client.get(offered[0])
    assert answer["Content-Disposition"].endswith('.mid"')
    assert len(read(answer.content).notes) > 0
    exhibit(population=world.population, is_shown=True, allows_midi=False)
    closed = config_of(client.get(f"/gallery/{world.population.pk}/").content.decode())["phrases"]
    assert [one["midi"] for one in closed.values()] == [None] * len(closed)
    assert client.get(offered[0]).status_code == 404


def test_the_preview_is_a_picture_of_the_best_phrase(client: Client) -> None:
    world = shown_world()
    answer = client.get(f"/gallery/{world.population.pk}/preview.png")
    assert answer["Content-Type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    length = struct.unpack(">I", answer.content[33:37])[0]
    lines = zlib.decompress(answer.content[41 : 41 + length])
    assert len(lines) == 630 * (1 + 1200 * 3)
    assert len(set(lines)) > 10  # ground, lines, and notes of several tones
    quiet = make_world()
    exhibit(population=quiet.population, is_shown=True, allows_midi=False)
    assert client.get(f"/gallery/{quiet.population.pk}/preview.png").status_code == 404


def test_a_phrase_without_notes_is_drawn_as_empty_bars() -> None:
    nothing: Any = {
        "notes": [], "parts": [], "bends": [], "tempo_bpm": 120.0, "beats_per_bar": 4, "bars": 2,
        "duration_seconds": 4.0,
    }  # fmt: skip
    assert roll_png(nothing)[:4] == b"\x89PNG"


def test_a_page_without_phrases_says_when_there_will_be_some(client: Client) -> None:
    world = make_world()
    assert "Nothing is shown here yet" in client.get("/gallery/").content.decode()
    exhibit(population=world.population, is_shown=True, allows_midi=False)
    assert (
        "No generation of this population has closed yet"
        in client.get(f"/gallery/{world.population.pk}/").content.decode()
    )
    assert client.get("/gallery/", {"before": "nonsense"}).status_code == 200
    assert client.get("/gallery/", {"before": "9" * 40}).status_code == 200


def test_a_listener_is_told_of_their_own_descendants_by_their_cookie_alone(client: Client, settings: Any) -> None:
    world = shown_world(1)
    line = Lineage.objects.filter(child__generation=world.newest, child__first=None)[0]
    ada = Listener.objects.get(name="Ada Lovelace")
    Rating.objects.filter(listener=ada).update(value=1)
    Rating.objects.filter(listener=ada, individual=line.parent).update(value=5)
    address = f"/api/v1/gallery/{world.population.pk}/credit/"
    assert client.get(address).json() == {"credit": None}
    client.cookies[settings.LISTENER_COOKIE] = cookie_for(ada)
    answer = client.get(address)
    assert answer["Cache-Control"] == "private, no-store"
    credit = answer.json()["credit"]
    assert (credit["generation"], credit["size"], credit["liked"]) == (1, 6, 1)
    numbers = {one["number"] for one in credit["descendants"]}
    assert line.child.index + 1 in numbers
    assert all(0 < one["share"] <= 1 for one in credit["descendants"])
    client.cookies[settings.LISTENER_COOKIE] = cookie_for(ada)[:-1] + "x"  # a forged one is none
    assert client.get(address).json()["credit"] is None
    assert client.get("/api/v1/gallery/999999/credit/").status_code == 404


def test_credit_moves_on_with_the_generations(client: Client, settings: Any) -> None:
    world = shown_world(1)
    ada = Listener.objects.get(name="Ada Lovelace")
    client.cookies[settings.LISTENER_COOKIE] = cookie_for(ada)
    address = f"/api/v1/gallery/{world.population.pk}/credit/"
    assert client.get(address).json()["credit"]["generation"] == 1
    rated_on(world, [ada], 1)
    assert client.get(address).json()["credit"]["generation"] == 2


def test_words_are_filled_in_by_the_rules_of_each_language() -> None:
    assert word("en", "gallery.descends", founders=1) == "Descends from 1 phrase of the first generation."
    assert word("en", "gallery.descends", founders=0).startswith("Descends from 0 phrases")
    assert word("de", "gallery.learned_count", pieces=1234) == "1.234 Stücke"
    assert [figure(language, 1234.56) for language in LANGUAGES] == ["1,234.6", "1.234,6"]
