"""What listeners agree to before they hear anything: the host's own text or the standard one, each with its version."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from antiphon.accounts.models import Consent, ConsentText, Listener
from antiphon.core.errors import Conflict

STANDARD_VERSION = "standard-2"  # a changed text gets the next number
STANDARD_TEXTS = {
    "en": (
        "In this room you hear short phrases made by a machine and rate them. Taking part is voluntary, and you may "
        "stop at any time.\n"
        "Kept are: your ratings and what you say with them, how long you listened, when, and the name that you give, "
        "if you give one. A cookie lets you come back as the same listener. Whoever runs this site deletes what you "
        "gave when you ask for it.\n"
        "The room's host sees your ratings beside your name and may publish them without it. Others in the room see "
        "your name, never your ratings."
    ),
    "de": (
        "In diesem Raum hörst du kurze Phrasen, die eine Maschine gemacht hat, und bewertest sie. Die Teilnahme ist "
        "freiwillig, und du kannst jederzeit aufhören.\n"
        "Gespeichert wird: deine Bewertungen und was du dazu sagst, wie lange du gehört hast, wann, und dein Name, "
        "wenn du einen angibst. Ein Cookie sorgt dafür, dass du als dieselbe Person wiederkommen kannst. Wer diese "
        "Seite betreibt, löscht auf deine Bitte, was du gegeben hast.\n"
        "Wer den Raum leitet, sieht deine Bewertungen neben deinem Namen und darf sie ohne ihn veröffentlichen. Andere "
        "im Raum sehen deinen Namen, nie deine Bewertungen."
    ),
}


class OutdatedConsent(Conflict):
    """The text that a listener agreed to is no longer the room's."""

    code = "consent_outdated"


@dataclass(frozen=True)
class Asked:
    """A version of a text, and its words by language; a host's own text is under an empty language."""

    version: str
    texts: dict[str, str]


def asked(own_text: str) -> Asked:
    """What is asked where a host has written this text; where it is empty, the standard one."""
    if not own_text.strip():
        return Asked(STANDARD_VERSION, STANDARD_TEXTS)
    return Asked(f"own-{sha256(own_text.encode()).hexdigest()[:16]}", {"": own_text})


def accepted_by(*, listener_ids: Iterable[UUID], version: str) -> set[UUID]:
    """Those of some listeners who have agreed to a version."""
    agreed = Consent.objects.filter(listener__in=list(listener_ids), text__version=version)
    return set(agreed.values_list("listener_id", flat=True))


def accept(*, listener_id: UUID, wanted: Asked, version: str, language: str) -> None:
    """Keep that a listener agreed, once. Raises OutdatedConsent where they read another text than is wanted."""
    if version != wanted.version:
        raise OutdatedConsent(
            f"Expected consent to version {wanted.version}, got {version}. Show the room's text and ask again."
        )
    in_language = language if language in wanted.texts else next(iter(wanted.texts))
    text, _ = ConsentText.objects.get_or_create(
        version=version, language=in_language, defaults={"text": wanted.texts[in_language]}
    )
    Consent.objects.get_or_create(listener=Listener(pk=listener_id), text=text)
