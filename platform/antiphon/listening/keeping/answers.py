"""Answers other than ratings: skips, retractions and duels. They come seldom, and are written one at a time.

Like a rating each is kept once, whatever is sent again, and none for a generation that has closed.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from antiphon.listening.assigning.plays import DuelPair, Play
from antiphon.listening.keeping.ratings import Outcome, Verdict
from antiphon.listening.models import Duel, Rating, Retraction, Skip
from antiphon.listening.protocol.terms import Choice, SkipReason
from antiphon.populations.models import Generation


@dataclass(frozen=True)
class Saying:
    """Who says something in which room, under which id."""

    room_id: int
    population_id: int
    listener_id: UUID
    client_id: UUID


class _NotOpen(Exception):
    """The generation takes no answers, or is not of this population."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def keep_skip(*, saying: Saying, play: Play, reason: SkipReason, heard_ms: int) -> Outcome:
    """Keep that a phrase was passed over, once; a rated one stays rated."""
    if _was_retracted(saying, play):
        return Outcome(Verdict.RETRACTED)
    of = {"listener_id": saying.listener_id, "individual_id": play.individual_id, "occasion": play.occasion}
    if Skip.objects.filter(**of, client_id=saying.client_id).exists():
        return Outcome(Verdict.KEPT)
    try:
        with transaction.atomic():
            _share(play.generation_id, saying.population_id)
            if Rating.objects.filter(**of).exists():
                return Outcome(Verdict.RATED)
            _, is_new = Skip.objects.update_or_create(
                **of,
                defaults={"room_id": saying.room_id, "reason": reason, "client_id": saying.client_id},
                create_defaults={
                    "room_id": saying.room_id,
                    "kind": play.kind,
                    "reason": reason,
                    "client_id": saying.client_id,
                    "heard_ms": heard_ms,
                },
            )
    except _NotOpen as closed:
        return Outcome(closed.verdict)
    except IntegrityError:  # its room, listener or phrase was deleted meanwhile
        return Outcome(Verdict.UNKNOWN)
    return Outcome(Verdict.KEPT, is_revision=not is_new, is_new=is_new)


def retract(*, saying: Saying, play: Play) -> Outcome:
    """Take a rating or a skip back. The same message again takes nothing more."""
    of = {"listener_id": saying.listener_id, "individual_id": play.individual_id, "occasion": play.occasion}
    if Retraction.objects.filter(listener_id=saying.listener_id, client_id=saying.client_id).exists():
        return Outcome(Verdict.KEPT)
    try:
        with transaction.atomic():
            _share(play.generation_id, saying.population_id)
            rating = Rating.objects.select_for_update().filter(**of).first()
            skip = Skip.objects.select_for_update().filter(**of).first()
            answers = [answer for answer in (rating, skip) if answer is not None]
            if not answers:
                return Outcome(Verdict.ABSENT)
            Retraction.objects.create(
                **of,
                room_id=saying.room_id,
                kind=play.kind,
                client_id=saying.client_id,
                heard_ms=answers[0].heard_ms,
                value=None if rating is None else rating.value,
                answer_ids=[answer.client_id for answer in answers] + ([] if rating is None else rating.earlier_ids),
            )
            for answer in answers:
                answer.delete()
    except _NotOpen as closed:
        return Outcome(closed.verdict)
    except IntegrityError:  # the same message, at the same time, on another connection
        return Outcome(Verdict.KEPT)
    return Outcome(Verdict.KEPT, is_new=True, is_rating=rating is not None)


def keep_duel(*, saying: Saying, pair: DuelPair, choice: Choice, heard_left_ms: int, heard_right_ms: int) -> Outcome:
    """Keep which of two phrases is better, once; said anew, it is revised."""
    of = {"listener_id": saying.listener_id, "left_id": pair.left_id, "right_id": pair.right_id}
    told = {"choice": choice, "heard_left_ms": heard_left_ms, "heard_right_ms": heard_right_ms}
    try:
        with transaction.atomic():
            known = Duel.objects.select_for_update().filter(**of).first()
            if known is not None and saying.client_id in (known.client_id, *known.earlier_ids):
                return Outcome(Verdict.KEPT, is_revision=known.revised_at is not None)
            _share(pair.generation_id, saying.population_id)
            if known is None:
                Duel.objects.create(
                    **of, **told, room_id=saying.room_id, generation_id=pair.generation_id, client_id=saying.client_id
                )
            else:
                Duel.objects.filter(pk=known.pk).update(
                    **told,
                    client_id=saying.client_id,
                    earlier_ids=[*known.earlier_ids, known.client_id],
                    revised_at=timezone.now(),
                )
    except _NotOpen as closed:
        return Outcome(closed.verdict)
    except IntegrityError:  # two at once, or something was deleted meanwhile
        is_kept = Duel.objects.filter(**of).exists()
        return Outcome(Verdict.KEPT if is_kept else Verdict.UNKNOWN, is_revision=is_kept)
    return Outcome(Verdict.KEPT, is_revision=known is not None, is_new=known is None)


def _share(generation_id: int, population_id: int) -> None:
    """Hold a generation open until the commit. Raises _NotOpen where it is closed or another population's."""
    generation = Generation.objects.filter(pk=generation_id, population_id=population_id).first()
    if generation is None:
        raise _NotOpen(Verdict.UNKNOWN)
    is_open = Generation.objects.raw(
        "SELECT id FROM populations_generation WHERE id = %s AND closed_at IS NULL FOR SHARE", [generation_id]
    )
    if not list(is_open):
        raise _NotOpen(Verdict.CLOSED)


def _was_retracted(saying: Saying, play: Play) -> bool:
    return Retraction.objects.filter(
        listener_id=saying.listener_id, individual_id=play.individual_id, answer_ids__contains=[saying.client_id]
    ).exists()
