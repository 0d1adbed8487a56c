"""What a host may ask for when a population is made."""

from typing import Any

from rest_framework import serializers

from antiphon.populations.cloning import Phrases
from antiphon.populations.closing import MINUTES_MAX, QUORUM_MAX, WANTED_ERROR_MAX, WANTED_ERROR_MIN
from antiphon.populations.models import Population
from antiphon.populations.recipes import RECIPES
from antiphon.populations.services import SIZE_MAX, SIZE_MIN, PopulationOrder
from antiphon.populations.usual import USUAL
from evolution.algorithm import MAX_CAUTION
from evolution.algorithm.settings import (
    ADAPTIVE,
    MAX_FRESH_BLOOD,
    MAX_ISLANDS,
    MAX_MIGRATION,
    MAX_MINIMUM_DISTANCE,
    MAX_SURPLUS,
    METHODS,
)
from evolution.operators.crossover import CROSSOVERS
from evolution.operators.selection import SELECTIONS
from generation.score.scales import KEYS, SCALES

BARS_MAX = 16
TEMPO_MIN_BPM, TEMPO_MAX_BPM = 20.0, 300.0
SEED_MAX = 2**31 - 1
FRAME_FIELDS = (
    "bars", "beats_per_bar", "notes_per_bar", "key", "scale", "root_octave", "tempo_bpm", "program",
)  # fmt: skip
SETTINGS_FIELDS = (
    "size", "parents", "elites", "mutations", "mutation_probability", "crossover", "caution", "selection", "adaptive",
    "fresh_blood", "minimum_distance", "surplus", "taste", "exploratory", "selecting", "method", "taste_prior",
    "taste_likelihood", "islands", "migration",
)  # fmt: skip


def _row_id(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=2**63 - 1, **options)


class BreedingInputSerializer(serializers.Serializer[Any]):
    """How a population is to be bred; what is left out is as in the recipe."""

    recipe = serializers.ChoiceField(
        choices=RECIPES, default=RECIPES[0], help_text="Where settings that are left out come from."
    )
    size = serializers.IntegerField(min_value=SIZE_MIN, max_value=SIZE_MAX, required=False)
    parents = serializers.IntegerField(min_value=1, max_value=SIZE_MAX, required=False)
    elites = serializers.IntegerField(min_value=0, max_value=SIZE_MAX, required=False)
    mutations = serializers.IntegerField(min_value=0, max_value=64, required=False)
    mutation_probability = serializers.FloatField(min_value=0.0, max_value=1.0, required=False)
    crossover = serializers.ChoiceField(choices=[*CROSSOVERS, ADAPTIVE], required=False)
    caution = serializers.FloatField(min_value=0.0, max_value=MAX_CAUTION, required=False)
    selection = serializers.ChoiceField(choices=list(SELECTIONS), required=False)
    adaptive = serializers.BooleanField(required=False, help_text="Operators are drawn by the gain they brought.")
    fresh_blood = serializers.FloatField(min_value=0.0, max_value=MAX_FRESH_BLOOD, required=False)
    minimum_distance = serializers.FloatField(min_value=0.0, max_value=MAX_MINIMUM_DISTANCE, required=False)
    surplus = serializers.IntegerField(min_value=1, max_value=MAX_SURPLUS, required=False)
    taste = serializers.BooleanField(required=False, help_text="Candidates are screened by what the crowd liked.")
    exploratory = serializers.IntegerField(min_value=0, max_value=SIZE_MAX, required=False)
    selecting = serializers.BooleanField(required=False, help_text="Off: the control line, parents drawn by lot.")
    method = serializers.ChoiceField(
        choices=METHODS,
        required=False,
        help_text="Whole generations, or a few newborns a round in place of the least fit.",
    )
    taste_prior = serializers.BooleanField(
        required=False, help_text="What the taste expects of newcomers is a prior of their fitness. Never a vote."
    )
    taste_likelihood = serializers.BooleanField(
        required=False,
        help_text="The checkpoint's likelihood is a feature of the taste. Costs up to seconds between generations.",
    )
    islands = serializers.IntegerField(
        min_value=1,
        max_value=MAX_ISLANDS,
        required=False,
        help_text="The most that several tastes part into.",
    )
    migration = serializers.FloatField(
        min_value=0.0, max_value=MAX_MIGRATION, required=False, help_text="Pairs with a parent from another island."
    )
    encoding = serializers.ChoiceField(choices=Population.Encoding.choices, required=False)
    is_faithful = serializers.BooleanField(default=False, help_text="The study's bits with the faults that they had.")


