"""One tree of errors that a person can act on. A message says what was expected, what came, and what to do."""

from typing import ClassVar


class DomainError(Exception):
    """Something a person asked for that cannot be done as asked."""

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(DomainError):
    """What came does not have the expected form or range."""


class NotFound(DomainError):
    """There is no such thing, or it is not yours."""

    code = "not_found"
    status = 404


class Forbidden(DomainError):
    """It is there, but this person may not do this with it."""

    code = "forbidden"
    status = 403


class Conflict(DomainError):
    """It cannot be done in the state things are in."""

    code = "conflict"
    status = 409


class TooLarge(DomainError):
    """More bytes, files or notes came than are taken at once."""

    code = "too_large"
    status = 413


class Unavailable(DomainError):
    """It could be done, but not here or not now."""

    code = "unavailable"
    status = 503

    def __init__(self, message: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
