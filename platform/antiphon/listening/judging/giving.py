"""What was said of a population, for its archive: listeners are numbers, and nothing else is told of them."""

from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef

from antiphon.listening.models import Duel, Rating, SetAside
from antiphon.populations.estimates import Given, GivenDuel, GivenRating


def given_answers(population_id: int) -> Given:
    """All ratings and duels of a population in the order in which they came; two queries."""
    numbers: dict[UUID, int] = {}
    aside = SetAside.objects.filter(population=population_id, listener=OuterRef("listener"))
    is_aside = ExpressionWrapper(Exists(aside), output_field=BooleanField())
    ratings = (
        Rating.objects.filter(individual__generation__population_id=population_id)
        .annotate(is_aside=is_aside)
        .order_by("pk")
        .values_list(
            "listener_id", "individual__generation__number", "individual__index", "kind", "occasion", "value",
            "heard_ms", "revised_at", "is_aside", "listener__is_simulated",
        )
    )  # fmt: skip
    duels = (
        Duel.objects.filter(generation__population_id=population_id)
        .annotate(is_aside=is_aside)
        .order_by("pk")
        .values_list(
            "listener_id", "generation__number", "left__generation__number", "left__index",
            "right__generation__number", "right__index", "choice", "is_aside", "listener__is_simulated",
        )
    )  # fmt: skip
    return Given(
        ratings=[
            GivenRating(
                listener=numbers.setdefault(listener_id, len(numbers) + 1),
                generation=generation,
                index=index,
                kind=kind,
                heard_in=occasion - 1 if occasion else generation,
                value=value,
                heard_ms=heard_ms,
                is_revised=revised is not None,
                is_set_aside=aside_,
                is_simulated=simulated,
            )
            for listener_id, generation, index, kind, occasion, value, heard_ms, revised, aside_, simulated in ratings
        ],
        duels=[GivenDuel(numbers.setdefault(listener_id, len(numbers) + 1), *rest) for listener_id, *rest in duels],
    )
