from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "antiphon.training"

    def ready(self) -> None:
        from antiphon.training.jobs import register_jobs

        register_jobs()
