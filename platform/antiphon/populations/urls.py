"""Addresses of populations under /api/v1/."""

from django.urls import path

from antiphon.populations import api

urlpatterns = [
    path("populations/", api.PopulationsView.as_view(), name="populations"),
    path("populations/options/", api.PopulationOptionsView.as_view(), name="population_options"),
    path("populations/<int:population_id>/", api.PopulationView.as_view(), name="population"),
    path("populations/<int:population_id>/clone/", api.PopulationCloneView.as_view(), name="population_clone"),
    path("populations/<int:population_id>/archive/", api.PopulationArchiveView.as_view(), name="population_archive"),
    path("populations/<int:population_id>/generations/<int:number>/", api.GenerationView.as_view(), name="generation"),
    path(
        "populations/<int:population_id>/generations/<int:number>/midi.zip",
        api.GenerationZipView.as_view(),
        name="generation_zip",
    ),
    path("individuals/<int:individual_id>/midi/", api.IndividualMidiView.as_view(), name="individual_midi"),
    path("individuals/<int:individual_id>/export/", api.IndividualExportView.as_view(), name="individual_export"),
]
