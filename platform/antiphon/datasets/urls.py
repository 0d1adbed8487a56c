"""Addresses of datasets and files, under /api/v1/."""

from django.urls import path

from antiphon.datasets import api

urlpatterns = [
    path("datasets/", api.DatasetsView.as_view()),
    path("datasets/<int:dataset_id>/", api.DatasetView.as_view()),
    path("datasets/<int:dataset_id>/files/", api.FilesView.as_view()),
    path("files/<int:file_id>/", api.FileView.as_view()),
    path("files/<int:file_id>/phrase/", api.FilePhraseView.as_view()),
    path("files/<int:file_id>/midi/", api.FileMidiView.as_view()),
    path("files/<int:file_id>/export/", api.FileExportView.as_view()),
]
