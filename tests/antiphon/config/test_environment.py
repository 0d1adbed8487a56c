"""What a process is told by its environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from antiphon.config import environment


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTIPHON_NOT_THERE", raising=False)
    with pytest.raises(ImproperlyConfigured, match="ANTIPHON_NOT_THERE is not set"):
        environment.required("ANTIPHON_NOT_THERE")


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", True)])
def test_a_flag_is_on_or_off(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("ANTIPHON_FLAG", value)
    assert environment.flag("ANTIPHON_FLAG", default=True) is expected


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTIPHON_FLAG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="'perhaps'"):
        environment.flag("ANTIPHON_FLAG")


def test_a_database_url_may_name_a_socket() -> None:
    found = environment.database("postgresql://ann:s%40crt@/music?host=/run/pg&port=6000&sslmode=disable")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("ann", "s@crt", "music")
    assert (found["HOST"], found["PORT"]) == ("/run/pg", "6000")
    assert found["OPTIONS"]["sslmode"] == "disable"  # type: ignore[index]


def test_a_database_url_may_name_a_host() -> None:
    found = environment.database("postgres://ann@db.example:5433/music")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")


def test_another_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        environment.database("sqlite:///file")
