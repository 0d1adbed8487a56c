"""Training runs, checkpoints and samples in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from antiphon.core.errors import DomainError
from antiphon.training import services
from antiphon.training.models import Checkpoint, Report, Sample, TrainingRun


class CheckpointInline(TabularInline):  # type: ignore[misc]
    model = Checkpoint
    fields = readonly_fields = ("epoch", "loss", "held_out_loss", "n_bytes", "is_kept", "created_at")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(TrainingRun)
class TrainingRunAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "owner", "preset", "state", "percent", "reason", "created_at", "finished_at")
    list_filter = ("state", "preset")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__email", "reason")
    readonly_fields = (
        "owner",
        "datasets",
        "preset",
        "config",
        "seed",
        "state",
        "reason",
        "ended_by",
        "progress",
        "corpus",
        "job_id",
        "created_at",
        "finished_at",
    )
    inlines = (CheckpointInline,)
    actions = ("stop", "resume")

    @admin.display(description="done")
    def percent(self, run: TrainingRun) -> str:
        return f"{100 * run.progress.get('fraction', 0):.0f} %"

    @admin.action(description="Stop", permissions=("change",))
    def stop(self, request: HttpRequest, queryset: QuerySet[TrainingRun]) -> None:
        for run in queryset:
            try:
                services.stop_run(run=run)
            except DomainError as error:
                messages.warning(request, f"{run}: {error.message}")
            else:
                messages.success(request, f"{run}: asked to stop.")

    @admin.action(description="Resume", permissions=("change",))
    def resume(self, request: HttpRequest, queryset: QuerySet[TrainingRun]) -> None:
        for run in queryset:
            try:
                services.resume_run(run=run)
            except DomainError as error:
                messages.warning(request, f"{run}: {error.message}")
            else:
                messages.success(request, f"{run}: goes on as soon as a node is free.")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: TrainingRun) -> None:
        services.delete_run(run=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[TrainingRun]) -> None:
        for run in queryset:
            services.delete_run(run=run)


@admin.register(Checkpoint)
class CheckpointAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("run", "epoch", "loss", "held_out_loss", "n_bytes", "is_kept", "created_at")
    list_select_related = ("run",)
    list_filter = ("is_kept",)
    search_fields = ("run__name", "sha256")
    readonly_fields = ("run", "file", "n_bytes", "sha256", "epoch", "loss", "held_out_loss", "created_at")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(Report)
class ReportAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("checkpoint", "state", "reason", "created_at")
    list_select_related = ("checkpoint__run",)
    list_filter = ("state",)
    search_fields = ("checkpoint__run__name", "reason")
    readonly_fields = ("checkpoint", "state", "reason", "data", "job_id", "created_at")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(Sample)
class SampleAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("__str__", "checkpoint", "created_at")
    list_select_related = ("checkpoint__run",)
    search_fields = ("checkpoint__run__name", "job_id")
    fields = readonly_fields = ("checkpoint", "job_id", "index", "settings", "memorisation", "created_at")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sample]:
        queryset: QuerySet[Sample] = super().get_queryset(request)
        return queryset.defer("score")
