"""The admin's pages run on Alpine.js, which builds functions from text: only there the policy allows that."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

ADMIN_POLICY = {"script-src": "'unsafe-eval'"}


class AdminPolicy:
    """Widens the Content-Security-Policy of responses under the admin's address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(reverse("admin:index")):
            response._csp_update = ADMIN_POLICY  # type: ignore[attr-defined]  # where django-csp looks for it
        return response
