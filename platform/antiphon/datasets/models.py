"""A dataset and its MIDI files; each file has a verdict."""

from django.conf import settings
from django.db import models


class Dataset(models.Model):
    """MIDI files that belong together. Without an owner: a starter dataset, which every host sees and none changes."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="datasets"
    )
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("owner_id", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("name",), condition=models.Q(owner=None), name="datasets_one_starter_dataset_a_name"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_starter(self) -> bool:
        return self.owner_id is None


def media_path(midi_file: "MidiFile", _name: str) -> str:
    """Files lie under their dataset and hash: a name that a stranger chose never becomes a path."""
    return f"midi/{midi_file.dataset_id}/{midi_file.sha256[:2]}/{midi_file.sha256}.mid"


class MidiFile(models.Model):
    """One uploaded file: its bytes, and either the facts read from it or the reason why it was refused."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    n_bytes = models.PositiveIntegerField()
    file = models.FileField(upload_to=media_path, blank=True)  # empty where the bytes were too many to keep
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict, blank=True)  # generation.score.facts.Facts
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.TextField(blank=True)
    source = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")
        indexes = (models.Index(fields=("dataset", "state")),)

    def __str__(self) -> str:
        return self.name
