"""A room while it is rated, as its host watches it: who heard and rated what, how fast it goes, what needs a hand.

However full the room is, it takes as many queries, and names no more listeners than a page can show: the others are
told of as one. The model's word on listeners is a moment old (`assessment`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Avg, Count, Max, Q
from django.db.models.functions import TruncMinute
from django.utils import timezone
from redis.client import Redis

from antiphon.accounts.models import Listener
from antiphon.listening.hosting.alerts import Alert, Clicker, Situation, alerts_of
from antiphon.listening.judging.assessment import Assessment, assess
from antiphon.listening.live.presence import listeners_here
from antiphon.listening.models import Rating, Room, SetAside, Skip
from antiphon.populations.closing import Rule, population_rule, rule_of
from antiphon.populations.models import Generation, Individual

LISTENERS_MAX, LISTENERS_MIN = 60, 12  # that are named, whoever answered last first
CELLS_MAX = 2_400  # listeners times phrases, where that leaves room for the fewest
PACE_MINUTES = 30
SKIPPED = -1
NEW = Q(ratings__occasion=0)


@dataclass(frozen=True)
class PhraseSoFar:
    """A phrase of the open generation: ratings that count, and of this room's listeners who are not named the mean."""

    id: int
    number: int
    given: int
    others: int  # ratings of this room by listeners who are not named
    others_mean: float | None


@dataclass(frozen=True)
class ListenerSoFar:
    """A listener of this room: what they said of each phrase, 0 to 5, SKIPPED, or None where they said nothing yet."""

    number: int | None  # among the population's by their first rating; None before it, or where that was just now
    name: str
    is_here: bool
    is_simulated: bool
    is_set_aside: bool
    flag: str | None
    reason: str
    cells: list[int | None]


@dataclass(frozen=True)
class Dashboard:
    """All that a host sees of a room that is being rated."""

    now: datetime
    rule: Rule
    generation: int | None  # that is open
    phrases: list[PhraseSoFar]
    listeners: list[ListenerSoFar]  # who answered last first; who is here and has not answered after them
    n_listeners: int  # who have answered in this generation or are here
    n_here: int
    pace: list[int]  # ratings of each of the last PACE_MINUTES minutes, the newest last
    last_answer_at: datetime | None
    agreement: float | None  # ICC(2,1) of the open generation's ratings
    expected_error: float | None
    alerts: list[Alert]


@dataclass(frozen=True)
class _Phrase:
    id: int
    index: int
    given: int  # ratings that count
    revised: int  # of them, those that were given anew


def dashboard_of(room: Room) -> Dashboard:
    """A room as it is now: fifteen queries at the most, and about as many again where the model looks anew."""
    now = timezone.now()
    with Redis.from_url(settings.REDIS_URL) as valkey:
        here = listeners_here(valkey, room.code)
    generation = Generation.objects.select_related("population").filter(population=room.population_id, closed_at=None)
    newest = generation.order_by("-number").first()
    if newest is None:
        return _between(room, now, here)
    return _watched(room, newest, now, here)


def _watched(room: Room, newest: Generation, now: datetime, here: list[UUID]) -> Dashboard:
    aside = set(SetAside.objects.filter(population=room.population_id).values_list("listener_id", flat=True))
    phrases = _phrases(newest, aside)
    answered = _answered(room, newest)
    found = assess(newest, tally=sum(one.given + one.revised for one in phrases))
    people = list(dict.fromkeys([*answered, *here]))
    named = people[: _fitting(len(phrases))]
    cells = _cells(newest, named)
    rest = _rest(room, newest, named) if len(answered) > len(named) else {}
    listeners = _listeners(named, cells, [one.id for one in phrases], set(here), aside, found)
    last = max(answered.values(), default=None)
    return Dashboard(
        now=now,
        rule=rule_of(newest),
        generation=newest.number,
        phrases=[PhraseSoFar(one.id, one.index + 1, one.given, *rest.get(one.id, (0, None))) for one in phrases],
        listeners=listeners,
        n_listeners=len(people),
        n_here=len(here),
        pace=_pace(room, now),
        last_answer_at=last,
        agreement=found.agreement,
        expected_error=found.expected_error,
        alerts=alerts_of(
            Situation(
                takes_ratings=room.state == Room.State.OPEN,
                rule=rule_of(newest),
                given=[one.given for one in phrases],
                open_to=_open_to(newest, [one.id for one in phrases], here),
                here=len(here),
                people=len(people),
                quiet_minutes=(now - (last or newest.opened_at)) / timedelta(minutes=1),
                expected_error=found.expected_error,
                judged=found.judged,
                clickers=_clickers(found, aside),
            )
        ),
    )


def _between(room: Room, now: datetime, here: list[UUID]) -> Dashboard:
    """While no generation is open there is nothing to rate."""
    named = here[:LISTENERS_MAX]
    return Dashboard(
        now=now,
        rule=population_rule(room.population),
        generation=None,
        phrases=[],
        listeners=_listeners(named, {}, [], set(here), set(), Assessment()),
        n_listeners=len(here),
        n_here=len(here),
        pace=_pace(room, now),
        last_answer_at=None,
        agreement=None,
        expected_error=None,
        alerts=[],
    )


