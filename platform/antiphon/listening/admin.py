"""Rooms and ratings in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from antiphon.listening.models import Duel, Rating, Retraction, Room, Skip


@admin.register(Room)
class RoomAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "code", "state", "population", "owner", "created_at")
    list_filter = ("state",)
    list_select_related = ("population", "owner")
    search_fields = ("name", "code", "population__name", "owner__email")
    readonly_fields = ("owner", "population", "code", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class SaidAdmin(ModelAdmin):  # type: ignore[misc]
    """What listeners said is read here, and changed nowhere."""

    list_select_related: tuple[str, ...] = ("listener", "individual__generation__population", "room")
    search_fields = ("room__code", "listener__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Rating)
class RatingAdmin(SaidAdmin):
    list_display = ("listener", "individual", "value", "kind", "tags", "remark", "room", "created_at", "revised_at")
    list_filter = ("value", "kind")


@admin.register(Skip)
class SkipAdmin(SaidAdmin):
    list_display = ("listener", "individual", "reason", "kind", "room", "created_at")
    list_filter = ("reason",)


@admin.register(Retraction)
class RetractionAdmin(SaidAdmin):
    list_display = ("listener", "individual", "value", "kind", "room", "created_at")


@admin.register(Duel)
class DuelAdmin(SaidAdmin):
    list_display = ("listener", "left", "right", "choice", "room", "created_at", "revised_at")
    list_select_related = ("listener", "left__generation__population", "right__generation__population", "room")
    list_filter = ("choice",)
