"""Addresses of rooms under /api/v1/."""

from django.urls import path

from antiphon.listening import api
from antiphon.listening.rehearsal import api as rehearsals

urlpatterns = [
    path("rooms/", api.RoomsView.as_view(), name="rooms"),
    path("rooms/<str:code>/", api.RoomView.as_view(), name="room"),
    path("rooms/<str:code>/dashboard/", api.RoomDashboardView.as_view(), name="room_dashboard"),
    path("rooms/<str:code>/state/", api.RoomStateView.as_view(), name="room_state"),
    path("rooms/<str:code>/rehearsals/", rehearsals.RehearsalsView.as_view(), name="rehearsals"),
    path("rooms/<str:code>/rehearsals/<int:rehearsal_id>/", rehearsals.RehearsalView.as_view(), name="rehearsal"),
    path(
        "rooms/<str:code>/rehearsals/<int:rehearsal_id>/stop/",
        rehearsals.StopRehearsalView.as_view(),
        name="stop_rehearsal",
    ),
    path("rooms/<str:code>/qr.svg", api.RoomQrView.as_view(), name="room_qr"),
    path("populations/<int:population_id>/listeners/", api.ListenersView.as_view(), name="population_listeners"),
    path(
        "populations/<int:population_id>/listeners/<int:number>/",
        api.ListenerView.as_view(),
        name="population_listener",
    ),
    path(
        "populations/<int:population_id>/generations/<int:number>/close/",
        api.CloseGenerationView.as_view(),
        name="close_generation",
    ),
    path(
        "populations/<int:population_id>/generations/<int:number>/extend/",
        api.ExtendGenerationView.as_view(),
        name="extend_generation",
    ),
    path("populations/<int:population_id>/rule/", api.PopulationRuleView.as_view(), name="population_rule"),
]
