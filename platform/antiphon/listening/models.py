"""Rooms, and what is said in them: ratings, skips, duels, and what was taken back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.validators import MaxValueValidator
from django.db import models

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.plays import Kind
from antiphon.listening.protocol.terms import REMARK_MAX
from antiphon.populations.models import Generation, Individual, Population

RATING_MAX = 5
CONSENT_MAX = 4_000
DEFAULT_TAGS = ("calm", "lively", "dark", "bright", "catchy", "odd", "dull", "broken")
KIND_CHOICES = [(kind.value, kind.value) for kind in Kind]


def default_tags() -> list[str]:
    return list(DEFAULT_TAGS)


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
    consent_text = models.TextField(blank=True, max_length=CONSENT_MAX)  # to be agreed to; empty: the standard text
    tags = ArrayField(models.CharField(max_length=24), default=default_tags, blank=True)  # that a rating may carry
    has_anchors = models.BooleanField(default=True)
    has_repeats = models.BooleanField(default=True)
    has_duels = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """What a rating and a skip have in common: who heard what, when and how, and the message that said so."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="%(class)ss")
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="%(class)ss")
    individual = models.ForeignKey(Individual, on_delete=models.CASCADE, related_name="%(class)ss")
    kind = models.CharField(max_length=6, choices=KIND_CHOICES, default=Kind.NEW)
    # 0 where the phrase's own generation was open and it was heard for the first time. Else 1 + the number of the
    # generation in which an anchor or a repeat was heard.
    occasion = models.PositiveIntegerField(default=0)
    client_id = models.UUIDField()  # of the message that brought it: a resend is not a second answer
    heard_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Rating(Answer):
    """What one listener says of one individual, 0-5. Saying it again revises it."""

    value = models.PositiveSmallIntegerField(validators=[MaxValueValidator(RATING_MAX)])
    tags = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    remark = models.CharField(max_length=REMARK_MAX, blank=True)
    program = models.PositiveSmallIntegerField(null=True, blank=True)  # that replaced the phrase's own instruments
    has_beat = models.BooleanField(default=False)  # a beat was heard under it
    earlier_ids = ArrayField(models.UUIDField(), default=list, blank=True)  # of messages that a later one revised
    revised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("listener", "individual", "occasion"), name="listening_one_rating_an_occasion"
            ),
            models.CheckConstraint(condition=models.Q(value__lte=RATING_MAX), name="listening_rating_is_0_to_5"),
        )
        # Ratings come in the order of time: a small index finds those of the last minutes.
        indexes = (
            models.Index(fields=("individual",)),
            BrinIndex(fields=("created_at",), pages_per_range=32, autosummarize=True, name="listening_rating_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.value} for {self.individual_id}"


class Skip(Answer):
    """A phrase that one listener heard and did not rate, and why."""

    reason = models.CharField(max_length=12)  # antiphon.listening.protocol.SkipReason

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("listener", "individual", "occasion"), name="listening_one_skip_an_occasion"
            ),
        )

    def __str__(self) -> str:
        return f"{self.individual_id} skipped: {self.reason}"


class Retraction(Answer):
    """A rating or a skip that was taken back, with the ids of its messages: none of them brings it back."""

    value = models.PositiveSmallIntegerField(null=True, blank=True)  # of the rating; null of a skip
    answer_ids = ArrayField(models.UUIDField())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("listener", "client_id"), name="listening_one_retraction_a_message"),
        )
        indexes = (models.Index(fields=("listener", "individual")),)

    def __str__(self) -> str:
        return f"{self.individual_id} taken back"


class Duel(models.Model):
    """Which of two phrases one listener likes better. Saying it again revises it."""

    class Choice(models.TextChoices):
        LEFT = "left"
        RIGHT = "right"
        EQUAL = "equal"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="duels")
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="duels")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="duels")
    left = models.ForeignKey(Individual, on_delete=models.CASCADE, related_name="duels_left")
    right = models.ForeignKey(Individual, on_delete=models.CASCADE, related_name="duels_right")
    choice = models.CharField(max_length=5, choices=Choice)
    heard_left_ms = models.PositiveIntegerField(default=0)
    heard_right_ms = models.PositiveIntegerField(default=0)
    client_id = models.UUIDField()
    earlier_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("listener", "left", "right"), name="listening_one_answer_a_duel"),
            models.CheckConstraint(
                condition=~models.Q(left=models.F("right")), name="listening_a_duel_is_of_two_phrases"
            ),
        )

    def __str__(self) -> str:
        return f"{self.left_id} or {self.right_id}: {self.choice}"


class SetAside(models.Model):
    """A listener whose answers do not count in a population, by its host's will. Without the row they count again."""

    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="set_aside")
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="set_aside")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("population", "listener"), name="listening_set_aside_once_a_population"),
        )

    def __str__(self) -> str:
        return f"{self.listener_id} does not count in {self.population_id}"


class Islander(models.Model):
    """Of which island a listener probably is, in a population whose crowd has parted by taste."""

    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="islanders")
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="islanders")
    chances = ArrayField(models.FloatField())  # of each island; one alone where the crowd has come together again

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("population", "listener"), name="listening_one_islander_a_population"),
        )

    def __str__(self) -> str:
        return f"{self.listener_id} in {self.population_id}: {self.chances}"


class Rehearsal(models.Model):
    """Simulated listeners in a room of their own, on a clone of another room's population."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    for_room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="rehearsals")
    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="rehearsal")  # where it takes place
    n_listeners = models.PositiveSmallIntegerField()
    minutes = models.FloatField()
    # Seconds that a listener takes for one answer, on average; null: as long as the phrase, and a moment to think.
    pace_seconds = models.FloatField(null=True, blank=True)
    seed = models.PositiveBigIntegerField()
    listener_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=500, blank=True)  # why it failed
    is_stop_asked = models.BooleanField(default=False)
    figures = models.JSONField(default=dict, blank=True)  # antiphon.listening.rehearsal.report.Figures
    job_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"a rehearsal for {self.for_room}"

    @property
    def is_over(self) -> bool:
        return self.state not in {Rehearsal.State.WAITING, Rehearsal.State.RUNNING}
