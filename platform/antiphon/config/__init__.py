"""Settings, urls and the ASGI application."""
