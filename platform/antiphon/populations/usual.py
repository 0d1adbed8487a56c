"""What a population is where its host says nothing: the form begins with it, and the API fills it in."""

from dataclasses import dataclass

from antiphon.populations.closing import Rule

_RULE = Rule()


@dataclass(frozen=True)
class Usual:
    """A frame that suits a phone and a beginner, and a rule that a handful of listeners fulfil.

    `fresh_share` is what the form of a branch begins with; over the API a branch has only children unless told.
    """

    bars: int = 4
    beats_per_bar: int = 4
    notes_per_bar: int = 8
    key: str = "C"
    scale: str = "major"
    root_octave: int = 4
    tempo_bpm: float = 110.0
    program: int = 0
    closing: str = _RULE.closing
    quorum: int = _RULE.quorum
    wanted_error: float = _RULE.wanted_error
    minutes: int = 10  # of generations that close by time alone
    fresh_share: float = 0.2


USUAL = Usual()
