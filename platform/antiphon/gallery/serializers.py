"""What the gallery's API takes and tells."""

from typing import Any

from rest_framework import serializers


class ExhibitionInputSerializer(serializers.Serializer[Any]):
    """Whether a population is to be in the gallery; what is left out is off."""

    is_shown = serializers.BooleanField()
    allows_midi = serializers.BooleanField(default=False, help_text="Anybody may take its best phrases away as MIDI.")


class ExhibitionSerializer(serializers.Serializer[Any]):
    """How a population stands with the public gallery."""

    is_shown = serializers.BooleanField()
    allows_midi = serializers.BooleanField()
    address = serializers.SerializerMethodField(help_text="Where everybody finds it, while it is shown.")

    def get_address(self, exhibition: Any) -> str | None:
        return f"/gallery/{exhibition.population_id}/" if exhibition.is_shown else None


class DescendantSerializer(serializers.Serializer[Any]):
    """A living phrase that descends from phrases which the listener liked: rated 3 or more."""

    number = serializers.IntegerField(help_text="From 1, within the generation.")
    share = serializers.FloatField(
        help_text="The part of its ancestry that goes back to them, 0-1: every parent has an equal part of its child, "
        "and the first of them on the way up has all of what reaches it."
    )
    lives_on = serializers.BooleanField(help_text="It is one of them, and lives on.")


class CreditSerializer(serializers.Serializer[Any]):
    """What of the newest generation descends from what this listener liked: rated 3 or more. Names nobody else."""

    generation = serializers.IntegerField(help_text="From 0.")
    size = serializers.IntegerField(help_text="Phrases in it.")
    liked = serializers.IntegerField(help_text="Phrases of earlier generations that they liked.")
    share = serializers.FloatField(help_text="Of the ancestry of all its phrases together, 0-1.")
    descendants = DescendantSerializer(many=True)


class GalleryCreditSerializer(serializers.Serializer[Any]):
    """A listener's credit in a population that is shown."""

    credit = CreditSerializer(allow_null=True, help_text="Null for whom nobody knows here.")
