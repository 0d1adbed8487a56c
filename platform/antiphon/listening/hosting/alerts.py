"""What a host should know at once of a room that is rated, and what they can do: figures in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from antiphon.listening.progress import FLOOR_RATINGS
from antiphon.populations.closing import Rule

ALERT_KINDS = ("most_click", "too_few", "out_of_reach", "stalled", "clicker")
STALLED_MINUTES = 3.0
JUDGED_MIN = 3  # listeners, before it can be said of most of them that they click
NAMED_MAX = 3  # of those who click, by name


@dataclass(frozen=True)
class Clicker:
    """A listener whose answers look like clicking, whom the host has not set aside."""

    number: int
    name: str
    reason: str


@dataclass(frozen=True)
class Situation:
    """The figures that alerts follow from.

    `given` and `open_to` are of each phrase that is to be heard: ratings that count, and listeners who are here and
    have not answered it. `people` have rated this generation or are here.
    """

    takes_ratings: bool
    rule: Rule
    given: Sequence[int]
    open_to: Sequence[int]
    here: int
    people: int
    quiet_minutes: float  # since the last answer, or since the generation was opened
    expected_error: float | None = None
    judged: int = 0  # listeners whose answers are enough to be told from clicking
    clickers: Sequence[Clicker] = field(default_factory=tuple)


@dataclass(frozen=True)
class Alert:
    """Something to look at: what it is, and what can be done. `listener` is the number of the one that it is about."""

    kind: str
    text: str
    advice: str
    listener: int | None = None


def alerts_of(now: Situation) -> list[Alert]:
    """What a host should know, the most pressing first; nothing while nobody could rate."""
    if not now.takes_ratings or not now.given:
        return []
    found = [_most_click(now), _too_few(now) or _out_of_reach(now), _stalled(now)]
    return [alert for alert in found if alert is not None] + _each_clicker(now)


def _stalled(now: Situation) -> Alert | None:
    if now.here == 0 or now.quiet_minutes < STALLED_MINUTES or not any(now.open_to):
        return None
    return Alert(
        "stalled",
        f"Nobody has rated for {now.quiet_minutes:.0f} minutes, although {_people(now.here)} here.",
        "Ask in the room whether the sound plays and the buttons wake up, or breed with the ratings that there are.",
    )


def _too_few(now: Situation) -> Alert | None:
    wanted = _wanted_each(now.rule)
    if wanted is None or now.people == 0 or now.people >= wanted:
        return None
    way_out = "Share the link"
    if now.rule.is_by_quorum:
        way_out = f"Share the link, or lower the quorum to {now.people}"
    return Alert(
        "too_few",
        f"Each phrase wants ratings of {wanted} different listeners, and there have been {now.people}.",
        f"{way_out}. The generation cannot close by its rule before.",
    )


def _out_of_reach(now: Situation) -> Alert | None:
    if now.here == 0:
        return None
    if now.rule.is_by_quorum:
        short = [
            now.rule.quorum - given
            for given, still in zip(now.given, now.open_to, strict=True)
            if given + still < now.rule.quorum
        ]
        if not short:
            return None
        text = f"{_phrases(len(short))} up to {_ratings(max(short))} more than those who are here can give."
    elif now.rule.is_by_certainty and not any(now.open_to):
        if now.expected_error is not None and now.expected_error <= now.rule.wanted_error:
            return None
        text = "Everybody who is here has answered every phrase, and the parents are not sure enough yet."
    else:
        return None
    return Alert("out_of_reach", text, "Breed with the ratings that there are, ask for less, or share the link.")


def _most_click(now: Situation) -> Alert | None:
    if now.judged < JUDGED_MIN or 2 * len(now.clickers) <= now.judged:
        return None
    return Alert(
        "most_click",
        f"{len(now.clickers)} of {now.judged} listeners answer as if they clicked without listening.",
        "Pause the room and ask whether they hear the phrases. If they all taste differently, it only looks so.",
    )


def _each_clicker(now: Situation) -> list[Alert]:
    if _most_click(now) is not None:
        return []
    return [
        Alert(
            "clicker",
            f"{one.name}: {one.reason}",
            "Their ratings count less by themselves. You can set them aside, and take them in again.",
            one.number,
        )
        for one in now.clickers[:NAMED_MAX]
    ]


def _wanted_each(rule: Rule) -> int | None:
    """Ratings of different listeners that each phrase has to have before the rule can close its generation."""
    if rule.is_by_quorum:
        return rule.quorum
    return FLOOR_RATINGS if rule.is_by_certainty else None


def _people(count: int) -> str:
    return "one listener is" if count == 1 else f"{count} listeners are"


def _phrases(count: int) -> str:
    return "One phrase wants" if count == 1 else f"{count} phrases want"


def _ratings(count: int) -> str:
    return "one rating" if count == 1 else f"{count} ratings"
