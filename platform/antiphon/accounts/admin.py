"""Hosts, operators and listeners in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from antiphon.accounts.models import Consent, ConsentText, Listener, User

admin.site.unregister(Group)


class AddUserForm(UserCreationForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = ("email",)


class ChangeUserForm(UserChangeForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    form = ChangeUserForm
    add_form = AddUserForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("email",)
    list_display = ("email", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "first_name", "last_name")
    readonly_fields = ("date_joined", "last_login")
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("email", "password", "first_name", "last_name")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")}),
        ("When", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)


@admin.register(Listener)
class ListenerAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "is_simulated", "created_at")
    list_filter = ("is_simulated",)
    search_fields = ("name", "id")
    readonly_fields = ("id", "is_simulated", "created_at")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class Unwritable(ModelAdmin):  # type: ignore[misc]
    """What people agreed to is read here, and changed nowhere."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(ConsentText)
class ConsentTextAdmin(Unwritable):
    list_display = ("version", "language", "created_at")


@admin.register(Consent)
class ConsentAdmin(Unwritable):
    list_display = ("listener", "text", "accepted_at")
    list_select_related = ("listener", "text")
    date_hierarchy = "accepted_at"
