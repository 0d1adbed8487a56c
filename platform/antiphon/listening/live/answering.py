"""What a listener says, done for their seat: kept in the database, then acknowledged; or refused, and why."""

from typing import TypeVar
from uuid import UUID

from antiphon.accounts.consent import OutdatedConsent, accept
from antiphon.accounts.services import keep_headphone_check
from antiphon.listening.assigning.plays import DuelPair, Play, unseal_duel, unseal_play
from antiphon.listening.keeping import answers
from antiphon.listening.keeping.origins import origin_of
from antiphon.listening.keeping.ratings import NewRating, Outcome, Verdict
from antiphon.listening.live.seat import Seat
from antiphon.listening.protocol.said import AnswerDuel, Check, Consent, Rate, Recall, Retract, Skip
from antiphon.listening.protocol.told import Phrase, Recalled, Refused, RestAdvised
from antiphon.listening.threads import in_thread

About = TypeVar("About", Play, DuelPair)

NOT_KEPT = {
    Verdict.CLOSED: ("generation_closed", "This generation is closed; the next one is on its way."),
    Verdict.UNKNOWN: ("unknown_phrase", "There is no such phrase in this room."),
    Verdict.RETRACTED: ("retracted", "This answer was taken back. Answer again under a new id."),
    Verdict.ABSENT: (
        "nothing_to_retract",
        "There is no answer to take back: it was never given, or is taken back.",
    ),
    Verdict.RATED: ("already_rated", "This phrase has your rating. Take it back before you skip the phrase."),
}


def refused(message_id: UUID | None, code: str, message: str, *, is_final: bool = False) -> Refused:
    """The answer to a message that was not done."""
    return Refused(id=message_id, code=code, message=message, is_final=is_final)


async def consent(seat: Seat, message: Consent) -> None:
    """Keep that the listener agrees, and what they are called from now on; offers follow."""
    try:
        await in_thread(
            accept,
            listener_id=seat.listener_id,
            wanted=seat.snapshot.consent,
            version=message.version,
            language=message.language,
        )
    except OutdatedConsent as error:
        await seat.send(refused(message.id, error.code, error.message, is_final=True))
        return
    await seat.agreed(message.name)
    await seat.send_text(_kept(seat, message.id, "consent", None, Outcome(Verdict.KEPT)))
    seat.ask_for_offers()


async def check(seat: Seat, message: Check) -> None:
    """Keep how the listener's headphone check went."""
    await in_thread(keep_headphone_check, listener_id=seat.listener_id, headphones=message.headphones)
    await seat.send_text(_kept(seat, message.id, "check", None, Outcome(Verdict.KEPT)))


async def rate(seat: Seat, message: Rate) -> None:
    """Keep a rating, then offer the next phrase."""
    play = await _taken(seat, message.id, unseal_play(seat.listener_id, message.offer))
    if play is None:
        return
    unknown = _unknown_tag(seat, message)
    if unknown is not None:
        await seat.send(unknown)
        return
    outcome = await seat.hub.shared.writer.ask(
        NewRating(
            room_id=seat.snapshot.room_id,
            population_id=seat.snapshot.population_id,
            listener_id=seat.listener_id,
            play=play,
            value=message.value,
            client_id=message.id,
            heard_ms=message.heard_ms,
            tags=message.tags,
            remark=message.remark,
            program=message.program,
            has_beat=message.has_beat,
        )
    )
    await _answered(seat, message, play, "rating", outcome)
    if outcome.is_new:
        await _remember(seat, play, message.value)


async def skip(seat: Seat, message: Skip) -> None:
    """Keep that a phrase was passed over, then offer the next one."""
    play = await _taken(seat, message.id, unseal_play(seat.listener_id, message.offer))
    if play is None:
        return
    outcome = await in_thread(
        answers.keep_skip,
        saying=_saying(seat, message.id),
        play=play,
        reason=message.reason,
        heard_ms=message.heard_ms,
    )
    await _answered(seat, message, play, "skip", outcome)


async def retract(seat: Seat, message: Retract) -> None:
    """Take an answer back: the phrase is the listener's to answer again."""
    play = await _taken(seat, message.id, unseal_play(seat.listener_id, message.offer))
    if play is None:
        return
    outcome = await in_thread(answers.retract, saying=_saying(seat, message.id), play=play)
    if outcome.verdict is not Verdict.KEPT:
        await seat.send(_not_kept(message.id, outcome))
        return
    if outcome.is_new:
        seat.remembered.forget(play.individual_id)
        await seat.take_back(play, was_rating=outcome.is_rating)
    await seat.send_text(_kept(seat, message.id, "retraction", message.offer, outcome))
    seat.hub.rating_came()


