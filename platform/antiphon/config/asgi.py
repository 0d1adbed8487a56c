"""The ASGI application: pages and API over HTTP, rooms and the studio over websockets."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiphon.config.settings")
django_application = get_asgi_application()

# Django must be set up before anything that imports models.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from antiphon.config.body_limit import BodyLimit  # noqa: E402
from antiphon.config.origin import OwnOriginOnly  # noqa: E402
from antiphon.config.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": BodyLimit(django_application),
        "websocket": OwnOriginOnly(URLRouter(websocket_urlpatterns)),
    }
)
