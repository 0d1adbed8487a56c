"""How much one address may ask of the gallery, over all web processes. Nobody signs in: addresses are all there is."""

from django.http import HttpRequest

from antiphon.core.errors import DomainError
from antiphon.core.limits import Buckets, Limit

# A class behind one address opens a page at once, each with what it loads; nobody reads twenty pages a second.
VISITS = Limit(per_second=20.0, at_once=400.0)
WAIT_SECONDS = 5

visits = Buckets("visits", VISITS)


class TooOften(DomainError):
    """One address asks for more than people can look at."""

    code = "too_fast"
    status = 429


def check_rate(request: HttpRequest) -> None:
    """Count a visit. Raises TooOften."""
    if not visits.takes(request.META.get("REMOTE_ADDR", "")):
        raise TooOften(
            f"Expected at most {VISITS.per_second:.0f} pages a second from one address. Wait {WAIT_SECONDS} seconds."
        )
