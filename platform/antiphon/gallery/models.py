"""Which populations their hosts show to everybody."""

from django.db import models

from antiphon.populations.models import Population


class GalleryEntry(models.Model):
    """That a host shows a population in the gallery. Without the row nobody sees it there."""

    population = models.OneToOneField(Population, on_delete=models.CASCADE, related_name="gallery_entry")
    allows_midi = models.BooleanField(default=False)  # whether anybody may take its best phrases away as MIDI
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "gallery entries"

    def __str__(self) -> str:
        return f"{self.population} in the gallery"