class CloneInputSerializer(serializers.Serializer[Any]):
    """A population to be made like another one."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    phrases = serializers.ChoiceField(
        choices=[one.value for one in Phrases],
        default=Phrases.NONE.value,
        help_text="Which of its phrases are taken along: none, those of its first, or of its newest generation.",
    )


class PopulationInputSerializer(BreedingInputSerializer):
    """A population to be made. The frame checks what depends on several fields at once."""

    name = serializers.CharField(max_length=120)
    checkpoint = _row_id()
    rewriter = _row_id(help_text="A checkpoint of a network that re-writes bars.")
    from_individual = _row_id(
        help_text="Branch: the first generation is this phrase and its children. The frame is its population's."
    )
    fresh_share = serializers.FloatField(
        min_value=0.0, max_value=0.5, default=0.0, help_text="Of a branch: how much of it is invented anew."
    )
    bars = serializers.IntegerField(min_value=1, max_value=BARS_MAX, default=USUAL.bars)
    beats_per_bar = serializers.IntegerField(min_value=1, max_value=16, default=USUAL.beats_per_bar)
    notes_per_bar = serializers.IntegerField(min_value=1, max_value=64, default=USUAL.notes_per_bar)
    key = serializers.ChoiceField(choices=list(KEYS), default=USUAL.key)
    scale = serializers.ChoiceField(choices=list(SCALES), default=USUAL.scale)
    root_octave = serializers.IntegerField(min_value=1, max_value=7, default=USUAL.root_octave)
    tempo_bpm = serializers.FloatField(min_value=TEMPO_MIN_BPM, max_value=TEMPO_MAX_BPM, default=USUAL.tempo_bpm)
    program = serializers.IntegerField(min_value=0, max_value=127, default=USUAL.program)
    quorum = serializers.IntegerField(min_value=1, max_value=QUORUM_MAX, default=USUAL.quorum)
    births = serializers.IntegerField(
        min_value=1,
        max_value=SIZE_MAX,
        allow_null=True,
        default=None,
        help_text="Of steady breeding: how many are born a round. A quarter of the size unless told.",
    )
    closing = serializers.ChoiceField(choices=Population.Closing.choices, default=USUAL.closing)
    wanted_error = serializers.FloatField(
        min_value=WANTED_ERROR_MIN,
        max_value=WANTED_ERROR_MAX,
        default=USUAL.wanted_error,
        help_text="Closes by certainty here.",
    )
    minutes = serializers.IntegerField(
        min_value=1,
        max_value=MINUTES_MAX,
        allow_null=True,
        default=None,
        help_text="How long a generation is rated at the most, from its first rating on; null for no limit.",
    )
    seed = serializers.IntegerField(min_value=0, max_value=SEED_MAX, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["from_individual"] is not None:
            alone = (*FRAME_FIELDS, "checkpoint")
            given = [name for name in alone if self.initial_data.get(name) is not None]
            if given:
                text = "Expected none with from_individual, whose population gives it. Leave it out."
                raise serializers.ValidationError(dict.fromkeys(given, text))
        return attrs

    def order(self) -> PopulationOrder:
        """The validated fields as an order."""
        asked = self.validated_data
        return PopulationOrder(
            name=asked["name"],
            checkpoint_id=asked["checkpoint"],
            frame={name: asked[name] for name in FRAME_FIELDS},
            settings={name: asked[name] for name in SETTINGS_FIELDS if name in asked},
            quorum=asked["quorum"],
            seed=asked["seed"],
            rewriter_id=asked["rewriter"],
            recipe=asked["recipe"],
            encoding=asked.get("encoding"),
            is_faithful=asked["is_faithful"],
            closing=asked["closing"],
            wanted_error=asked["wanted_error"],
            minutes=asked["minutes"],
            births=asked["births"],
            from_individual_id=asked["from_individual"],
            fresh_share=asked["fresh_share"],
        )
