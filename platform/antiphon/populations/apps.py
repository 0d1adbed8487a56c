from django.apps import AppConfig


class PopulationsConfig(AppConfig):
    name = "antiphon.populations"

    def ready(self) -> None:
        from antiphon.populations.jobs import register_handlers  # models are loaded from here on

        register_handlers()
