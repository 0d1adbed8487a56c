"""How populations are written in the API, and what a host may ask for."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from antiphon.core.serializers import PhraseSerializer
from antiphon.populations.models import Generation, Population
from antiphon.populations.services import QUORUM_MAX, SIZE_MAX, SIZE_MIN, PopulationOrder
from antiphon.training.serializers import MemorisationSerializer
from evolution.algorithm import BreedingSettings
from evolution.frame import Frame
from generation.score.scales import KEYS, SCALES

BARS_MAX = 16
TEMPO_MIN_BPM, TEMPO_MAX_BPM = 20.0, 300.0
SEED_MAX = 2**31 - 1
FRAME_FIELDS = (
    "bars", "beats_per_bar", "notes_per_bar", "key", "scale", "root_octave", "tempo_bpm", "program",
)  # fmt: skip
SETTINGS_FIELDS = ("size", "mutations", "mutation_probability")


class PopulationInputSerializer(serializers.Serializer[Any]):
    """A population to be made. The frame checks what depends on several fields at once."""

    name = serializers.CharField(max_length=120)
    checkpoint = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=2**63 - 1)
    bars = serializers.IntegerField(min_value=1, max_value=BARS_MAX, default=4)
    beats_per_bar = serializers.IntegerField(min_value=1, max_value=16, default=4)
    notes_per_bar = serializers.IntegerField(min_value=1, max_value=64, default=8)
    key = serializers.ChoiceField(choices=list(KEYS), default="C")
    scale = serializers.ChoiceField(choices=list(SCALES), default="major")
    root_octave = serializers.IntegerField(min_value=1, max_value=7, default=4)
    tempo_bpm = serializers.FloatField(min_value=TEMPO_MIN_BPM, max_value=TEMPO_MAX_BPM, default=110.0)
    program = serializers.IntegerField(min_value=0, max_value=127, default=0)
    size = serializers.IntegerField(min_value=SIZE_MIN, max_value=SIZE_MAX, default=10)
    mutations = serializers.IntegerField(min_value=0, max_value=64, default=2)
    mutation_probability = serializers.FloatField(min_value=0.0, max_value=1.0, default=0.5)
    quorum = serializers.IntegerField(min_value=1, max_value=QUORUM_MAX, default=3)
    seed = serializers.IntegerField(min_value=0, max_value=SEED_MAX, allow_null=True, default=None)

    def order(self) -> PopulationOrder:
        """The validated fields as an order."""
        asked = self.validated_data
        return PopulationOrder(
            name=asked["name"],
            checkpoint_id=asked["checkpoint"],
            frame={name: asked[name] for name in FRAME_FIELDS},
            settings={name: asked[name] for name in SETTINGS_FIELDS},
            quorum=asked["quorum"],
            seed=asked["seed"],
        )


class FrameSerializer(serializers.Serializer[Any]):
    bars = serializers.IntegerField()
    beats_per_bar = serializers.IntegerField()
    beat_unit = serializers.IntegerField()
    notes_per_bar = serializers.IntegerField()
    key = serializers.CharField()
    scale = serializers.CharField()
    root_octave = serializers.IntegerField()
    tempo_bpm = serializers.FloatField()
    program = serializers.IntegerField()


class BreedingSettingsSerializer(serializers.Serializer[Any]):
    size = serializers.IntegerField()
    parents = serializers.IntegerField()
    elites = serializers.IntegerField()
    mutations = serializers.IntegerField()
    mutation_probability = serializers.FloatField()


class SourceRunSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SourceCheckpointSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    run = SourceRunSerializer()


class GenerationFiguresSerializer(serializers.Serializer[Any]):
    """A generation in figures; fitness once it has closed."""

    number = serializers.IntegerField()
    size = serializers.IntegerField()
    is_closed = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    mean_fitness = serializers.FloatField(allow_null=True)
    best_fitness = serializers.FloatField(allow_null=True)
    best_standard_error = serializers.FloatField(allow_null=True)
    mean_standard_error = serializers.FloatField(allow_null=True)
    ratings = serializers.IntegerField()


class PopulationRoomSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()


class PopulationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    frame = serializers.SerializerMethodField()
    settings = serializers.SerializerMethodField()
    quorum = serializers.IntegerField()
    seed = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Population.State.choices)
    reason = serializers.CharField()
    checkpoint = SourceCheckpointSerializer(allow_null=True)
    generations = GenerationFiguresSerializer(many=True)
    rooms = PopulationRoomSerializer(many=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(FrameSerializer)
    def get_frame(self, population: Population) -> Any:
        return FrameSerializer(Frame.from_json(population.frame)).data

    @extend_schema_field(BreedingSettingsSerializer)
    def get_settings(self, population: Population) -> Any:
        return BreedingSettingsSerializer(BreedingSettings.from_json(population.settings)).data


class ParentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    generation = serializers.IntegerField()
    index = serializers.IntegerField()
    number = serializers.IntegerField()


class OriginSerializer(serializers.Serializer[Any]):
    run = serializers.CharField()
    sample = serializers.IntegerField()


class IndividualSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    index = serializers.IntegerField()
    number = serializers.IntegerField()
    operator = serializers.CharField()
    origin = OriginSerializer(allow_null=True)
    parents = ParentSerializer(many=True)
    fitness = serializers.FloatField(allow_null=True)
    standard_error = serializers.FloatField(allow_null=True)
    n_ratings = serializers.IntegerField()
    memorisation = MemorisationSerializer(allow_null=True)
    phrase = PhraseSerializer()


class GenerationSerializer(GenerationFiguresSerializer):
    """A generation with its individuals; fitness is a live estimate until it has closed."""

    individuals = serializers.SerializerMethodField()

    @extend_schema_field(IndividualSerializer(many=True))
    def get_individuals(self, generation: Generation) -> Any:
        return IndividualSerializer(self.context["individuals"], many=True).data


class ProgramSerializer(serializers.Serializer[Any]):
    program = serializers.IntegerField()
    name = serializers.CharField()


class PopulationLimitsSerializer(serializers.Serializer[Any]):
    bars_max = serializers.IntegerField()
    size_min = serializers.IntegerField()
    size_max = serializers.IntegerField()
    quorum_max = serializers.IntegerField()
    tempo_min_bpm = serializers.FloatField()
    tempo_max_bpm = serializers.FloatField()


class PopulationOptionsSerializer(serializers.Serializer[Any]):
    """What can be chosen for a population."""

    keys = serializers.ListField(child=serializers.CharField())
    scales = serializers.ListField(child=serializers.CharField())
    programs = ProgramSerializer(many=True)
    limits = PopulationLimitsSerializer()
