"""Addresses of accounts, under /api/v1/."""

from django.urls import path

from antiphon.accounts.api import MeView

urlpatterns = [path("me/", MeView.as_view())]
