"""How rooms are written in the API."""

from typing import Any

from rest_framework import serializers

from antiphon.listening.hosting.alerts import ALERT_KINDS
from antiphon.listening.models import CONSENT_MAX, Room
from antiphon.populations.closing import MINUTES_MAX, QUORUM_MAX, WANTED_ERROR_MAX, WANTED_ERROR_MIN
from antiphon.populations.models import Population
from antiphon.populations.serializers import RuleSerializer

TAG_PATTERN = r"^[a-z][a-z-]*$"
ROOM_TAGS_MAX = 20


class RoomInputSerializer(serializers.Serializer[Any]):
    population = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class RoomStateInputSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Room.State.choices)


class RoomSettingsInputSerializer(serializers.Serializer[Any]):
    """What a host changes of a room; what is left out stays as it is."""

    name = serializers.CharField(max_length=120, required=False)
    has_anchors = serializers.BooleanField(required=False, help_text="Phrases that come again all through the run.")
    has_repeats = serializers.BooleanField(required=False, help_text="Hidden repeats of what a listener has rated.")
    has_duels = serializers.BooleanField(required=False, help_text="Pairs of phrases close to the cut.")
    tags = serializers.ListField(
        child=serializers.RegexField(TAG_PATTERN, max_length=24),
        max_length=ROOM_TAGS_MAX,
        required=False,
        help_text="That a rating may carry: small letters and hyphens.",
    )
    consent_text = serializers.CharField(
        max_length=CONSENT_MAX,
        required=False,
        allow_blank=True,
        help_text="What listeners agree to; empty for the standard text. Another text is asked of everybody anew.",
    )

    def validate_tags(self, tags: list[str]) -> list[str]:
        return list(dict.fromkeys(tags))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "A room has no such setting. Leave it out."))
        return attrs


class RuleInputSerializer(serializers.Serializer[Any]):
    """By what generations close from now on; what is left out stays as it is."""

    closing = serializers.ChoiceField(choices=Population.Closing.choices, required=False)
    quorum = serializers.IntegerField(min_value=1, max_value=QUORUM_MAX, required=False)
    wanted_error = serializers.FloatField(min_value=WANTED_ERROR_MIN, max_value=WANTED_ERROR_MAX, required=False)
    minutes = serializers.IntegerField(
        min_value=1, max_value=MINUTES_MAX, allow_null=True, required=False, help_text="At the most; null for no limit."
    )


class ExtensionInputSerializer(serializers.Serializer[Any]):
    """What more is asked of the open generation: at least one of these."""

    quorum = serializers.IntegerField(min_value=1, max_value=QUORUM_MAX, required=False)
    wanted_error = serializers.FloatField(min_value=WANTED_ERROR_MIN, max_value=WANTED_ERROR_MAX, required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=MINUTES_MAX, required=False, help_text="In all.")


class RoomPopulationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    is_rehearsal = serializers.BooleanField(help_text="Rated by simulated listeners.")


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the open generation is."""

    generation = serializers.IntegerField()
    size = serializers.IntegerField()
    complete = serializers.IntegerField(help_text="Phrases with enough ratings.")
    quorum = serializers.IntegerField(help_text="Ratings that are enough for one phrase.")
    ratings = serializers.IntegerField(help_text="Ratings that count towards the quorum.")
    needed = serializers.IntegerField()
    expected_error = serializers.FloatField(
        allow_null=True, help_text="Expected selection error now; null where the quorum closes, or before ratings."
    )
    wanted_error = serializers.FloatField(allow_null=True, help_text="At which it closes; null where the quorum does.")
    minutes = serializers.IntegerField(allow_null=True, help_text="That it is rated at the most; null for no limit.")
    closes_at = serializers.DateTimeField(
        allow_null=True, help_text="When its time is up; null before its first rating and while no room is open."
    )


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
    rule = RuleSerializer(help_text="By which the open generation closes, or the next one.")
    has_anchors = serializers.BooleanField()
    has_repeats = serializers.BooleanField()
    has_duels = serializers.BooleanField()
    tags = serializers.ListField(child=serializers.CharField())
    consent_text = serializers.CharField(allow_blank=True, help_text="The host's own; empty for the standard text.")
    consent_version = serializers.CharField()
    created_at = serializers.DateTimeField()


class VoiceSerializer(serializers.Serializer[Any]):
    """One listener of a population, as its host sees them."""

    number = serializers.IntegerField(help_text="From 1, in the order of their first ratings.")
    name = serializers.CharField()
    is_simulated = serializers.BooleanField(help_text="A program, in a rehearsal.")
    n_ratings = serializers.IntegerField()
    bias = serializers.FloatField(help_text="Rating points above what others give to the same phrases.")
    consistency = serializers.FloatField(help_text="1 / the variance of what they say of one phrase; 1 is usual.")
    weight = serializers.FloatField(help_text="What one of their ratings counts; the median listener's counts 1.")
    listening = serializers.FloatField(help_text="The probability that they listen and do not click blindly.")
    flag = serializers.ChoiceField(choices=("random", "constant"), allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why they are flagged, in words.")
    island = serializers.IntegerField(
        allow_null=True,
        help_text="The one that is most probably theirs, whose listeners they are judged by; null: none.",
    )
    is_set_aside = serializers.BooleanField(help_text="Whether the host lets their answers not count.")
    largest_change = serializers.FloatField(
        allow_null=True,
        help_text="How far any phrase's fitness moves without them (set aside: with), in the newest rated generation.",
    )
    rank_correlation = serializers.FloatField(
        allow_null=True, help_text="Spearman's, of the newest rated generation with and without them."
    )
    parents_changed = serializers.IntegerField(
        allow_null=True, help_text="How many parents would be others without them."
    )


class ListenersSerializer(serializers.Serializer[Any]):
    """Who rated a population, and what each of them counts."""

    generation = serializers.IntegerField(allow_null=True, help_text="The one that influence is told of.")
    listeners = VoiceSerializer(many=True)


class SetAsideInputSerializer(serializers.Serializer[Any]):
    is_set_aside = serializers.BooleanField(help_text="Whether their answers are not to count; it can be undone.")


class ChangedPhraseSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    index = serializers.IntegerField()


class ListenerChangeSerializer(serializers.Serializer[Any]):
    """What one listener's answers change in a generation, by all that has been said until now."""

    generation = serializers.IntegerField()
    largest = serializers.FloatField(help_text="How far the fitness of any phrase moves, in rating points.")
    rank_correlation = serializers.FloatField(help_text="Spearman's, of the fitness with and without them.")
    only_with = ChangedPhraseSerializer(many=True, help_text="Those that are parents only with what they said.")
    only_without = ChangedPhraseSerializer(many=True, help_text="Those that are parents only without it.")


class ListenerEffectSerializer(serializers.Serializer[Any]):
    """A listener, whether their answers count, and what they change, generation by generation."""

    number = serializers.IntegerField()
    is_set_aside = serializers.BooleanField()
    n_ratings = serializers.IntegerField()
    changes = ListenerChangeSerializer(many=True)


class PhraseSoFarSerializer(serializers.Serializer[Any]):
    """A phrase of the open generation."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    given = serializers.IntegerField(help_text="Ratings that count, of all rooms of the population.")
    others = serializers.IntegerField(help_text="Ratings of this room's listeners who are not named.")
    others_mean = serializers.FloatField(allow_null=True)


class ListenerSoFarSerializer(serializers.Serializer[Any]):
    """A listener of a room, and what they said of each phrase of the open generation."""

    number = serializers.IntegerField(allow_null=True, help_text="Among the population's listeners; null before that.")
    name = serializers.CharField(allow_blank=True)
    is_here = serializers.BooleanField()
    is_simulated = serializers.BooleanField()
    is_set_aside = serializers.BooleanField()
    flag = serializers.ChoiceField(choices=("random", "constant"), allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why they are flagged, in words.")
    cells = serializers.ListField(
        child=serializers.IntegerField(allow_null=True), help_text="0 to 5, -1 skipped, null nothing yet."
    )


class AlertSerializer(serializers.Serializer[Any]):
    """Something that a host should look at, and what can be done."""

    kind = serializers.ChoiceField(choices=ALERT_KINDS)
    text = serializers.CharField()
    advice = serializers.CharField()
    listener = serializers.IntegerField(allow_null=True, help_text="The number of the one that it is about.")


class DashboardSerializer(serializers.Serializer[Any]):
    """A room while it is rated. It names 60 listeners at the most; the others are told of as one."""

    now = serializers.DateTimeField(help_text="The server's clock.")
    rule = RuleSerializer()
    generation = serializers.IntegerField(allow_null=True, help_text="That is open.")
    phrases = PhraseSoFarSerializer(many=True)
    listeners = ListenerSoFarSerializer(many=True)
    n_listeners = serializers.IntegerField(help_text="Who have answered in this generation or are here.")
    n_here = serializers.IntegerField()
    pace = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ratings of each of the last 30 minutes, the newest last."
    )
    last_answer_at = serializers.DateTimeField(allow_null=True)
    agreement = serializers.FloatField(allow_null=True, help_text="ICC(2,1) of the open generation's ratings.")
    expected_error = serializers.FloatField(allow_null=True, help_text="Of choosing parents now, in rating points.")
    alerts = AlertSerializer(many=True)
