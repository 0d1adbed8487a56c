"""Populations, their generations and individuals, and who descends from whom."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from antiphon.training.models import Checkpoint, Sample

OPERATOR_MAX = 200


class Population(models.Model):
    """Phrases of one frame that are bred together."""

    class State(models.TextChoices):
        SEEDING = "seeding"
        READY = "ready"
        FAILED = "failed"

    class Encoding(models.TextChoices):
        """What a genome is written in: notes on the bar grid, or the study's bits."""

        GRID = "grid"
        STUDY = "study"

    class Closing(models.TextChoices):
        """What ends a generation: so many ratings of each phrase, parents that are sure enough, or time alone."""

        QUORUM = "quorum"
        CERTAINTY = "certainty"
        TIME = "time"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="populations")
    checkpoint = models.ForeignKey(
        Checkpoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="populations"
    )
    # The network, if any, that writes bars of its phrases anew for the next generation.
    rewriter = models.ForeignKey(
        Checkpoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="rewritten_populations"
    )
    name = models.CharField(max_length=120)
    frame = models.JSONField()  # evolution.genome.Frame
    settings = models.JSONField()  # evolution.algorithm.BreedingSettings
    encoding = models.CharField(max_length=5, choices=Encoding, default=Encoding.GRID)
    is_faithful = models.BooleanField(default=False)  # of the study's bits: with the faults that they had
    quorum = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1), MaxValueValidator(1000)])
    # Of steady breeding: how many are born a round, each in the place of one that was liked least; else null.
    births = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    closing = models.CharField(max_length=9, choices=Closing, default=Closing.QUORUM)
    # The expected selection error, on the rating scale, at which a generation closes by certainty.
    wanted_error = models.FloatField(default=0.15)
    # How long a generation is rated, from its first rating on; null for as long as it takes.
    minutes = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    # Whose phrase it grew from, where it is a branch: the phrase, and its population for when the phrase is gone.
    branched_from = models.ForeignKey(
        "Individual", null=True, blank=True, on_delete=models.SET_NULL, related_name="branches"
    )
    source = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="branches")
    # Of a clone the source is what it was cloned from, and the number of the generation whose phrases it began with.
    is_clone = models.BooleanField(default=False)
    cloned_generation = models.PositiveIntegerField(null=True, blank=True)  # null: only the settings were cloned
    # Rated by simulated listeners. Once it is, it stays so: what they say is never mixed with what people say.
    is_rehearsal = models.BooleanField(default=False)
    seed = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.SEEDING)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name


