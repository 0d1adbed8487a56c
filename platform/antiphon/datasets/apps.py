from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "antiphon.datasets"
