from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "antiphon.datasets"

    def ready(self) -> None:
        from antiphon.datasets.jobs import register_jobs

        register_jobs()
