"""The gallery in the admin: an operator sees what is shown, and can take it out."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from antiphon.gallery.models import GalleryEntry


@admin.register(GalleryEntry)
class GalleryEntryAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("population", "allows_midi", "created_at")
    list_select_related = ("population",)
    search_fields = ("population__name", "population__owner__email")
    readonly_fields = ("population", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only a population's host shows it."""
        return False
