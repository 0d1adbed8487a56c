"""The pages that the server renders."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client

from antiphon.accounts.models import Listener, User
from antiphon.web import bundle
from antiphon.web.bundle import assets_of
from antiphon.web.protocol_schema import encoded_schema
from tests.antiphon.listening.worlds import make_world

pytestmark = pytest.mark.django_db

MANIFEST = {
    "src/room/main.ts": {"file": "assets/room-1.js", "imports": ["_shared.js"], "css": ["assets/room-1.css"]},
    "src/studio/main.ts": {"file": "assets/studio-1.js", "imports": ["_shared.js"]},
    "src/styles/site.ts": {"file": "assets/site-1.js", "imports": ["_all.js"], "css": ["assets/site-1.css"]},
    "_shared.js": {"file": "assets/shared-1.js", "imports": ["_all.js"]},
    "_all.js": {
        "file": "assets/all-1.js",
        "css": ["assets/all-1.css"],
        "assets": ["assets/sans-greek-wght-normal-1.woff2", "assets/sans-latin-wght-normal-1.woff2"],
    },
}


@pytest.fixture
def built(tmp_path: Path, settings: LazySettings) -> Path:
    """A bundle's manifest."""
    settings.VITE_MANIFEST = tmp_path / ".vite" / "manifest.json"
    settings.VITE_MANIFEST.parent.mkdir()
    settings.VITE_MANIFEST.write_text(json.dumps(MANIFEST))
    return Path(settings.VITE_MANIFEST)


def config_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="antiphon-config" type="application/json">(.*?)</script>', page)
    assert found is not None
    config: dict[str, Any] = json.loads(found.group(1))
    return config


def test_the_landing_page_leads_to_a_room_by_its_code(client: Client, built: Path) -> None:
    world = make_world()
    assert "A machine sings" in client.get("/").content.decode()
    answer = client.get("/", {"code": f" {world.room.code.lower()} "})
    assert answer["Location"] == f"/r/{world.room.code}/"
    unknown = client.get("/", {"code": "<script>"})
    assert unknown.status_code == 404
    assert "No room has this code" in unknown.content.decode()
    assert "<script>" not in unknown.content.decode().split("<body")[1]


