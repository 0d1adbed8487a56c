from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "antiphon.workers"

    def ready(self) -> None:
        from antiphon.core.enqueue import use_queue
        from antiphon.workers import schema  # noqa: F401  (registers itself with drf-spectacular)
        from antiphon.workers.queue import JobQueue

        use_queue(JobQueue())
