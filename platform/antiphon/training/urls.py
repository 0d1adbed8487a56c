"""Addresses of training runs, checkpoints and samples, under /api/v1/training/."""

from django.urls import path

from antiphon.training import api

urlpatterns = [
    path("training/presets/", api.PresetsView.as_view()),
    path("training/runs/", api.RunsView.as_view()),
    path("training/runs/<int:run_id>/", api.RunView.as_view()),
    path("training/runs/<int:run_id>/losses/", api.LossesView.as_view()),
    path("training/runs/<int:run_id>/stop/", api.StopView.as_view()),
    path("training/runs/<int:run_id>/resume/", api.ResumeView.as_view()),
    path("training/checkpoints/", api.CheckpointsView.as_view()),
    path("training/checkpoints/<int:checkpoint_id>/file/", api.CheckpointFileView.as_view()),
    path("training/checkpoints/<int:checkpoint_id>/report/", api.CheckpointReportView.as_view()),
    path("training/checkpoints/<int:checkpoint_id>/samples/", api.CheckpointSamplesView.as_view()),
    path("training/samples/", api.SamplesView.as_view()),
    path("training/samples/<int:sample_id>/midi/", api.SampleMidiView.as_view()),
    path("training/samples/<int:sample_id>/export/", api.SampleExportView.as_view()),
]
