"""The API, version 1: for hosts' pages and programs, and under `node/` for nodes."""

from django.urls import include, path

urlpatterns = [
    path("", include("antiphon.accounts.urls")),
    path("", include("antiphon.datasets.urls")),
    path("", include("antiphon.training.urls")),
    path("", include("antiphon.populations.urls")),
    path("", include("antiphon.listening.urls")),
    path("", include("antiphon.gallery.urls")),
    path("", include("antiphon.workers.urls")),
]
