"""Rooms and ratings in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from antiphon.listening.models import Rating, Room


@admin.register(Room)
class RoomAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "code", "state", "population", "owner", "created_at")
    list_filter = ("state",)
    list_select_related = ("population", "owner")
    search_fields = ("name", "code", "population__name", "owner__email")
    readonly_fields = ("owner", "population", "code", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Rating)
class RatingAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("listener", "individual", "value", "room", "created_at", "revised_at")
    list_filter = ("value",)
    list_select_related = ("listener", "individual__generation__population", "room")
    search_fields = ("room__code", "listener__name")
    readonly_fields = (
        "room", "listener", "individual", "value", "client_id", "heard_ms", "created_at", "revised_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
