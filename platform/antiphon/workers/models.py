"""Jobs and the nodes that do some of them."""

from django.conf import settings
from django.db import models

from antiphon.core.jobs import Kind


class Node(models.Model):
    """A machine that trains and samples for the platform. It holds a token, of which only the hash is kept here."""

    name = models.CharField(max_length=80, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    is_enabled = models.BooleanField(default=True)
    facts = models.JSONField(default=dict, blank=True)  # what it says of itself: device, versions
    seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """The truth about a piece of work. A message to a worker is only a wake-up: it may be lost, or come twice."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    payload = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs")
    lease = models.UUIDField(null=True, blank=True)  # whoever holds it may report; a newer claim replaces it
    due_at = models.DateTimeField()  # when a wake-up is sent again: unclaimed, or its lease run out
    attempts = models.PositiveSmallIntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)
    progress = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "due_at")),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state not in {Job.State.QUEUED, Job.State.RUNNING}
