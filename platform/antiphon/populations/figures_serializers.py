"""How a generation's figures are written in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from antiphon.populations.models import Generation


class AgreementSerializer(serializers.Serializer[Any]):
    """How far listeners agree, as intraclass correlations; null where the ratings cannot tell."""

    icc_single = serializers.FloatField(allow_null=True, help_text="ICC(2,1): of one rating.")
    icc_average = serializers.FloatField(allow_null=True, help_text="ICC(2,k): of the mean of a phrase's ratings.")
    ratings_each = serializers.FloatField()
    n_ratings = serializers.IntegerField()
    n_listeners = serializers.IntegerField()
    n_individuals = serializers.IntegerField()
    method = serializers.CharField()


class CalibrationSerializer(serializers.Serializer[Any]):
    """What the taste predicted against what the crowd gave."""

    n = serializers.IntegerField(help_text="Phrases that were predicted and then heard.")
    correlation = serializers.FloatField(allow_null=True)
    slope = serializers.FloatField(allow_null=True, help_text="Of given on predicted; 1 is right.")
    coverage = serializers.FloatField(allow_null=True, help_text="Share within the predicted 95 %.")


class OperatorGainSerializer(serializers.Serializer[Any]):
    """What an operator has brought so far: the children's fitness less their parents' mean."""

    operator = serializers.CharField()
    births = serializers.IntegerField()
    gain = serializers.FloatField()
    standard_error = serializers.FloatField()
    share = serializers.FloatField(allow_null=True, help_text="How often it is drawn from now on, within its kind.")


class IslandSerializer(serializers.Serializer[Any]):
    """An island of a crowd that has parted, as its generation closed."""

    listeners = serializers.IntegerField(help_text="Whose taste is most probably of this island.")
    size = serializers.IntegerField(help_text="Phrases that live only there.")
    mean_fitness = serializers.FloatField(allow_null=True, help_text="To its listeners, of the phrases they heard.")
    best_fitness = serializers.FloatField(allow_null=True)
    best_index = serializers.IntegerField(allow_null=True, help_text="The best phrase's index in its generation.")


class GenerationFiguresSerializer(serializers.Serializer[Any]):
    """A generation in figures; fitness, agreement and calibration once it has closed."""

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
    diversity = serializers.FloatField(allow_null=True, help_text="Mean distance between two of its phrases, 0-1.")
    expected_error = serializers.SerializerMethodField()
    agreement = serializers.SerializerMethodField()
    calibration = serializers.SerializerMethodField()
    islands = serializers.SerializerMethodField()

    @extend_schema_field(serializers.FloatField(allow_null=True, help_text="Expected selection error when it closed."))
    def get_expected_error(self, generation: Generation) -> Any:
        return (generation.figures or {}).get("expected_error")

    @extend_schema_field(AgreementSerializer(allow_null=True))
    def get_agreement(self, generation: Generation) -> Any:
        return (generation.figures or {}).get("agreement")

    @extend_schema_field(CalibrationSerializer(allow_null=True))
    def get_calibration(self, generation: Generation) -> Any:
        return (generation.figures or {}).get("calibration")

    @extend_schema_field(IslandSerializer(many=True, help_text="Empty while the crowd is of one taste."))
    def get_islands(self, generation: Generation) -> Any:
        return (generation.figures or {}).get("islands", [])
