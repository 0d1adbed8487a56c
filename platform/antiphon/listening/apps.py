from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "antiphon.listening"

    def ready(self) -> None:
        from antiphon.listening.fitness import CrowdEstimator  # models are loaded from here on
        from antiphon.populations.estimates import use_estimator

        use_estimator(CrowdEstimator())