async def recall(seat: Seat, message: Recall) -> None:
    """Send a phrase that was answered again, with where it came from."""
    play = unseal_play(seat.listener_id, message.offer)
    phrase = None if play is None else seat.phrase_of(play.individual_id)
    if play is None or phrase is None or play.key not in seat.standing.answered:
        text = "Only phrases that you have answered in the open generation can be heard again."
        await seat.send(refused(message.id, "not_answered", text, is_final=True))
        return
    origin = await in_thread(origin_of, individual_id=play.individual_id)
    await seat.send(
        Recalled(id=message.id, offer=message.offer, phrase=Phrase.model_validate_json(phrase), origin=origin)
    )


async def duel(seat: Seat, message: AnswerDuel) -> None:
    """Keep which of two phrases is better, then offer what comes next."""
    pair = await _taken(seat, message.id, unseal_duel(seat.listener_id, message.duel))
    if pair is None:
        return
    outcome = await in_thread(
        answers.keep_duel,
        saying=_saying(seat, message.id),
        pair=pair,
        choice=message.choice,
        heard_left_ms=message.heard_left_ms,
        heard_right_ms=message.heard_right_ms,
    )
    if outcome.verdict is not Verdict.KEPT:
        await seat.send(_not_kept(message.id, outcome))
        return
    await seat.send_text(_kept(seat, message.id, "duel", message.duel, outcome))
    seat.duel_answered(pair)


async def _answered(seat: Seat, message: Rate | Skip, play: Play, what: str, outcome: Outcome) -> None:
    if outcome.verdict is not Verdict.KEPT:
        await seat.send(_not_kept(message.id, outcome))
        return
    is_rating = what == "rating"
    if seat.standing.generation is not None and play.generation_id == seat.standing.generation.id:
        seat.standing.answer(play, is_rating=is_rating)
    await seat.send_text(_kept(seat, message.id, what, message.offer, outcome))
    seat.hub.rating_came()
    await seat.offer_after(play, is_first=outcome.is_new, is_rating=is_rating)


async def _remember(seat: Seat, play: Play, value: int) -> None:
    """Take note of a rating, and suggest a break to somebody who no longer agrees with themselves."""
    seat.remembered.take(play.individual_id, value)
    if play.occasion and seat.remembered.is_wavering:
        await seat.send(RestAdvised())


async def _taken(seat: Seat, message_id: UUID, about: About | None) -> About | None:
    """What an answer is about, where answers are taken; else the page is told why not, and this is None."""
    if about is None:
        refusal: Refused | None = refused(
            message_id, "not_offered", "Answer only what was offered to you.", is_final=True
        )
    else:
        refusal = _refusal(seat, message_id)
    if refusal is not None:
        await seat.send(refusal)
        return None
    return about


def _refusal(seat: Seat, message_id: UUID) -> Refused | None:
    """Why an answer is not taken just now, or not at all."""
    if not seat.has_consented:
        return refused(message_id, "consent_missing", "Agree to the room's text before you answer.")
    if seat.snapshot.state == "paused":
        return refused(message_id, "room_paused", "The room is paused; answers are taken again when it goes on.")
    if seat.snapshot.state == "closed":
        return refused(message_id, "room_closed", "The room is closed; it takes no more answers.", is_final=True)
    return None


def _unknown_tag(seat: Seat, message: Rate) -> Refused | None:
    unknown = sorted(set(message.tags) - set(seat.snapshot.tags)) if message.tags else None
    if not unknown:
        return None
    text = f"Expected tags from the room's list, got {', '.join(unknown)}. Take them out, or reload the page."
    return refused(message.id, "unknown_tag", text, is_final=True)


def _not_kept(message_id: UUID, outcome: Outcome) -> Refused:
    code, text = NOT_KEPT[outcome.verdict]
    return refused(message_id, code, text, is_final=True)


def _saying(seat: Seat, message_id: UUID) -> answers.Saying:
    return answers.Saying(
        room_id=seat.snapshot.room_id,
        population_id=seat.snapshot.population_id,
        listener_id=seat.listener_id,
        client_id=message_id,
    )


def _kept(seat: Seat, message_id: UUID, what: str, handle: str | None, outcome: Outcome) -> str:
    """An encoded `kept`: ratings come by the thousand, and to build a model costs several times as much."""
    named = "null" if handle is None else f'"{handle}"'  # a handle is of letters, digits, - and _
    value = "null" if outcome.value is None else outcome.value
    return (
        f'{{"type":"kept","id":"{message_id}","what":"{what}","handle":{named},"value":{value},'
        f'"answered":{len(seat.standing.answered)},"left":{seat.left},'
        f'"is_revision":{"true" if outcome.is_revision else "false"}}}'
    )
