"""Datasets and files in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from antiphon.datasets import services
from antiphon.datasets.models import Dataset, MidiFile


@admin.register(Dataset)
class DatasetAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "owner", "licence", "accepted", "refused", "created_at")
    list_filter = (("owner", admin.EmptyFieldListFilter),)
    list_select_related = ("owner",)
    search_fields = ("name", "description", "owner__email")
    readonly_fields = ("created_at",)
    autocomplete_fields = ("owner",)
    actions = ("read_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dataset]:
        queryset: QuerySet[Dataset] = super().get_queryset(request)
        return queryset.annotate(
            n_accepted=Count("files", filter=Q(files__state=MidiFile.State.ACCEPTED)),
            n_refused=Count("files", filter=Q(files__state=MidiFile.State.REFUSED)),
        )

    @admin.display(ordering="n_accepted")
    def accepted(self, dataset: Any) -> int:
        return int(dataset.n_accepted)

    @admin.display(ordering="n_refused")
    def refused(self, dataset: Any) -> int:
        return int(dataset.n_refused)

    @admin.action(description="Read all kept files again", permissions=("change",))
    def read_again(self, request: HttpRequest, queryset: QuerySet[Dataset]) -> None:
        for dataset in queryset:
            services.read_again(dataset=dataset)
        messages.success(request, "Ordered. Verdicts follow within seconds.")

    def delete_model(self, request: HttpRequest, obj: Dataset) -> None:
        services.delete_dataset(dataset=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Dataset]) -> None:
        for dataset in queryset:
            services.delete_dataset(dataset=dataset)


@admin.register(MidiFile)
class MidiFileAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "dataset", "state", "reason", "n_bytes", "licence", "created_at")
    list_filter = ("state", "licence", "dataset")
    list_select_related = ("dataset",)
    search_fields = ("name", "reason", "sha256", "attribution", "source")
    readonly_fields = (
        "dataset",
        "name",
        "sha256",
        "n_bytes",
        "file",
        "state",
        "reason",
        "facts",
        "created_at",
    )

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: MidiFile) -> None:
        services.delete_file(midi_file=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[MidiFile]) -> None:
        for midi_file in queryset:
            services.delete_file(midi_file=midi_file)
