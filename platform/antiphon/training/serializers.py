"""The forms of training runs, checkpoints and samples in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from antiphon.core.phrase import Phrase, phrase
from antiphon.core.serializers import PhraseSerializer
from antiphon.training.models import Checkpoint, LossPoint, Sample, TrainingRun
from generation.presets import PRESETS
from generation.score.notes import Score

SEED_MAX = 2**31 - 1


class PresetSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    config = serializers.DictField()


class RunDatasetSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RunProgressSerializer(serializers.Serializer[Any]):
    fraction = serializers.FloatField(default=0.0)
    epoch = serializers.IntegerField(default=0)
    epochs = serializers.IntegerField(default=0)
    loss = serializers.FloatField(allow_null=True, default=None)
    held_out_loss = serializers.FloatField(allow_null=True, default=None)
    seconds_elapsed = serializers.FloatField(default=0.0)
    seconds_left = serializers.FloatField(allow_null=True, default=None)


class CheckpointSerializer(serializers.ModelSerializer[Checkpoint]):
    class Meta:
        model = Checkpoint
        fields = ("id", "epoch", "loss", "held_out_loss", "n_bytes", "created_at")
        read_only_fields = fields


class CheckpointRunSerializer(serializers.ModelSerializer[TrainingRun]):
    class Meta:
        model = TrainingRun
        fields = ("id", "name", "preset")
        read_only_fields = fields


class OwnedCheckpointSerializer(CheckpointSerializer):
    """A checkpoint with the run that it is of."""

    run = CheckpointRunSerializer(read_only=True)

    class Meta(CheckpointSerializer.Meta):
        fields = ("id", "run", "epoch", "loss", "held_out_loss", "n_bytes", "created_at")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class RunSerializer(serializers.ModelSerializer[TrainingRun]):
    config = serializers.DictField(read_only=True)
    progress = RunProgressSerializer(read_only=True)
    datasets = RunDatasetSerializer(many=True, read_only=True)
    checkpoints = CheckpointSerializer(many=True, read_only=True)

    class Meta:
        model = TrainingRun
        fields = (
            "id",
            "name",
            "preset",
            "config",
            "seed",
            "state",
            "reason",
            "progress",
            "datasets",
            "checkpoints",
            "created_at",
            "finished_at",
        )
        read_only_fields = fields


class RunInputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    datasets = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=100)
    preset = serializers.ChoiceField(choices=list(PRESETS))
    max_seconds = serializers.FloatField(min_value=1, max_value=30 * 86_400, required=False, allow_null=True)
    epochs = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    seed = serializers.IntegerField(min_value=0, max_value=SEED_MAX, required=False, allow_null=True)


class LossSerializer(serializers.ModelSerializer[LossPoint]):
    class Meta:
        model = LossPoint
        fields = ("epoch", "loss", "held_out_loss", "seconds")
        read_only_fields = fields


class SampleInputSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1, max_value=16)
    length = serializers.IntegerField(min_value=1, max_value=2_000, default=128, help_text="Notes.")
    temperature = serializers.FloatField(min_value=0.1, max_value=2, default=1.0)
    top_p = serializers.FloatField(min_value=0.05, max_value=1, default=0.95)
    seed = serializers.IntegerField(min_value=0, max_value=SEED_MAX, required=False, allow_null=True)
    tempo_bpm = serializers.FloatField(min_value=20, max_value=400, required=False, allow_null=True)


class OrderedSerializer(serializers.Serializer[Any]):
    job = serializers.IntegerField(help_text="The job that draws them; samples name it.")


class SampleSerializer(serializers.ModelSerializer[Sample]):
    checkpoint = serializers.IntegerField(source="checkpoint_id", read_only=True)
    settings = serializers.DictField(read_only=True)
    phrase = serializers.SerializerMethodField()

    class Meta:
        model = Sample
        fields = ("id", "checkpoint", "job_id", "index", "settings", "created_at", "phrase")
        read_only_fields = fields

    @extend_schema_field(PhraseSerializer)
    def get_phrase(self, sample: Sample) -> Phrase:
        return phrase(Score.from_json(sample.score))


class SamplesQuerySerializer(serializers.Serializer[Any]):
    checkpoint = serializers.IntegerField(min_value=1, required=False)
