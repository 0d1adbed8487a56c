"""What the pages of credits and of errors say, in English and German."""

from antiphon.datasets.starter import STARTERS

# The starter datasets by their folders: name and description, which they have in English themselves.
STARTERS_IN_GERMAN = {
    "dataset1": (
        "Ganze Stücke",
        (
            "54 ganze Stücke: klassische Werke, wie sie geschrieben stehen, Klavierstücke mit von Hand geformtem Tempo "
            "und Anschlag, dazu elektronische Musik und Rock aus Spielen, mit vielen Spuren und Schlagzeug."
        ),
    ),
    "dataset2": (
        "Kurze Akkorde",
        (
            "29 kurze Akkordfolgen: mit dem Timing eines Gitarristen, künstliche Mollakkorde auf der Gitarre, deren "
            "Timing seinem nachgebildet ist, und Mollfolgen in vollen Akkorden."
        ),
    ),
}
STARTER_WORDS: dict[str, tuple[str, str]] = {
    f"credits.{starter.folder}.{part}": (english, german)
    for starter in STARTERS
    for part, english, german in zip(
        ("name", "about"), (starter.name, starter.description), STARTERS_IN_GERMAN[starter.folder], strict=True
    )
}
CREDITS_WORDS: dict[str, tuple[str, str]] = STARTER_WORDS | {
    "credits.lead": (
        (
            "Antiphon comes with music to begin with and instruments to hear it on. These are the people who made "
            "them, and the licences under which they may be passed on."
        ),
        (
            "Antiphon bringt Musik für den Anfang mit und Instrumente, auf denen sie erklingt. Hier steht, wer sie "
            "gemacht hat und unter welchen Lizenzen sie weitergegeben werden dürfen."
        ),
    ),
    "credits.file": (
        "File and where it is from",
        "Datei und woher sie kommt",
    ),
    "credits.instruments": (
        "Instruments",
        "Instrumente",
    ),
    "credits.soundfont": (
        "Thirteen instruments cut from the FluidR3Mono SoundFont, under the MIT licence.",
        "Dreizehn Instrumente aus dem SoundFont FluidR3Mono, unter der MIT-Lizenz.",
    ),
    "credits.notice": (
        "Its notice in full",
        "Der ganze Hinweis dazu (englisch)",
    ),
    "credits.licences": (
        "Licence texts",
        "Lizenztexte",
    ),
}

ERROR_WORDS: dict[str, tuple[str, str]] = {
    "error.start": (
        "Go to the start",
        "Zur Startseite",
    ),
    "error.400": (
        "That request was not understood",
        "Das war nicht zu verstehen",
    ),
    "error.400.what": (
        "Something in the address or in what was sent with it is not as it should be. Go back and try once more.",
        "In der Adresse oder in dem, was mitgeschickt wurde, stimmt etwas nicht. Geh zurück und versuch es noch mal.",
    ),
    "error.403": (
        "This is not yours to see",
        "Das ist nicht für dich bestimmt",
    ),
    "error.403.what": (
        (
            "You are signed in as somebody who may not do this. Sign in with another account, or ask whoever sent you "
            "the link."
        ),
        (
            "Mit diesem Konto ist das nicht erlaubt. Melde dich mit einem anderen an oder frag, wer dir den Link "
            "geschickt hat."
        ),
    ),
    "error.404": (
        "There is nothing here",
        "Hier ist nichts",
    ),
    "error.404.what": (
        "The address has a slip in it, or what was here is gone.",
        "In der Adresse steckt ein Fehler, oder was hier war, gibt es nicht mehr.",
    ),
    "error.500": (
        "Something went wrong on our side",
        "Bei uns ist etwas schiefgegangen",
    ),
    "error.500.what": (
        "It has been logged. Nothing that was acknowledged is lost; try again in a moment.",
        "Es ist festgehalten. Nichts, was bestätigt wurde, ist verloren; versuch es gleich noch einmal.",
    ),
}
