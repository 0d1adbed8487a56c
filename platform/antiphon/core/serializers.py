"""How a phrase is written in the API."""

from typing import Any

from rest_framework import serializers


class PhraseNoteSerializer(serializers.Serializer[Any]):
    onset_seconds = serializers.FloatField()
    duration_seconds = serializers.FloatField()
    pitch = serializers.IntegerField()
    velocity = serializers.IntegerField()
    part = serializers.IntegerField()


class PhrasePartSerializer(serializers.Serializer[Any]):
    program = serializers.IntegerField()
    is_drum = serializers.BooleanField()


class PhraseBendSerializer(serializers.Serializer[Any]):
    onset_seconds = serializers.FloatField()
    part = serializers.IntegerField()
    cents = serializers.FloatField()


class PhraseSerializer(serializers.Serializer[Any]):
    """Music as a page plays and draws it: a stretch of whole bars, its notes in seconds from the beginning.

    It documents what `core.phrase` makes; views pass that through as it is, for speed.
    """

    notes = PhraseNoteSerializer(many=True)
    parts = PhrasePartSerializer(many=True)
    bends = PhraseBendSerializer(many=True)
    tempo_bpm = serializers.FloatField()
    beats_per_bar = serializers.IntegerField()
    bars = serializers.IntegerField()
    duration_seconds = serializers.FloatField()

    def to_representation(self, instance: Any) -> Any:
        return instance
