"""Rooms and the ratings given in them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from antiphon.accounts.models import Listener
from antiphon.populations.models import Individual, Population

RATING_MAX = 5


class Room(models.Model):
    """Where listeners rate one population together."""

    class State(models.TextChoices):
        OPEN = "open"
        PAUSED = "paused"
        CLOSED = "closed"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rooms")
    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="rooms")
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """What one listener says of one individual, 0-5. Saying it again revises it."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="ratings")
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="ratings")
    individual = models.ForeignKey(Individual, on_delete=models.CASCADE, related_name="ratings")
    value = models.PositiveSmallIntegerField(validators=[MaxValueValidator(RATING_MAX)])
    client_id = models.UUIDField()  # of the message that brought it: a resend is not a second rating
    heard_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    revised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("listener", "individual"), name="listening_one_rating_a_listener"),
            models.CheckConstraint(condition=models.Q(value__lte=RATING_MAX), name="listening_rating_is_0_to_5"),
        )
        indexes = (models.Index(fields=("individual",)),)

    def __str__(self) -> str:
        return f"{self.value} for {self.individual_id}"
