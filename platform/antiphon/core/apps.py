from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "antiphon.core"

    def ready(self) -> None:
        from antiphon.core import schema  # noqa: F401  (registers itself with drf-spectacular)
