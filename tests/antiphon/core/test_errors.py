"""Every error of the API has one form."""

import logging
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, TooManyFilesSent
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, ValidationError

from antiphon.core.api import handle_error
from antiphon.core.errors import Conflict, TooLarge
from tests.antiphon.hosts import make_host, signed_in


def told(error: Exception) -> tuple[int, Any]:
    response = handle_error(error, {})
    return response.status_code, response.data


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict("Not now."), 409, "conflict"),
        (TooLarge("Too much."), 413, "too_large"),
        (Http404("gone"), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (NotAuthenticated(), 401, "not_authenticated"),
        (TooManyFilesSent("Too many."), 413, "too_large"),
    ],
)
def test_an_error_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    assert told(error)[0] == status
    assert told(error)[1]["code"] == code


def test_nested_messages_of_a_form_are_flat_and_the_first_is_the_message() -> None:
    status, body = told(ValidationError({"frame": {"bars": ["Too many."]}, "names": [{}, {"a": ["Missing."]}]}))
    assert status == 400
    assert body["message"] == "frame.bars: Too many."
    assert body["fields"] == {"frame.bars": ["Too many."], "names.1.a": ["Missing."]}


def test_what_nobody_foresaw_is_logged_and_told_without_details(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        status, body = told(ZeroDivisionError("a secret"))
    assert status == 500
    assert "secret" not in str(body)
    assert "a secret" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["{", "[1]", '{"name": NaN}', "null", '{"name": "' + "a" * 1_100_000 + '"}'])
def test_a_body_that_is_not_a_small_json_object_is_refused(body: str) -> None:
    response = signed_in(make_host()).post("/api/v1/datasets/", body, content_type="application/json")
    assert response.status_code in {400, 413}
    assert set(response.json()) == {"code", "message"}


@pytest.mark.django_db
def test_a_bad_form_names_its_fields() -> None:
    response = signed_in(make_host()).post("/api/v1/datasets/", {"name": ""}, format="json")
    assert response.status_code == 400
    assert response.json()["fields"] == {"name": ["This field may not be blank."]}