def test_the_first_visit_to_a_room_leaves_a_signed_cookie_and_the_second_keeps_it(client: Client, built: Path) -> None:
    world = make_world()
    first = client.get(f"/r/{world.room.code}/")
    cookie = first.cookies[settings.LISTENER_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert settings.LISTENER_COOKIE not in client.get(f"/r/{world.room.code}/").cookies
    assert Listener.objects.count() == 1
    client.cookies[settings.LISTENER_COOKIE] = "forged"
    assert settings.LISTENER_COOKIE in client.get(f"/r/{world.room.code}/").cookies


def test_a_room_page_tells_its_script_where_it_is(client: Client, built: Path) -> None:
    world = make_world()
    page = client.get(f"/r/{world.room.code}/").content.decode()
    config = config_of(page)
    assert config["code"] == world.room.code
    assert config["name"] == "The kitchen"
    assert config["ws"] == f"/ws/rooms/{world.room.code}/"
    assert re.fullmatch(r"/static/soundfonts/\w+\.sf3\?v=[0-9a-f]{12}", config["soundfont"])
    assert '<script type="module" src="/static/antiphon/assets/room-1.js"></script>' in page


def test_a_code_typed_in_lower_case_leads_to_the_room_and_an_unknown_one_to_a_kind_page(
    client: Client, built: Path
) -> None:
    world = make_world()
    assert client.get(f"/r/{world.room.code.lower()}/")["Location"] == f"/r/{world.room.code}/"
    unknown = client.get("/r/ZZZZZ/")
    assert unknown.status_code == 404
    assert "There is no room ZZZZZ" in unknown.content.decode()


def test_the_studio_is_for_signed_in_hosts_at_every_address(client: Client, built: Path) -> None:
    assert client.get("/studio/")["Location"] == "/accounts/login/?next=/studio/"
    client.force_login(User.objects.create_user("host@example.org"))
    for address in ("/studio/", "/studio/populations/3"):
        answer = client.get(address)
        config = config_of(answer.content.decode())
        assert config["email"] == "host@example.org"
        assert config["is_staff"] is False
        assert config["csrf"]
        assert "csrftoken" in answer.cookies


def test_no_page_holds_an_inline_script(client: Client, built: Path) -> None:
    world = make_world()
    client.force_login(world.host)
    for address in ("/", "/credits/", "/studio/", f"/r/{world.room.code}/", "/accounts/logout/", "/accounts/email/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        scripts = re.findall(r"<script([^>]*)>", answer.content.decode())
        assert all("src=" in script or "application/json" in script for script in scripts), address


def test_the_credits_name_every_file_and_the_soundfonts_authors(client: Client, built: Path) -> None:
    page = client.get("/credits/").content.decode()
    for words in ("Renato Biolcati Rinaldi", "Frank Wen", "Short chords", "BSD"):
        assert words in page


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_sign_in_pages_wear_our_own_clothes(client: Client, built: Path, address: str) -> None:
    page = client.get(address).content.decode()
    assert 'class="site-head"' in page
    assert 'class="field' in page
    assert 'class="button' in page


def test_styles_of_shared_chunks_come_before_an_entrys_own(built: Path) -> None:
    assets = assets_of("src/room/main.ts")
    assert assets.styles == ("/static/antiphon/assets/all-1.css", "/static/antiphon/assets/room-1.css")
    assert assets.preloads == ("/static/antiphon/assets/all-1.js", "/static/antiphon/assets/shared-1.js")


def test_a_page_asks_for_the_type_that_it_is_set_in_before_it_has_read_its_styles(client: Client, built: Path) -> None:
    assert assets_of("src/room/main.ts").fonts == ("/static/antiphon/assets/sans-latin-wght-normal-1.woff2",)
    tag = '<link rel="preload" as="font" type="font/woff2" crossorigin href="/static/antiphon/assets/sans-latin-'
    assert tag in client.get("/").content.decode()


def test_the_manifest_is_read_again_only_when_it_was_written_anew(built: Path) -> None:
    bundle._read.cache_clear()
    for _ in range(3):
        assets_of("src/room/main.ts")
    assert bundle._read.cache_info().misses == 1
    built.write_text(json.dumps(MANIFEST | {"src/room/main.ts": {"file": "assets/room-2.js"}}))
    assert assets_of("src/room/main.ts").script.endswith("room-2.js")


def test_a_missing_bundle_is_said_on_the_page_with_what_to_do(client: Client, settings: LazySettings) -> None:
    settings.VITE_MANIFEST = "/nowhere/manifest.json"
    page = Template("{% load vite %}{% vite 'src/room/main.ts' %}").render(Context())
    assert "make setup" in page
    assert client.get("/").status_code == 200


def test_the_service_worker_lies_at_the_root_and_is_looked_for_anew(client: Client, built: Path) -> None:
    assert client.get("/service-worker.js").status_code == 404
    (built.parents[1] / "service-worker.js").write_text("// worker")
    answer = client.get("/service-worker.js")
    assert answer.content == b"// worker"
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"


def test_whoever_knows_a_rooms_code_can_show_it_as_a_picture(client: Client, built: Path) -> None:
    world = make_world()
    answer = client.get(f"/r/{world.room.code.lower()}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    assert client.get("/r/ZZZZZ/qr.svg").status_code == 404


def test_unknown_addresses_and_old_forms_get_a_page_that_helps(client: Client, built: Path) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/accounts/login/", {"login": "a@example.org", "password": "b"})
    assert refused.status_code == 403
    assert "This form is too old" in refused.content.decode()


def test_health_tells_what_is_reached(client: Client, settings: LazySettings) -> None:
    assert client.get("/healthz").json() == {"database": True, "valkey": True}
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "valkey": False})


def test_robots_stay_out_of_rooms_and_browsers_find_the_icon(client: Client) -> None:
    assert "Disallow: /r/" in client.get("/robots.txt").content.decode()
    assert client.get("/favicon.ico")["Location"] == "/static/antiphon/icon.svg"


def test_the_checked_in_protocol_is_the_one_that_the_server_speaks(tmp_path: Path) -> None:
    call_command("export_protocol", to=tmp_path / "schema.json", page=tmp_path / "protocol.md", verbosity=0)
    fresh = (tmp_path / "schema.json").read_text()
    checked_in = settings.ROOT / "frontend" / "src" / "protocol" / "protocol.schema.json"
    assert fresh == encoded_schema()
    assert checked_in.read_text() == fresh, "run `make protocol`"
