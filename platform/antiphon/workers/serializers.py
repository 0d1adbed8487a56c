"""The forms of what nodes and hosts send and get about jobs."""

from typing import Any

from rest_framework import serializers

from antiphon.workers.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "state",
            "payload",
            "progress",
            "reason",
            "attempts",
            "created_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields


class HelloSerializer(serializers.Serializer[Any]):
    facts = serializers.DictField(help_text="What the node says of itself: device, versions.")


class WelcomeSerializer(serializers.Serializer[Any]):
    node = serializers.CharField()
    lease_seconds = serializers.IntegerField()


class ClaimSerializer(serializers.Serializer[Any]):
    job = serializers.IntegerField()
    kind = serializers.CharField()
    lease = serializers.UUIDField(help_text="Name it in every report on this job.")
    lease_seconds = serializers.IntegerField(help_text="Without a report for so long, the job is offered to others.")
    attempt = serializers.IntegerField(help_text="From 1. There may be an artefact to go on from, at any attempt.")
    specification = serializers.DictField()
    has_archive = serializers.BooleanField()


class ProgressSerializer(serializers.Serializer[Any]):
    lease = serializers.UUIDField()
    progress = serializers.DictField(required=False, help_text="Empty: only renew the lease.")


class RenewedSerializer(serializers.Serializer[Any]):
    cancel = serializers.BooleanField(help_text="Whether to stop now and report what there is.")
    lease_seconds = serializers.IntegerField()


class ArtefactSerializer(serializers.Serializer[Any]):
    lease = serializers.UUIDField()
    facts = serializers.JSONField(required=False)
    file = serializers.FileField()

    def validate_facts(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError(f"Expected a JSON object; got {type(value).__name__}.")
        return value


class ResultSerializer(serializers.Serializer[Any]):
    lease = serializers.UUIDField()
    result = serializers.DictField()


class FailureSerializer(serializers.Serializer[Any]):
    lease = serializers.UUIDField()
    reason = serializers.CharField(max_length=2_000)
    is_final = serializers.BooleanField(default=False, help_text="Trying again will not help.")
    is_stopping = serializers.BooleanField(
        default=False, help_text="The node is being switched off: this attempt does not count."
    )
