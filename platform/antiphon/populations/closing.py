"""When a generation closes: by which rule, what its host may change of it, and when its time is up."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from antiphon.core.errors import Invalid
from antiphon.populations.models import Generation, Population

QUORUM_MAX = 1000
WANTED_ERROR_MIN, WANTED_ERROR_MAX = 0.01, 2.0  # expected selection error, on the rating scale
MINUTES_MAX = 7 * 24 * 60


@dataclass(frozen=True)
class Rule:
    """What ends a generation.

    `quorum` ratings of each phrase, an expected selection error of at most `wanted_error` rating points, or time alone;
    and, where `minutes` are given, the end of that time whatever else is reached.
    """

    closing: str = Population.Closing.QUORUM
    quorum: int = 3
    wanted_error: float = 0.15
    minutes: int | None = None

    @property
    def is_by_certainty(self) -> bool:
        """Whether parents that are sure enough end it."""
        return self.closing == Population.Closing.CERTAINTY

    @property
    def is_by_quorum(self) -> bool:
        """Whether so many ratings of each phrase end it."""
        return self.closing == Population.Closing.QUORUM


def population_rule(population: Population) -> Rule:
    """What ends the generations of a population, unless one of them is extended."""
    return Rule(population.closing, population.quorum, population.wanted_error, population.minutes)


def rule_of(generation: Generation) -> Rule:
    """What ends a generation: its population's rule, with what was extended for it alone."""
    own = {name: getattr(generation, name) for name in ("quorum", "wanted_error", "minutes")}
    return replace(
        population_rule(generation.population), **{name: value for name, value in own.items() if value is not None}
    )


def closes_at(generation: Generation) -> datetime | None:
    """When a generation's time is up; None where it has none, where nobody has rated, and while its clock stands."""
    minutes = rule_of(generation).minutes
    if minutes is None or generation.clock_began_at is None or generation.clock_stopped_at is not None:
        return None
    return generation.clock_began_at + timedelta(minutes=minutes)


def checked_rule(rule: Rule) -> Rule:
    """The rule. Raises Invalid naming the field that is out of range, or that is missing."""
    if rule.closing not in Population.Closing.values:
        raise Invalid(f"closing: expected one of {', '.join(Population.Closing.values)}, got {rule.closing!r}.")
    check_range("quorum", rule.quorum, 1, QUORUM_MAX)
    if not WANTED_ERROR_MIN <= rule.wanted_error <= WANTED_ERROR_MAX:
        expected = f"expected {WANTED_ERROR_MIN} to {WANTED_ERROR_MAX} rating points"
        raise Invalid(f"wanted_error: {expected}, got {rule.wanted_error}.")
    if rule.minutes is not None:
        check_range("minutes", rule.minutes, 1, MINUTES_MAX)
    elif rule.closing == Population.Closing.TIME:
        raise Invalid("minutes: expected how many, as time alone closes a generation, got none. Give some.")
    return rule


def extended(
    rule: Rule, *, quorum: int | None = None, wanted_error: float | None = None, minutes: int | None = None
) -> Rule:
    """The rule that asks for more; None leaves a part as it is. Raises Invalid for what asks for less, or nothing."""
    if quorum is None and wanted_error is None and minutes is None:
        raise Invalid("Expected a higher quorum, a lower wanted error or more minutes, got none of them. Give one.")
    if quorum is not None and quorum <= rule.quorum:
        raise Invalid(f"quorum: expected more than the {rule.quorum} that are wanted now, got {quorum}.")
    if wanted_error is not None and not rule.is_by_certainty:
        raise Invalid("wanted_error: expected none, as this generation does not close by certainty. Leave it out.")
    if wanted_error is not None and wanted_error >= rule.wanted_error:
        raise Invalid(f"wanted_error: expected less than the {rule.wanted_error} wanted now, got {wanted_error}.")
    if minutes is not None and rule.minutes is None:
        raise Invalid("minutes: expected none, as this generation has no time limit. Leave it out.")
    if minutes is not None and rule.minutes is not None and minutes <= rule.minutes:
        raise Invalid(f"minutes: expected more than the {rule.minutes} that it has now in all, got {minutes}.")
    given = {"quorum": quorum, "wanted_error": wanted_error, "minutes": minutes}
    return checked_rule(replace(rule, **{name: value for name, value in given.items() if value is not None}))  # type: ignore[arg-type]


def check_range(name: str, value: int, low: int, high: int) -> None:
    """Raises Invalid where a whole number is out of range."""
    if not low <= value <= high:
        raise Invalid(f"{name}: expected a whole number from {low} to {high}, got {value}.")