def _fitting(n_phrases: int) -> int:
    """How many listeners are named beside so many phrases."""
    return max(LISTENERS_MIN, min(LISTENERS_MAX, CELLS_MAX // max(n_phrases, 1)))


def _phrases(generation: Generation, aside: Iterable[UUID]) -> list[_Phrase]:
    counting = NEW & ~Q(ratings__listener__in=list(aside))
    individuals = (
        Individual.objects.filter(generation=generation, first=None)
        .order_by("index")
        .annotate(given=Count("ratings", filter=counting), revised=Count("ratings__revised_at", filter=counting))
    )
    return [_Phrase(*row) for row in individuals.values_list("pk", "index", "given", "revised")]


def _answered(room: Room, generation: Generation) -> dict[UUID, datetime]:
    """Who has answered in this room in this generation, and when last; whoever did last first."""
    last: dict[UUID, datetime] = {}
    for kind in (Rating, Skip):
        said = kind.objects.filter(room=room, individual__generation=generation, occasion=0).order_by()
        for listener_id, at in said.values_list("listener").annotate(at=Max("created_at")):
            last[listener_id] = max(at, last.get(listener_id, at))
    return dict(sorted(last.items(), key=lambda item: item[1], reverse=True))


def _cells(generation: Generation, listeners: Sequence[UUID]) -> dict[UUID, dict[int, int]]:
    """What some listeners said of each phrase, in whichever room."""
    found: dict[UUID, dict[int, int]] = defaultdict(dict)
    skips = Skip.objects.filter(individual__generation=generation, occasion=0, listener__in=listeners)
    for listener_id, individual_id in skips.values_list("listener_id", "individual_id"):
        found[listener_id][individual_id] = SKIPPED
    ratings = Rating.objects.filter(individual__generation=generation, occasion=0, listener__in=listeners)
    for listener_id, individual_id, value in ratings.values_list("listener_id", "individual_id", "value"):
        found[listener_id][individual_id] = value
    return found


def _rest(room: Room, generation: Generation, named: Sequence[UUID]) -> dict[int, tuple[int, float]]:
    """Of each phrase the ratings of this room's listeners who are not named: how many, and their mean."""
    ratings = Rating.objects.filter(room=room, individual__generation=generation, occasion=0)
    others = ratings.exclude(listener__in=named).order_by().values_list("individual")
    return {
        individual_id: (count, mean)
        for individual_id, count, mean in others.annotate(count=Count("pk"), mean=Avg("value"))
    }


def _open_to(generation: Generation, phrases: Sequence[int], here: Sequence[UUID]) -> list[int]:
    """Of each phrase how many of those who are here have not answered it."""
    answered: Counter[int] = Counter()
    for kind in (Rating, Skip):
        said = kind.objects.filter(individual__generation=generation, occasion=0, listener__in=here).order_by()
        answered.update(dict(said.values_list("individual").annotate(count=Count("pk"))))
    return [len(here) - answered[phrase] for phrase in phrases]


def _pace(room: Room, now: datetime) -> list[int]:
    """Ratings of each of the last minutes; the last one is not over yet."""
    this = now.replace(second=0, microsecond=0)
    since = this - timedelta(minutes=PACE_MINUTES - 1)
    ratings = Rating.objects.filter(room=room, created_at__gte=since).order_by()
    counts = dict(ratings.annotate(minute=TruncMinute("created_at")).values_list("minute").annotate(count=Count("pk")))
    return [counts.get(since + timedelta(minutes=minute), 0) for minute in range(PACE_MINUTES)]


def _listeners(
    named: Sequence[UUID],
    cells: dict[UUID, dict[int, int]],
    phrases: Sequence[int],
    here: set[UUID],
    aside: set[UUID],
    found: Assessment,
) -> list[ListenerSoFar]:
    known = {one.pk: one for one in Listener.objects.filter(pk__in=named)}
    numbers = {pk: number for number, pk in enumerate(found.listeners, start=1)}
    return [
        ListenerSoFar(
            number=numbers.get(pk),
            name=known[pk].name,
            is_here=pk in here,
            is_simulated=known[pk].is_simulated,
            is_set_aside=pk in aside,
            flag=found.flagged[pk][0] if pk in found.flagged else None,
            reason=found.flagged[pk][1] if pk in found.flagged else "",
            cells=[cells.get(pk, {}).get(phrase) for phrase in phrases],
        )
        for pk in named
        if pk in known
    ]


def _clickers(found: Assessment, aside: set[UUID]) -> list[Clicker]:
    """Who is flagged and counts, by name where they gave one."""
    flagged = [pk for pk in found.flagged if pk not in aside]
    names = dict(Listener.objects.filter(pk__in=flagged).values_list("pk", "name"))
    numbers = {pk: number for number, pk in enumerate(found.listeners, start=1)}
    return [
        Clicker(numbers[pk], names[pk] or f"Listener {numbers[pk]}", found.flagged[pk][1])
        for pk in flagged
        if pk in names
    ]
