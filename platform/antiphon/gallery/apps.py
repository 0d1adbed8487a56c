from django.apps import AppConfig


class GalleryConfig(AppConfig):
    name = "antiphon.gallery"

    def ready(self) -> None:
        from antiphon.gallery.selectors import address_of  # models are loaded from here on
        from antiphon.listening.exhibition import use_exhibition

        use_exhibition(address_of)
