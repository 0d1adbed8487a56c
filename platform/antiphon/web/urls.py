"""Addresses of pages."""

from django.urls import path

from antiphon.web import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("r/<str:code>/", views.room, name="room"),
    path("r/<str:code>/qr.svg", views.room_qr, name="room_qr_for_all"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("studio/", views.studio, name="studio"),
    path("studio/<path:path>", views.studio, name="studio_page"),
    path("credits/", views.credits_page, name="credits"),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
