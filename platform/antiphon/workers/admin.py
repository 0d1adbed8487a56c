"""Jobs and nodes in the admin: see what goes on, announce again, cancel, lend a token."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from antiphon.core.errors import DomainError
from antiphon.workers import nodes, services
from antiphon.workers.models import Job, Node


@admin.register(Job)
class JobAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("id", "kind", "state", "owner", "node", "attempts", "reason", "created_at", "finished_at")
    list_filter = ("state", "kind", "node")
    list_select_related = ("owner", "node")
    search_fields = ("id", "owner__email", "reason")
    date_hierarchy = "created_at"
    actions = ("announce_again", "cancel")

    @admin.action(description="Announce again (failed ones begin anew)", permissions=("change",))
    def announce_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job in queryset:
            try:
                services.resend(job_id=job.pk)
            except DomainError as error:
                messages.warning(request, error.message)
            else:
                messages.success(request, f"Job {job.pk} was announced again.")

    @admin.action(description="Cancel", permissions=("change",))
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job in queryset:
            services.cancel(job_id=job.pk)
        messages.success(request, "Asked for. A running job stops at its next sign of life.")

    def get_readonly_fields(self, request: HttpRequest, obj: Job | None = None) -> tuple[str, ...]:
        return tuple(field.name for field in Job._meta.fields)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class AddNodeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Node
        fields = ("name",)


@admin.register(Node)
class NodeAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "is_enabled", "seen_at", "devices", "created_at")
    list_filter = ("is_enabled",)
    search_fields = ("name",)
    fields = ("name", "is_enabled", "facts", "seen_at", "created_at")
    readonly_fields = ("facts", "seen_at", "created_at")
    actions = ("disable", "enable", "renew_token")

    @admin.display
    def devices(self, node: Node) -> str:
        return ", ".join(str(device) for device in node.facts.get("devices", []))

    def get_fields(self, request: HttpRequest, obj: Node | None = None) -> tuple[str, ...]:
        return self.fields if obj else ("name",)

    def get_form(self, request: HttpRequest, obj: Node | None = None, change: bool = False, **options: Any) -> Any:
        if obj is None:
            options["form"] = AddNodeForm
        return super().get_form(request, obj, change=change, **options)

    def save_model(self, request: HttpRequest, obj: Node, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        node, token = nodes.create_node(name=obj.name)
        obj.pk = node.pk
        messages.success(request, f"The token of {node.name}, shown only now: {token}")

    @admin.action(description="Disable: refuse its token", permissions=("change",))
    def disable(self, request: HttpRequest, queryset: QuerySet[Node]) -> None:
        queryset.update(is_enabled=False)

    @admin.action(description="Enable", permissions=("change",))
    def enable(self, request: HttpRequest, queryset: QuerySet[Node]) -> None:
        queryset.update(is_enabled=True)

    @admin.action(description="Renew the token and show it once", permissions=("change",))
    def renew_token(self, request: HttpRequest, queryset: QuerySet[Node]) -> None:
        for node in queryset:
            messages.success(request, f"The token of {node.name}, shown only now: {nodes.renew_token(node=node)}")
