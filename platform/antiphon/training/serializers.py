"""The forms of training runs, checkpoints and samples in the API."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from antiphon.core.phrase import Phrase, phrase
from antiphon.core.serializers import PhraseSerializer
from antiphon.training.models import Checkpoint, LossPoint, Report, Sample, TrainingRun
from antiphon.training.playing import heard_score
from antiphon.training.sample_settings import PRIME_BARS_MAX
from antiphon.training.services import Limits
from generation.codecs.expressive import FIELDS
from generation.presets import PRESETS
from generation.score.scales import KEYS, SCALES

SEED_MAX = 2**31 - 1
FIELD_NAMES = tuple(field.name for field in FIELDS)


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
    terms_per_second = serializers.FloatField(allow_null=True, default=None, help_text="Loss terms learned from.")


class RunCorpusSerializer(serializers.Serializer[Any]):
    """What training made of the run's pieces; zeros until its first checkpoint."""

    n_scores = serializers.IntegerField(default=0, help_text="Learned from.")
    n_held_out = serializers.IntegerField(default=0, help_text="Kept from training, to judge it by.")
    n_left_out = serializers.IntegerField(default=0, help_text="Of no use to this network.")
    held_out = serializers.ListField(child=serializers.CharField(), default=[], help_text="Names.")
    left_out = serializers.ListField(child=serializers.CharField(), default=[], help_text="Names.")
    left_out_because = serializers.ListField(child=serializers.CharField(), default=[], help_text="In the same order.")


class CheckpointReportSerializer(serializers.ModelSerializer[Report]):
    """Whether there is a report on a checkpoint."""

    class Meta:
        model = Report
        fields = ("state", "reason")
        read_only_fields = fields


class CheckpointSerializer(serializers.ModelSerializer[Checkpoint]):
    report = serializers.SerializerMethodField()

    class Meta:
        model = Checkpoint
        fields = ("id", "epoch", "loss", "held_out_loss", "n_bytes", "report", "created_at")
        read_only_fields = fields

    @extend_schema_field(CheckpointReportSerializer(allow_null=True))
    def get_report(self, checkpoint: Checkpoint) -> Any:
        report = getattr(checkpoint, "report", None)  # none is an AttributeError to Django
        return None if report is None else CheckpointReportSerializer(report).data


class CheckpointRunSerializer(serializers.ModelSerializer[TrainingRun]):
    class Meta:
        model = TrainingRun
        fields = ("id", "name", "preset", "codec", "is_rewriting")
        read_only_fields = fields


class OwnedCheckpointSerializer(CheckpointSerializer):
    """A checkpoint with the run that it is of."""

    run = CheckpointRunSerializer(read_only=True)

    class Meta(CheckpointSerializer.Meta):
        fields = ("id", "run", *CheckpointSerializer.Meta.fields[1:])  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class RunSerializer(serializers.ModelSerializer[TrainingRun]):
    config = serializers.DictField(read_only=True)
    progress = RunProgressSerializer(read_only=True)
    corpus = RunCorpusSerializer(read_only=True)
    resume_epoch = serializers.SerializerMethodField(help_text="The epochs that are behind it when it goes on.")
    datasets = RunDatasetSerializer(many=True, read_only=True)
    checkpoints = CheckpointSerializer(many=True, read_only=True)

    class Meta:
        model = TrainingRun
        fields = (
            "id",
            "name",
            "preset",
            "config",
            "is_rewriting",
            "seed",
            "state",
            "reason",
            "ended_by",
            "progress",
            "corpus",
            "resume_epoch",
            "datasets",
            "checkpoints",
            "created_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_resume_epoch(self, run: TrainingRun) -> int:
        points = [point for point in (getattr(run, "resume_point", None), *run.checkpoints.all()[:1]) if point]
        return points[0].epoch if points else 0


class LimitsInputSerializer(serializers.Serializer[Any]):
    """When a training ends at the latest, whichever comes first; what is left out stays as it was."""

    epochs = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    max_seconds = serializers.FloatField(
        min_value=1, max_value=30 * 86_400, required=False, allow_null=True, help_text="null: no limit."
    )

    def limits(self) -> Limits:
        """The limits that were given."""
        given = self.validated_data
        return cast(Limits, {name: given[name] for name in ("epochs", "max_seconds") if name in given})


class RunInputSerializer(LimitsInputSerializer):
    """A run to be started."""

    name = serializers.CharField(max_length=120)
    datasets = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=100)
    preset = serializers.ChoiceField(choices=list(PRESETS))
    seed = serializers.IntegerField(min_value=0, max_value=SEED_MAX, required=False, allow_null=True)


