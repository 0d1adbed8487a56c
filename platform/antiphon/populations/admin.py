"""Populations in the admin: to look at, and to delete."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from antiphon.populations.models import Generation, Individual, Lineage, Population


class GenerationInline(TabularInline):  # type: ignore[misc]
    model = Generation
    fields = readonly_fields = ("number", "opened_at", "closed_at", "job_id")
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(Population)
class PopulationAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "owner", "state", "quorum", "generation_count", "created_at")
    list_filter = ("state",)
    list_select_related = ("owner",)
    search_fields = ("name", "owner__email")
    readonly_fields = (
        "owner", "checkpoint", "rewriter", "frame", "settings", "encoding", "is_faithful", "branched_from", "source",
        "seed", "created_at",
    )  # fmt: skip
    inlines = (GenerationInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Population]:
        return super().get_queryset(request).annotate(n_generations=Count("generations"))  # type: ignore[no-any-return]

    @admin.display(description="generations", ordering="n_generations")
    def generation_count(self, population: Population) -> int:
        return population.n_generations  # type: ignore[attr-defined,no-any-return]  # annotated above


class LineageInline(TabularInline):  # type: ignore[misc]
    model = Lineage
    fk_name = "child"
    fields = readonly_fields = ("order", "parent")
    extra = 0
    can_delete = False


@admin.register(Generation)
class GenerationAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("population", "number", "opened_at", "closed_at")
    list_select_related = ("population",)
    search_fields = ("population__name",)
    readonly_fields = ("population", "number", "opened_at", "closed_at", "job_id", "diversity", "figures")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Individual)
class IndividualAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("generation", "index", "operator", "fitness", "standard_error", "n_ratings")
    list_select_related = ("generation__population",)
    list_filter = ("operator",)
    search_fields = ("generation__population__name",)
    readonly_fields = (
        "generation", "index", "operator", "sample", "genome", "score", "fitness", "standard_error", "n_ratings",
        "p_parent", "predicted", "predicted_error", "born", "first", "variants", "memorisation",
    )  # fmt: skip
    inlines = (LineageInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
