"""Where websockets lead. Only the studio asks who is signed in; a listener is known by a cookie of their own."""

from channels.auth import AuthMiddlewareStack
from channels.sessions import CookieMiddleware
from django.urls import path

from antiphon.listening.consumers import RoomConsumer
from antiphon.web.consumers import StudioConsumer

websocket_urlpatterns = [
    path("ws/rooms/<str:code>/", CookieMiddleware(RoomConsumer.as_asgi())),
    path("ws/studio/", AuthMiddlewareStack(StudioConsumer.as_asgi())),
]
