"""The forms of datasets and files in the API."""

from typing import Any

from rest_framework import serializers

from antiphon.datasets.models import Dataset, MidiFile


class FileCountsSerializer(serializers.Serializer[Any]):
    waiting = serializers.IntegerField(source="n_waiting")
    accepted = serializers.IntegerField(source="n_accepted")
    refused = serializers.IntegerField(source="n_refused")


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    """A dataset from `selectors.datasets_with_counts`."""

    is_starter = serializers.BooleanField(read_only=True)
    files = FileCountsSerializer(source="*", read_only=True)
    notes = serializers.IntegerField(source="n_notes", read_only=True)
    seconds = serializers.FloatField(source="n_seconds", read_only=True)

    class Meta:
        model = Dataset
        fields = (
            "id",
            "name",
            "description",
            "licence",
            "attribution",
            "is_starter",
            "created_at",
            "files",
            "notes",
            "seconds",
        )
        read_only_fields = fields


class DatasetInputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=4_000, required=False, allow_blank=True)
    licence = serializers.CharField(max_length=200, required=False, allow_blank=True)
    attribution = serializers.CharField(max_length=4_000, required=False, allow_blank=True)


class FactsSerializer(serializers.Serializer[Any]):
    """What was read from an accepted file; empty for others."""

    n_notes = serializers.IntegerField(required=False)
    n_parts = serializers.IntegerField(required=False)
    n_bars = serializers.IntegerField(required=False)
    duration_seconds = serializers.FloatField(required=False)
    tempo_bpm = serializers.FloatField(required=False)
    meter = serializers.CharField(required=False)
    key = serializers.CharField(required=False)
    polyphony = serializers.FloatField(required=False)
    lowest_pitch = serializers.IntegerField(required=False)
    highest_pitch = serializers.IntegerField(required=False)

    def to_representation(self, instance: Any) -> Any:
        return instance


class MidiFileSerializer(serializers.ModelSerializer[MidiFile]):
    facts = FactsSerializer(read_only=True)

    class Meta:
        model = MidiFile
        fields = (
            "id",
            "name",
            "n_bytes",
            "state",
            "reason",
            "facts",
            "licence",
            "attribution",
            "source",
            "created_at",
        )
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), allow_empty=False)


class UploadedSerializer(serializers.Serializer[Any]):
    files = MidiFileSerializer(many=True)
