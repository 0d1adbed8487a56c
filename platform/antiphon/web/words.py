"""What the pages around a room say, in English and German, and which of the two a request is answered in.

The gallery's are in `gallery_words.py`, those of credits and errors in `plain_words.py`. The room's own words are in
`frontend/src/i18n`; all follow the same choice: a cookie, else the browser's languages.
"""

import re

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from antiphon.web.gallery_words import GALLERY_WORDS
from antiphon.web.plain_words import CREDITS_WORDS, ERROR_WORDS

LANGUAGES = ("en", "de")
COOKIE = "antiphon_language"

Value = str | int | float

CHOICE = re.compile(r"\{(\w+)\?([^|{}]*)\|([^|{}]*)\}")  # {n?phrase|phrases}
# What a thousand is set off with, and what stands before decimals.
FIGURES = {"en": (",", "."), "de": (".", ",")}

# Every key with its text in each of LANGUAGES, in their order.
WORDS: dict[str, tuple[str, str]] = (
    GALLERY_WORDS
    | CREDITS_WORDS
    | ERROR_WORDS
    | {
        "description": (
            "A machine sings a phrase, a crowd answers with ratings, and the next phrase is bred from the answer.",
            "Eine Maschine singt eine Phrase, viele antworten mit Bewertungen, und daraus entsteht die nächste.",
        ),
        "nav.main": (
            "Main",
            "Hauptmenü",
        ),
        "nav.more": (
            "More",
            "Mehr",
        ),
        "nav.gallery": (
            "Gallery",
            "Galerie",
        ),
        "nav.studio": (
            "Studio",
            "Studio",
        ),
        "nav.sign_out": (
            "Sign out",
            "Abmelden",
        ),
        "nav.sign_in": (
            "Sign in",
            "Anmelden",
        ),
        "foot.free": (
            "Antiphon is free software under the MIT licence.",
            "Antiphon ist freie Software unter der MIT-Lizenz.",
        ),
        "foot.credits": (
            "Music and sounds",
            "Musik und Klänge",
        ),
        "foot.api": (
            "API",
            "API",
        ),
        "landing.page": (
            "Antiphon: music bred by the people who listen",
            "Antiphon: Musik, gezüchtet von denen, die zuhören",
        ),
        "landing.title": (
            "A machine sings. A crowd answers.",
            "Eine Maschine singt. Viele antworten.",
        ),
        "landing.lead": (
            (
                "Hear a phrase, rate it, hear the next. What you and the others like has children, and generation"
                " by generation the music becomes yours."
            ),
            (
                "Hör eine Phrase, bewerte sie, hör die nächste. Was dir und den anderen gefällt, bekommt Kinder, "
                "und mit jeder Generation wird die Musik mehr die eure."
            ),
        ),
        "landing.picture": (
            "Two phrases as piano rolls, and below them their child: half of each, and one note changed.",
            "Zwei Phrasen als Notenbild, darunter ihr Kind: von jeder die Hälfte, und eine geänderte Note.",
        ),
        "landing.listen": (
            "Listen and rate",
            "Hören und bewerten",
        ),
        "landing.listen_how": (
            "No account, no app. Scan the host’s QR code, or type the code of the room.",
            "Ohne Konto, ohne App. Scann den QR-Code des Raums oder tipp seinen Code ein.",
        ),
        "landing.host": (
            "Host a room",
            "Einen Raum einrichten",
        ),
        "landing.host_how": (
            (
                "Train a network on MIDI of your own, breed its phrases with your listeners, and take the best "
                "home as MIDI for your DAW."
            ),
            (
                "Trainier ein Netz mit eigenem MIDI, züchte seine Phrasen mit denen, die zuhören, und nimm die "
                "besten als MIDI mit in deine DAW. (Das Studio spricht Englisch.)"
            ),
        ),
        "landing.studio": (
            "Open the studio",
            "Studio öffnen",
        ),
        "code.label": (
            "Room code",
            "Code des Raums",
        ),
        "code.unknown": (
            "No room has this code. Codes have six letters and figures; check it with your host.",
            "Diesen Code hat kein Raum. Codes haben sechs Buchstaben und Ziffern; frag noch einmal nach.",
        ),
        "code.join": (
            "Join the room",
            "In den Raum",
        ),
        "no_room.page": (
            "No such room",
            "Diesen Raum gibt es nicht",
        ),
        "no_room.title": (
            "There is no room",
            "Es gibt keinen Raum",
        ),
        "no_room.why": (
            (
                "It may have been closed for good, or the code has a slip in it. Codes have six letters and "
                "figures, never a zero or an O."
            ),
            (
                "Vielleicht wurde er geschlossen, oder im Code steckt ein Fehler. Codes haben sechs Buchstaben und"
                " Ziffern, nie eine Null oder ein O."
            ),
        ),
        "room.no_script": (
            "This page plays music in your browser and needs JavaScript for it. Switch it on and reload.",
            "Diese Seite spielt Musik in deinem Browser und braucht dafür JavaScript. Schalte es ein und lade neu.",
        ),
    }
)


def language_of(request: HttpRequest) -> str:
    """The language that a listener chose, else the first of their browser's that is here, else English."""
    chosen = request.COOKIES.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        primary = tag.split("-")[0]
        if primary in LANGUAGES:
            return primary
    return LANGUAGES[0]


def word(language: str, key: str, **values: Value) -> str:
    """One text, filled in. Raises KeyError where the catalogues have none under this key, or a value is missing."""
    text = WORDS[key][LANGUAGES.index(language)]
    text = CHOICE.sub(lambda found: found[2] if values[found[1]] == 1 else found[3], text)
    return text.format(**{name: figure(language, value) for name, value in values.items()})


def figure(language: str, value: Value) -> str:
    """A number as the language writes it, with one decimal where it is no whole one; text as it is."""
    if isinstance(value, str):
        return value
    thousands, decimal = FIGURES[language]
    plain = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
    return plain.translate({ord(","): thousands, ord("."): decimal})
