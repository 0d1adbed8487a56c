"""Addresses of jobs and of the API for workers, under /api/v1/."""

from django.urls import path

from antiphon.workers import api

urlpatterns = [
    path("jobs/", api.JobsView.as_view()),
    path("node/hello", api.HelloView.as_view()),
    path("node/jobs/<int:job_id>/claim", api.ClaimView.as_view()),
    path("node/jobs/<int:job_id>/archive", api.ArchiveView.as_view()),
    path("node/jobs/<int:job_id>/progress", api.ProgressView.as_view()),
    path("node/jobs/<int:job_id>/artefacts", api.ArtefactsView.as_view()),
    path("node/jobs/<int:job_id>/artefacts/latest", api.LatestArtefactView.as_view()),
    path("node/jobs/<int:job_id>/result", api.ResultView.as_view()),
    path("node/jobs/<int:job_id>/failure", api.FailureView.as_view()),
]
