"""Where websockets lead."""

from django.urls import path

from antiphon.listening.consumers import RoomConsumer
from antiphon.web.consumers import StudioConsumer

websocket_urlpatterns = [
    path("ws/rooms/<str:code>/", RoomConsumer.as_asgi()),
    path("ws/studio/", StudioConsumer.as_asgi()),
]
