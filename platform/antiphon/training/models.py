"""Training runs, the checkpoints they leave, and the samples drawn from those."""

from django.conf import settings
from django.db import models

from antiphon.datasets.models import Dataset


class TrainingRun(models.Model):
    """One training of one network, from an order to its last checkpoint."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        FINISHED = "finished"
        STOPPED = "stopped"
        FAILED = "failed"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_runs")
    datasets = models.ManyToManyField(Dataset, related_name="training_runs")
    name = models.CharField(max_length=120)
    preset = models.CharField(max_length=40)
    config = models.JSONField(default=dict)  # generation.network.NetworkConfig
    seed = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=500, blank=True)
    progress = models.JSONField(default=dict, blank=True)  # the last generation.training.Progress
    corpus = models.JSONField(default=dict, blank=True)  # how many pieces were learned from, held out, left out
    ended_by = models.CharField(max_length=20, blank=True)  # generation.watch.StopReason of the last training
    job_id = models.BigIntegerField(null=True, blank=True)  # the last job that trains it
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def codec(self) -> str:
        """What its network's tokens are: `classic`, chords by name, or `expressive`, notes with all that is played."""
        return str(self.config.get("codec", ""))

    @property
    def is_rewriting(self) -> bool:
        """Whether its network fills a bar between its neighbours: such a one cannot play by itself."""
        return bool(self.config.get("window_after", 0))


class LossPoint(models.Model):
    """The loss after one epoch."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="losses")
    epoch = models.PositiveIntegerField()
    loss = models.FloatField()
    held_out_loss = models.FloatField(null=True)
    seconds = models.FloatField()  # since the run began

    class Meta:
        ordering = ("epoch",)
        constraints = (models.UniqueConstraint(fields=("run", "epoch"), name="training_one_point_an_epoch"),)

    def __str__(self) -> str:
        return f"epoch {self.epoch}: {self.loss:.3f}"


def resume_path(point: "ResumePoint", _name: str) -> str:
    return f"states/{point.run_id}/{point.sha256}.state"


class ResumePoint(models.Model):
    """Where a run can go on bit for bit: the last training state that a node handed in."""

    run = models.OneToOneField(TrainingRun, on_delete=models.CASCADE, related_name="resume_point")
    file = models.FileField(upload_to=resume_path, max_length=200)
    n_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.run} after epoch {self.epoch}"


def checkpoint_path(checkpoint: "Checkpoint", _name: str) -> str:
    return f"checkpoints/{checkpoint.run_id}/{checkpoint.sha256}.antiphon"


class Checkpoint(models.Model):
    """One file with config, codec, vocabulary and weights (generation.checkpoint)."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="checkpoints")
    file = models.FileField(upload_to=checkpoint_path, max_length=200)
    n_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    loss = models.FloatField()
    held_out_loss = models.FloatField(null=True)
    is_kept = models.BooleanField(default=False)  # samples were drawn from it: not thinned out by later ones
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("run", "sha256"), name="training_one_row_a_checkpoint"),)

    def __str__(self) -> str:
        return f"{self.run} at epoch {self.epoch}"


class Report(models.Model):
    """What a checkpoint was found to be worth, by a node that has sampled and measured it."""

    class State(models.TextChoices):
        ORDERED = "ordered"
        READY = "ready"
        FAILED = "failed"

    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.CASCADE, related_name="report")
    state = models.CharField(max_length=7, choices=State, default=State.ORDERED)
    reason = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict, blank=True)  # generation.report.building.build_report
    job_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"report of {self.checkpoint}"


class Sample(models.Model):
    """A score drawn from a checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.CASCADE, related_name="samples")
    job_id = models.BigIntegerField(db_index=True)  # the job that drew it, with its siblings
    index = models.PositiveIntegerField()  # among its siblings
    score = models.JSONField()  # generation.score.notes.Score.to_json
    played = models.JSONField(default=dict, blank=True)  # the same as it is heard; empty where it was never played
    settings = models.JSONField(default=dict)  # services.SampleSettings, without the count
    # The longest passage that it shares with the training pieces; null until it has been looked for.
    memorisation = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-job_id", "index")
        constraints = (models.UniqueConstraint(fields=("job_id", "index"), name="training_one_sample_an_index"),)

    def __str__(self) -> str:
        return f"sample {self.job_id}.{self.index}"