class Generation(models.Model):
    """One round of a population: open while those who are new in it are rated, then closed once.

    It holds the whole population of its time. Of steady breeding most of them have lived before, and a few are new.
    """

    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="generations")
    number = models.PositiveIntegerField()  # from 0
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    job_id = models.BigIntegerField(null=True, blank=True)  # the job that breeds its successor
    # What its host has extended, of this generation alone; null for what holds for its population.
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    wanted_error = models.FloatField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    # Its minutes run from here: its first rating, and later by as long as no room was open. And since when they stand
    # still, which they do while none is.
    clock_began_at = models.DateTimeField(null=True, blank=True)
    clock_stopped_at = models.DateTimeField(null=True, blank=True)
    diversity = models.FloatField(null=True, blank=True)  # mean distance between two of its phrases, 0-1
    figures = models.JSONField(null=True, blank=True)  # what `figures_serializers` tells, once it has closed
    # What breeding is told beside the fitness of its individuals: antiphon.populations.telling.
    told = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("population", "number"), name="populations_one_generation_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.population}, generation {self.ordinal}"

    @property
    def ordinal(self) -> int:
        """The number as people count: from 1."""
        return self.number + 1

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Individual(models.Model):
    """One genome, the phrase that it sounds as, and what the crowd makes of it."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="individuals")
    index = models.PositiveIntegerField()  # within the generation, from 0
    genome = models.JSONField()  # evolution.genome.Genome
    score = models.JSONField()  # generation.score.notes.Score: the genome made audible, the same each time
    operator = models.CharField(max_length=OPERATOR_MAX)  # sample, random, elite, or what made it, "+"-joined
    # Its id among all that its population ever bore; an elite keeps it. Null where it was bred before there were ids.
    born = models.PositiveIntegerField(null=True, blank=True)
    sample = models.ForeignKey(Sample, null=True, blank=True, on_delete=models.SET_NULL, related_name="individuals")
    parents = models.ManyToManyField("self", through="Lineage", symmetrical=False, related_name="children")
    # Who lives on, an elite or one that no newborn displaced, is the same individual in a later generation: the ratings
    # of its first life count, and nobody is asked again. Null for each that is new, and so has to be heard.
    first = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="later_lives")
    fitness = models.FloatField(null=True, blank=True)  # on the rating scale, once the generation has closed
    standard_error = models.FloatField(null=True, blank=True)
    n_ratings = models.PositiveIntegerField(default=0)  # that the fitness rests on
    p_parent = models.FloatField(null=True, blank=True)  # the probability to be among the best, once closed
    predicted = models.FloatField(null=True, blank=True)  # what the taste expected of it before anybody heard it
    predicted_error = models.FloatField(null=True, blank=True)
    # How surprised its population's network is by a note of it, on average; null where it was not asked or can't say.
    nats = models.FloatField(null=True, blank=True)
    # The island that it lives on, where the crowd has parted; null lives on all. What each island makes of it, once its
    # generation has closed: fitness and standard error, by island.
    island = models.PositiveSmallIntegerField(null=True, blank=True)
    on_islands = models.JSONField(default=list, blank=True)
    # Bars that a network wrote anew, for breeding: lists of bar and evolution.genome.Genome.
    variants = models.JSONField(default=list, blank=True)
    # The longest passage that it shares with the pieces its population's network learned from; null until looked for.
    memorisation = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("generation_id", "index")
        constraints = (
            models.UniqueConstraint(fields=("generation", "index"), name="populations_one_individual_an_index"),
        )

    def __str__(self) -> str:
        return f"{self.generation}, phrase {self.index + 1}"


class Lineage(models.Model):
    """A child and one of its parents, the first parent first."""

    child = models.ForeignKey(Individual, on_delete=models.CASCADE, related_name="lineage")
    parent = models.ForeignKey(Individual, on_delete=models.CASCADE, related_name="descent")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("child_id", "order")
        constraints = (models.UniqueConstraint(fields=("child", "order"), name="populations_one_parent_a_place"),)

    def __str__(self) -> str:
        return f"{self.child_id} from {self.parent_id}"


class BreedingState(models.Model):
    """Where a population's breeding stands, by itself: a list of populations has no use for it."""

    population = models.OneToOneField(Population, on_delete=models.CASCADE, related_name="breeding", primary_key=True)
    content = models.JSONField()  # antiphon.populations.encodings: the state of a bred population

    def __str__(self) -> str:
        return f"the breeding of {self.population_id}"


class BreedingEvent(models.Model):
    """One thing that happened in a population's breeding, from the beginning on: enough to replay it."""

    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="breeding_events")
    number = models.PositiveIntegerField()  # from 0
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("population_id", "number")
        constraints = (models.UniqueConstraint(fields=("population", "number"), name="populations_one_event_a_number"),)

    def __str__(self) -> str:
        return f"event {self.number} of {self.population_id}"


class CandidateLikelihoods(models.Model):
    """What the network is asked of the candidates that a closed generation has bred; gone once they are chosen from."""

    generation = models.OneToOneField(
        Generation, on_delete=models.CASCADE, related_name="candidate_likelihoods", primary_key=True
    )
    genomes = models.JSONField()  # evolution.forms.genome_to_text of each
    values = models.JSONField(null=True, blank=True)  # of each as Individual.nats, or null; null until they come
    job_id = models.BigIntegerField(null=True, blank=True)  # the job that a node does
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"candidates after {self.generation_id}"
