"""Addresses of the gallery under /api/v1/."""

from django.urls import path

from antiphon.gallery import api

urlpatterns = [
    path("populations/<int:population_id>/gallery/", api.ExhibitionView.as_view(), name="exhibition"),
    path("gallery/<int:population_id>/credit/", api.GalleryCreditView.as_view(), name="gallery_credit"),
]
