from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "antiphon.listening"

    def ready(self) -> None:
        from antiphon.core.sweeping import on_sweep
        from antiphon.listening.judging.fitness import CrowdEstimator  # models are loaded from here on
        from antiphon.listening.rehearsal.job import register_handlers as register_rehearsals
        from antiphon.listening.services import keep_time
        from antiphon.populations.estimates import use_estimator

        use_estimator(CrowdEstimator())
        register_rehearsals()
        on_sweep(keep_time)
