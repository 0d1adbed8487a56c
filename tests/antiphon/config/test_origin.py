"""A websocket may be opened by our own pages only."""

import pytest
from django.test import override_settings

from antiphon.config.origin import is_own_origin


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("https://music.example", "localhost:8000", True),
        ("https://evil.example", "localhost:8000", False),
        ("https://evil.example", "evil.example", False),
        ("http://localhost:9000", "localhost:8000", False),
        ("http://localhost:8000.evil.example", "localhost:8000", False),
        ("file://localhost:8000", "localhost:8000", False),
        ("null", "localhost:8000", False),
        ("", "localhost:8000", False),
    ],
)
def test_only_own_origins_are_let_in(origin: str, host: str, is_own: bool) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost", "127.0.0.1"], CSRF_TRUSTED_ORIGINS=["https://music.example"]):
        assert is_own_origin(origin, host) is is_own
