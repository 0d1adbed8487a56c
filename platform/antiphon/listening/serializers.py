"""How rooms are written in the API."""

from typing import Any

from rest_framework import serializers

from antiphon.listening.models import Room


class RoomInputSerializer(serializers.Serializer[Any]):
    population = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class RoomStateInputSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Room.State.choices)


class RoomPopulationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the open generation is."""

    generation = serializers.IntegerField()
    size = serializers.IntegerField()
    complete = serializers.IntegerField(help_text="Phrases with enough ratings.")
    quorum = serializers.IntegerField(help_text="Ratings that are enough for one phrase.")
    ratings = serializers.IntegerField(help_text="Ratings that count towards the quorum.")
    needed = serializers.IntegerField()


class RoomSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Room.State.choices)
    population = RoomPopulationSerializer()
    link = serializers.URLField()
    here = serializers.IntegerField(help_text="Listeners in the room now.")
    listeners = serializers.IntegerField(help_text="Listeners who have rated here.")
    ratings = serializers.IntegerField(help_text="Ratings given here, over all generations.")
    progress = ProgressSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
