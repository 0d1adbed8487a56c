"""The job of a rehearsal: invite the listeners, wait for the phrases, let the crowd in, and tell how it goes."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from antiphon.core.errors import Unavailable
from antiphon.core.jobs import Handler, Kind, Payload, register
from antiphon.listening.models import Rehearsal
from antiphon.listening.rehearsal.crowd import Crowd, Order, make_room_for
from antiphon.listening.rehearsal.doors import own_door
from antiphon.listening.rehearsal.guests import invite, invited
from antiphon.listening.rehearsal.listener import Habits
from antiphon.listening.rehearsal.minds import Minds
from antiphon.listening.rehearsal.report import figures_of, kept_of
from antiphon.listening.rehearsal.services import UNFINISHED, tell
from antiphon.listening.rehearsal.tally import Tally
from antiphon.listening.threads import in_thread
from antiphon.populations.models import Population
from evolution.frame import Frame

SEEDED_SECONDS, LOOK_SECONDS = 60.0, 0.2  # for the clone's phrases to be there; and between two looks


def register_handlers() -> None:
    """Answer for rehearsals; called from AppConfig.ready."""
    register(Kind.REHEARSE, Handler(run=rehearse, failed=_failed, cancelled=_cancelled))


def rehearse(payload: Payload) -> Payload:
    """Hold a rehearsal, or what is left of one whose worker died; nothing where it is over or deleted."""
    rehearsal = _begun(payload["rehearsal_id"])
    if rehearsal is None or not _wait_for_phrases(rehearsal):
        return {}
    listening_since = rehearsal.started_at or timezone.now()
    left = timedelta(minutes=rehearsal.minutes) - (timezone.now() - listening_since)
    if left > timedelta(0):
        _let_in(rehearsal, minutes=left / timedelta(minutes=1))
    return {"rehearsal_id": rehearsal.pk}


def _begun(rehearsal_id: int) -> Rehearsal | None:
    """The rehearsal with its listeners invited, None where there is nothing to do."""
    with transaction.atomic():
        rehearsal = _locked(rehearsal_id)
        if rehearsal is None or rehearsal.is_over:
            return None
        rehearsal.state = Rehearsal.State.RUNNING
        if not rehearsal.listener_ids:
            rehearsal.listener_ids = [guest.id for guest in invite(rehearsal.n_listeners)]
        rehearsal.save(update_fields=["state", "listener_ids"])
        tell(rehearsal)
    return rehearsal


def _wait_for_phrases(rehearsal: Rehearsal) -> bool:
    """Wait for the clone's first generation; False where the rehearsal was stopped or deleted meanwhile."""
    deadline = time.monotonic() + SEEDED_SECONDS
    while (state := _state_of(rehearsal)) == Population.State.SEEDING:
        if not _goes_on(rehearsal.pk):
            _end(rehearsal.pk, {})
            return False
        if time.monotonic() > deadline:
            raise Unavailable(f"The phrases to rehearse with were not there within {SEEDED_SECONDS:.0f} s. Try again.")
        time.sleep(LOOK_SECONDS)
    if state is None:
        return False
    if state == Population.State.FAILED:
        raise Unavailable("The population could not be cloned. See its page for the reason.")
    Rehearsal.objects.filter(pk=rehearsal.pk, started_at=None).update(started_at=timezone.now())
    rehearsal.refresh_from_db(fields=["started_at"])
    return True


def _let_in(rehearsal: Rehearsal, *, minutes: float) -> None:
    guests = invited(rehearsal.listener_ids)
    order = Order(len(guests), minutes, Habits(pace_seconds=rehearsal.pace_seconds), rehearsal.seed)
    make_room_for(len(guests))
    minds = Minds(len(guests), Frame.from_json(rehearsal.room.population.frame), seed=rehearsal.seed)
    crowd = Crowd(order, door=own_door(), code=rehearsal.room.code, guests=guests, minds=minds)

    async def watch(tally: Tally, seconds: float, here: int) -> bool:
        return await in_thread(_note, rehearsal.pk, _figures(tally, seconds, len(guests), here))

    asyncio.run(crowd.listen(watch))
    kept = kept_of(crowd.tally, listener_ids=rehearsal.listener_ids, room_id=rehearsal.room_id)
    _end(rehearsal.pk, _figures(crowd.tally, crowd.seconds, len(guests), 0) | {"kept": kept.to_json()})


def _figures(tally: Tally, seconds: float, listeners: int, here: int) -> dict[str, Any]:
    return figures_of(tally, seconds=seconds, listeners=listeners, here=here).to_json() | {"kept": None}


def _note(rehearsal_id: int, figures: dict[str, Any]) -> bool:
    """Keep how it goes and tell the host; whether to go on."""
    with transaction.atomic():
        rehearsal = _locked(rehearsal_id)
        if rehearsal is None:
            return False
        rehearsal.figures = figures
        rehearsal.save(update_fields=["figures"])
        tell(rehearsal)
    return not rehearsal.is_stop_asked


def _end(rehearsal_id: int, figures: dict[str, Any]) -> None:
    """Keep how it went: done, or stopped where its host said so."""
    with transaction.atomic():
        rehearsal = _locked(rehearsal_id)
        if rehearsal is None or rehearsal.is_over:
            return
        rehearsal.figures = figures or rehearsal.figures
        _close(rehearsal, Rehearsal.State.STOPPED if rehearsal.is_stop_asked else Rehearsal.State.DONE)


def _failed(payload: Payload, reason: str) -> None:
    rehearsal = _locked(payload["rehearsal_id"])
    if rehearsal is not None and not rehearsal.is_over:
        _close(rehearsal, Rehearsal.State.FAILED, reason=reason)


def _cancelled(payload: Payload) -> None:
    rehearsal = _locked(payload["rehearsal_id"])
    if rehearsal is not None and not rehearsal.is_over:
        _close(rehearsal, Rehearsal.State.STOPPED)


def _close(rehearsal: Rehearsal, state: Rehearsal.State, *, reason: str = "") -> None:
    rehearsal.state, rehearsal.reason, rehearsal.finished_at = state, reason[:500], timezone.now()
    rehearsal.save(update_fields=["state", "reason", "figures", "finished_at"])
    tell(rehearsal)


def _locked(rehearsal_id: int) -> Rehearsal | None:
    return (
        Rehearsal.objects.select_for_update(of=("self",))
        .select_related("room__population", "for_room")
        .filter(pk=rehearsal_id)
        .first()
    )


def _goes_on(rehearsal_id: int) -> bool:
    return Rehearsal.objects.filter(pk=rehearsal_id, state__in=UNFINISHED, is_stop_asked=False).exists()


def _state_of(rehearsal: Rehearsal) -> str | None:
    return Population.objects.filter(pk=rehearsal.room.population_id).values_list("state", flat=True).first()
