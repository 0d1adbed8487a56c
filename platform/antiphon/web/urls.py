"""Addresses of pages."""

from django.urls import path

from antiphon.web import gallery, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("r/<str:code>/", views.room, name="room"),
    path("r/<str:code>/qr.svg", views.room_qr, name="room_qr_for_all"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("studio/", views.studio, name="studio"),
    path("studio/<path:path>", views.studio, name="studio_page"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/<int:population_id>/", gallery.population, name="gallery_population"),
    path("gallery/<int:population_id>/preview.png", gallery.preview, name="gallery_preview"),
    path("gallery/<int:population_id>/<int:individual_id>.mid", gallery.midi, name="gallery_midi"),
    path("credits/", views.credits_page, name="credits"),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