class LossSerializer(serializers.ModelSerializer[LossPoint]):
    class Meta:
        model = LossPoint
        fields = ("epoch", "loss", "held_out_loss", "seconds")
        read_only_fields = fields


class PrimeInputSerializer(serializers.Serializer[Any]):
    """Bars of a MIDI file that samples go on from."""

    file = serializers.IntegerField(min_value=1, help_text="An accepted file of a dataset that I may see.")
    first_bar = serializers.IntegerField(min_value=1, max_value=100_000, default=1, help_text="From 1.")
    last_bar = serializers.IntegerField(min_value=1, max_value=100_000, default=2, help_text="The last that is heard.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not 0 <= attrs["last_bar"] - attrs["first_bar"] < PRIME_BARS_MAX:
            raise serializers.ValidationError({"last_bar": [f"From the first bar on, at most {PRIME_BARS_MAX} bars."]})
        return attrs


class SampleInputSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1, max_value=16)
    length = serializers.IntegerField(min_value=1, max_value=2_000, default=128, help_text="Notes.")
    temperature = serializers.FloatField(min_value=0.1, max_value=2, default=1.0)
    temperatures = serializers.DictField(
        child=serializers.FloatField(min_value=0.1, max_value=2),
        default=dict,
        help_text=f"Instead of `temperature`, by what of a note is chosen: {', '.join(FIELD_NAMES)}.",
    )
    top_k = serializers.IntegerField(min_value=0, max_value=1_000, default=0, help_text="0: no limit.")
    top_p = serializers.FloatField(min_value=0.05, max_value=1, default=0.98)
    key = serializers.ChoiceField(choices=list(KEYS), required=False)
    scale = serializers.ChoiceField(choices=list(SCALES), required=False)
    prime = PrimeInputSerializer(required=False, allow_null=True)
    seed = serializers.IntegerField(min_value=0, max_value=SEED_MAX, required=False, allow_null=True)
    tempo_bpm = serializers.FloatField(min_value=20, max_value=400, required=False, allow_null=True)

    def validate_temperatures(self, value: dict[str, float]) -> dict[str, float]:
        unknown = sorted(set(value) - set(FIELD_NAMES))
        if unknown:
            raise serializers.ValidationError(f"Expected names among {', '.join(FIELD_NAMES)}; got {unknown[0]!r}.")
        return value


class OrderedSerializer(serializers.Serializer[Any]):
    job = serializers.IntegerField(help_text="The job that draws them; samples name it.")


class MemorisationSerializer(serializers.Serializer[Any]):
    """The longest passage shared with a training piece, in whatever key and tempo."""

    n_notes = serializers.IntegerField(help_text="Different notes of the passage; 0 for none.")
    piece = serializers.CharField(allow_null=True, help_text="The piece that it is shared with.")
    piece_bars = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="The first and the last, of the piece, from 1."
    )
    bars = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="The first and the last, of the phrase, from 1."
    )
    people_notes = serializers.IntegerField(
        help_text="The longest passage that as long an excerpt of a training piece shares with the others."
    )


class SampleSerializer(serializers.ModelSerializer[Sample]):
    checkpoint = serializers.IntegerField(source="checkpoint_id", read_only=True)
    settings = serializers.DictField(read_only=True)
    memorisation = MemorisationSerializer(read_only=True, allow_null=True)
    phrase = serializers.SerializerMethodField()

    class Meta:
        model = Sample
        fields = ("id", "checkpoint", "job_id", "index", "settings", "memorisation", "created_at", "phrase")
        read_only_fields = fields

    @extend_schema_field(PhraseSerializer)
    def get_phrase(self, sample: Sample) -> Phrase:
        return phrase(heard_score(sample))


class SamplesQuerySerializer(serializers.Serializer[Any]):
    checkpoint = serializers.IntegerField(min_value=1, required=False)
