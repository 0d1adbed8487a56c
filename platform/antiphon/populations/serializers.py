"""How populations are written in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from antiphon.core.serializers import PhraseSerializer
from antiphon.populations.closing import rule_of
from antiphon.populations.figures_serializers import GenerationFiguresSerializer, OperatorGainSerializer
from antiphon.populations.models import Generation, Population
from antiphon.populations.selectors import branches_of, clone_source, origin_of_branch
from antiphon.training.serializers import MemorisationSerializer
from evolution.algorithm import BreedingSettings
from evolution.frame import Frame


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
    crossover = serializers.CharField()
    caution = serializers.FloatField()
    selection = serializers.CharField()
    adaptive = serializers.BooleanField()
    fresh_blood = serializers.FloatField()
    minimum_distance = serializers.FloatField()
    surplus = serializers.IntegerField()
    taste = serializers.BooleanField()
    exploratory = serializers.IntegerField()
    selecting = serializers.BooleanField()
    method = serializers.CharField()
    taste_prior = serializers.BooleanField()
    taste_likelihood = serializers.BooleanField()
    islands = serializers.IntegerField()
    migration = serializers.FloatField()


class SourceRunSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SourceCheckpointSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    run = SourceRunSerializer()


class PopulationRoomSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()


class PhraseNameSerializer(serializers.Serializer[Any]):
    """A phrase, named as the studio names it."""

    id = serializers.IntegerField()
    generation = serializers.IntegerField()
    index = serializers.IntegerField()
    number = serializers.IntegerField()


class PopulationNameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class BranchedFromSerializer(serializers.Serializer[Any]):
    """Where a branch grew from; the phrase is null once it is deleted."""

    population = PopulationNameSerializer()
    individual = PhraseNameSerializer(allow_null=True)


class BranchSerializer(PopulationNameSerializer):
    """A population that grew from a phrase of this one."""

    individual = PhraseNameSerializer(allow_null=True)


class ClonedFromSerializer(serializers.Serializer[Any]):
    """What a clone was made from."""

    population = PopulationNameSerializer()
    generation = serializers.IntegerField(allow_null=True, help_text="Whose phrases it began with; null: none.")


class PopulationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    frame = serializers.SerializerMethodField()
    settings = serializers.SerializerMethodField()
    encoding = serializers.ChoiceField(choices=Population.Encoding.choices)
    is_faithful = serializers.BooleanField()
    quorum = serializers.IntegerField()
    births = serializers.IntegerField(allow_null=True, help_text="Newborns a round of steady breeding; else null.")
    closing = serializers.ChoiceField(choices=Population.Closing.choices)
    wanted_error = serializers.FloatField()
    minutes = serializers.IntegerField(allow_null=True, help_text="Of a generation at the most; null for no limit.")
    seed = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Population.State.choices)
    reason = serializers.CharField()
    checkpoint = SourceCheckpointSerializer(allow_null=True)
    rewriter = SourceCheckpointSerializer(allow_null=True)
    branched_from = serializers.SerializerMethodField()
    branches = serializers.SerializerMethodField()
    cloned_from = serializers.SerializerMethodField()
    is_rehearsal = serializers.BooleanField(help_text="Rated by simulated listeners.")
    generations = GenerationFiguresSerializer(many=True)
    rooms = PopulationRoomSerializer(many=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(FrameSerializer)
    def get_frame(self, population: Population) -> Any:
        return FrameSerializer(Frame.from_json(population.frame)).data

    @extend_schema_field(BreedingSettingsSerializer)
    def get_settings(self, population: Population) -> Any:
        return BreedingSettingsSerializer(BreedingSettings.from_json(population.settings)).data

    @extend_schema_field(BranchedFromSerializer(allow_null=True))
    def get_branched_from(self, population: Population) -> Any:
        origin = origin_of_branch(population)
        return None if origin is None else BranchedFromSerializer(origin).data

    @extend_schema_field(BranchSerializer(many=True))
    def get_branches(self, population: Population) -> Any:
        return BranchSerializer(branches_of(population), many=True).data

    @extend_schema_field(ClonedFromSerializer(allow_null=True))
    def get_cloned_from(self, population: Population) -> Any:
        source = clone_source(population)
        return None if source is None else ClonedFromSerializer(source).data


class RuleSerializer(serializers.Serializer[Any]):
    """By what a generation closes."""

    closing = serializers.ChoiceField(choices=Population.Closing.choices)
    quorum = serializers.IntegerField()
    wanted_error = serializers.FloatField()
    minutes = serializers.IntegerField(allow_null=True)


class ParentSerializer(PhraseNameSerializer):
    """A parent, named as the studio names it."""


class OriginSerializer(serializers.Serializer[Any]):
    run = serializers.CharField()
    sample = serializers.IntegerField()


class IndividualSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    index = serializers.IntegerField()
    number = serializers.IntegerField()
    operator = serializers.CharField()
    operators = serializers.ListField(child=serializers.CharField(), help_text="The operators that made it, in order.")
    lives_on_from = PhraseNameSerializer(allow_null=True, help_text="An elite's first life.")
    branches = PopulationNameSerializer(many=True)
    origin = OriginSerializer(allow_null=True)
    parents = ParentSerializer(many=True)
    fitness = serializers.FloatField(allow_null=True)
    standard_error = serializers.FloatField(allow_null=True)
    n_ratings = serializers.IntegerField()
    p_parent = serializers.FloatField(allow_null=True, help_text="Probability to be among the parents.")
    predicted = serializers.FloatField(allow_null=True, help_text="What the taste expected before anybody heard it.")
    predicted_error = serializers.FloatField(allow_null=True)
    nats = serializers.FloatField(allow_null=True, help_text="How surprised the network is by a note, on average.")
    island = serializers.IntegerField(allow_null=True, help_text="Where it lives, of a crowd that has parted.")
    memorisation = MemorisationSerializer(allow_null=True)
    phrase = PhraseSerializer()


class GenerationSerializer(GenerationFiguresSerializer):
    """A generation with its individuals; fitness is a live estimate until it has closed."""

    rule = serializers.SerializerMethodField()
    gains = serializers.SerializerMethodField()
    individuals = serializers.SerializerMethodField()

    @extend_schema_field(serializers.FloatField(allow_null=True, help_text="Selection error, now or at close."))
    def get_expected_error(self, generation: Generation) -> Any:
        return self.context["view"].expected_error

    @extend_schema_field(RuleSerializer(allow_null=True, help_text="With what was extended of it; null once closed."))
    def get_rule(self, generation: Generation) -> Any:
        return None if generation.is_closed else RuleSerializer(rule_of(generation)).data

    @extend_schema_field(OperatorGainSerializer(many=True))
    def get_gains(self, generation: Generation) -> Any:
        return (generation.figures or {}).get("gains", [])

    @extend_schema_field(IndividualSerializer(many=True))
    def get_individuals(self, _generation: Generation) -> Any:
        return IndividualSerializer(self.context["view"].individuals, many=True).data


class ProgramSerializer(serializers.Serializer[Any]):
    program = serializers.IntegerField()
    name = serializers.CharField()


class RecipeSerializer(serializers.Serializer[Any]):
    """A way to breed, whole: what the fields that are left out become."""

    name = serializers.CharField()
    encoding = serializers.ChoiceField(choices=Population.Encoding.choices)
    settings = BreedingSettingsSerializer()


class PopulationLimitsSerializer(serializers.Serializer[Any]):
    bars_max = serializers.IntegerField()
    size_min = serializers.IntegerField()
    size_max = serializers.IntegerField()
    quorum_max = serializers.IntegerField()
    tempo_min_bpm = serializers.FloatField()
    tempo_max_bpm = serializers.FloatField()
    caution_max = serializers.FloatField()
    fresh_blood_max = serializers.FloatField()
    minimum_distance_max = serializers.FloatField()
    surplus_max = serializers.IntegerField()
    islands_max = serializers.IntegerField()
    migration_max = serializers.FloatField()
    wanted_error_min = serializers.FloatField()
    wanted_error_max = serializers.FloatField()
    minutes_max = serializers.IntegerField()


class PopulationDefaultsSerializer(FrameSerializer):
    """What the form of a population begins with."""

    beat_unit = None  # type: ignore[assignment]  # left out, as DRF has it: nobody chooses it
    closing = serializers.ChoiceField(choices=Population.Closing.choices)
    quorum = serializers.IntegerField()
    wanted_error = serializers.FloatField()
    minutes = serializers.IntegerField(help_text="Of generations that close by time alone.")
    fresh_share = serializers.FloatField(help_text="Of a branch.")


class PopulationOptionsSerializer(serializers.Serializer[Any]):
    """What can be chosen for a population."""

    keys = serializers.ListField(child=serializers.CharField())
    scales = serializers.ListField(child=serializers.CharField())
    programs = ProgramSerializer(many=True)
    crossovers = serializers.ListField(child=serializers.CharField())
    selections = serializers.ListField(child=serializers.CharField())
    methods = serializers.ListField(child=serializers.CharField())
    recipes = RecipeSerializer(many=True)
    limits = PopulationLimitsSerializer()
    defaults = PopulationDefaultsSerializer()
