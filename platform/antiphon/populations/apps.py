from django.apps import AppConfig


class PopulationsConfig(AppConfig):
    name = "antiphon.populations"
