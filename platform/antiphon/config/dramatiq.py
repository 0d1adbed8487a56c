"""What `dramatiq antiphon.config.dramatiq` loads: Django, and the actors of a platform worker."""

import os

import django
import dramatiq

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiphon.config.settings")
django.setup()

from antiphon.workers.actors import platform_broker  # noqa: E402  (models need Django)

broker = platform_broker()
dramatiq.set_broker(broker)
