"""The OpenAPI document, which the studio's types are generated from."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

CHECKED_IN: Path = settings.ROOT / "frontend" / "src" / "api" / "openapi.json"


def test_the_checked_in_document_is_what_the_api_says_now(tmp_path: Path) -> None:
    now = tmp_path / "openapi.json"
    call_command("spectacular", "--format", "openapi-json", "--fail-on-warn", "--file", str(now))
    assert CHECKED_IN.read_text("utf-8") == now.read_text("utf-8"), "It is stale: run `make protocol`."
