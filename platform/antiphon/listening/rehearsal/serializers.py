"""How rehearsals are written in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from antiphon.listening.models import Rehearsal
from antiphon.listening.rehearsal.services import (
    LISTENERS_MAX,
    LISTENERS_MIN,
    MINUTES_MAX,
    MINUTES_MIN,
    PACE_MAX_SECONDS,
    PACE_MIN_SECONDS,
)


class RehearsalInputSerializer(serializers.Serializer[Any]):
    listeners = serializers.IntegerField(min_value=LISTENERS_MIN, max_value=LISTENERS_MAX, default=20)
    minutes = serializers.FloatField(min_value=MINUTES_MIN, max_value=MINUTES_MAX, default=3.0)
    pace_seconds = serializers.FloatField(
        min_value=PACE_MIN_SECONDS,
        max_value=PACE_MAX_SECONDS,
        allow_null=True,
        default=2.0,
        help_text="Seconds that an answer takes, on average; null: as long as the phrase, and a moment to think.",
    )


class RehearsalKeptSerializer(serializers.Serializer[Any]):
    """What became of everything that was acknowledged; all are to be 0."""

    lost = serializers.IntegerField()
    doubled = serializers.IntegerField()
    altered = serializers.IntegerField()


class RehearsalFiguresSerializer(serializers.Serializer[Any]):
    """How the listeners of a rehearsal fare."""

    seconds = serializers.FloatField()
    listeners = serializers.IntegerField()
    here = serializers.IntegerField(help_text="With a connection now.")
    ratings = serializers.IntegerField(help_text="Acknowledged, revisions among them.")
    ratings_per_second = serializers.FloatField()
    revisions = serializers.IntegerField()
    skips = serializers.IntegerField()
    retractions = serializers.IntegerField()
    duels = serializers.IntegerField()
    generations = serializers.IntegerField(help_text="That opened meanwhile.")
    connections = serializers.IntegerField()
    reconnections = serializers.IntegerField()
    refusals = serializers.DictField(child=serializers.IntegerField(), help_text="Messages, by code.")
    turned_away = serializers.DictField(child=serializers.IntegerField(), help_text="Listeners, by why.")
    p50_ms = serializers.FloatField(allow_null=True, help_text="Of the acknowledgement, from the first sending on.")
    p95_ms = serializers.FloatField(allow_null=True)
    p99_ms = serializers.FloatField(allow_null=True)
    slowest_ms = serializers.FloatField(allow_null=True)
    kept = RehearsalKeptSerializer(allow_null=True, help_text="Looked up at the end; null before.")


class RehearsalSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    room = serializers.CharField(source="room.code", help_text="Where it takes place.")
    population = serializers.IntegerField(source="room.population_id", help_text="The clone that is rated there.")
    listeners = serializers.IntegerField(source="n_listeners")
    minutes = serializers.FloatField()
    pace_seconds = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=Rehearsal.State.choices)
    reason = serializers.CharField()
    figures = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(RehearsalFiguresSerializer(allow_null=True))
    def get_figures(self, rehearsal: Rehearsal) -> Any:
        return RehearsalFiguresSerializer(rehearsal.figures).data if rehearsal.figures else None
