"""Sound from a web process, by a renderer beside it that lets rooms go first on the processor."""

from antiphon.core.errors import Invalid, Unavailable
from antiphon.core.turns import Turns
from generation.score.audio import Audio, AudioRefused, Renderer, render
from generation.score.notes import Score

RENDER_SECONDS = 60.0
NICENESS = 10
NOT_HERE = {"no_sound", "renderer_died", "no_soundfont"}


class NoSound(Unavailable):
    """This server cannot make sound."""

    code = "no_sound"


_renderer = Renderer(timeout_seconds=RENDER_SECONDS, niceness=NICENESS)
_turns = Turns()


def to_sound(score: Score) -> Audio:
    """The score as sound. Raises Busy, NoSound, and Invalid for a score that has none or too much."""
    with _turns.turn():
        try:
            return render(score, renderer=_renderer)
        except AudioRefused as refused:
            message = f"{str(refused)[:1].upper()}{str(refused)[1:]}."
            raise (NoSound(message) if refused.code in NOT_HERE else Invalid(message)) from None
