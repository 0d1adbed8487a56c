"""What every API view shares: how errors are told, who is asking, how much JSON is read."""

import json
import logging
from collections.abc import Mapping
from typing import IO, Any, ClassVar, TypeVar

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404
from rest_framework import serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from antiphon.core.errors import DomainError, Forbidden, TooLarge, Unavailable

log = logging.getLogger(__name__)

Form = TypeVar("Form", bound=serializers.Serializer[Any])


class ErrorSerializer(serializers.Serializer[Any]):
    """The form of every error."""

    code = serializers.CharField(help_text="A word that a program can test for.")
    message = serializers.CharField(help_text="What was expected, what came, and what to do.")
    fields = serializers.DictField(  # type: ignore[assignment]  # the wire's word; DRF's own attribute is elsewhere
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="For a form: the messages of each field.",
    )


def valid(form: Form) -> Form:
    """An input serializer whose data were checked. Raises ValidationError."""
    form.is_valid(raise_exception=True)
    return form


def handle_error(error: Exception, context: Mapping[str, Any]) -> Response:
    """Tell an error as {"code", "message", "fields"?}. What nobody foresaw is logged, and told without its details."""
    if isinstance(error, DomainError):
        seconds = error.retry_after_seconds if isinstance(error, Unavailable) else None
        headers = None if seconds is None else {"Retry-After": str(seconds)}
        return _response(error.status, error.code, error.message, headers=headers)
    if isinstance(error, ValidationError):
        return _invalid(error)
    if isinstance(error, APIException):
        headers = {"WWW-Authenticate": error.auth_header} if hasattr(error, "auth_header") else None
        code = Forbidden.code if error.status_code == Forbidden.status else str(error.default_code)
        return _response(error.status_code, code, str(error.detail), headers=headers)
    if isinstance(error, Http404):
        return _response(404, "not_found", "There is no such thing, or it is not yours.")
    if isinstance(error, PermissionDenied):
        return _response(403, "forbidden", str(error) or "You may not do this.")
    if isinstance(error, TooManyFilesSent | RequestDataTooBig):
        return _response(413, TooLarge.code, f"{error} Send less at once.")
    if isinstance(error, SuspiciousOperation):
        return _response(400, "invalid", "The request is malformed.")
    log.error("unforeseen error in %s", type(context.get("view")).__name__, exc_info=error)
    return _response(500, "internal", "Something went wrong here. It has been logged; try again in a moment.")


def _response(
    code_status: int, code: str, message: str, *, fields: Any = None, headers: dict[str, str] | None = None
) -> Response:
    body = {"code": code, "message": message}
    if fields:
        body["fields"] = fields
    return Response(body, status=code_status, headers=headers)


def _invalid(error: ValidationError) -> Response:
    fields = _flat(error.detail)
    name, messages = next(iter(fields.items()), ("", ["The request is not valid."]))
    is_about_all = name in {"", api_settings.NON_FIELD_ERRORS_KEY}
    message = messages[0] if is_about_all else f"{name}: {messages[0]}"
    return _response(error.status_code, "invalid", message, fields=fields)


def _flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested messages of a form by dotted field names."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found.update(_flat(inner, f"{prefix}.{name}" if prefix else str(name)))
        return found
    if isinstance(detail, list | tuple):
        plain = [str(inner) for inner in detail if not isinstance(inner, Mapping | list)]
        found = {prefix: plain} if plain else {}
        for index, inner in enumerate(detail):
            if isinstance(inner, Mapping | list) and inner:
                found.update(_flat(inner, f"{prefix}.{index}" if prefix else str(index)))
        return found
    return {prefix: [str(detail)]}


class HostAuthentication(SessionAuthentication):
    """A signed-in host; without one the answer is 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class LimitedJSONParser(JSONParser):
    """JSON of at most `max_bytes`: DRF reads the stream past Django's own limit."""

    max_bytes: ClassVar[int] = 1024 * 1024

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(self.max_bytes + 1)
        if len(body) > self.max_bytes:
            raise TooLarge(f"Expected JSON of at most {self.max_bytes:,} bytes. Send less at once.")
        try:
            parsed = json.loads(body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"Expected JSON: {error}.") from None
        if not isinstance(parsed, dict):
            raise ParseError(f"Expected a JSON object, got {type(parsed).__name__}.")
        return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


NO_CONTENT = status.HTTP_204_NO_CONTENT
