"""Where one listener stands in the open generation: what they have answered, and what their page holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from antiphon.listening.plays import Kind, Play
from antiphon.listening.snapshots import OpenGeneration


@dataclass
class Standing:
    """One listener in one generation; 0 where there is none."""

    generation_id: int = 0
    answered: dict[tuple[int, int], Play] = field(default_factory=dict)  # by Play.key: rated or skipped
    held: list[Play] = field(default_factory=list)  # offered on this connection, and not answered yet
    untold: set[Play] = field(default_factory=set)  # answered, and Valkey could not be told
    is_done_told: bool = False

    def begin(self, generation_id: int, answered: Iterable[Play] = ()) -> None:
        """Turn to a generation of which these plays were answered already."""
        self.generation_id = generation_id
        self.answered = {play.key: play for play in answered}
        self.held, self.untold, self.is_done_told = [], set(), False

    def is_known(self, play: Play) -> bool:
        """Whether a play was answered, or lies on the page."""
        return play.key in self.answered or any(play.key == one.key for one in self.held)

    def answer(self, play: Play) -> None:
        """A play was rated or skipped."""
        self.answered[play.key] = play
        self.held = [one for one in self.held if one.key != play.key]

    def take_back(self, play: Play) -> None:
        """An answer was taken back: the phrase lies on the page again."""
        self.answered.pop(play.key, None)
        if not self.is_known(play):
            self.held.insert(0, play)
        self.is_done_told = False

    def has_answered_all(self, phrases: Mapping[int, str]) -> bool:
        """Whether no phrase of the generation is left to this listener."""
        return all((individual_id, 0) in self.answered for individual_id in phrases)

    def left(self, generation: OpenGeneration | None) -> int:
        """How many phrases this listener has still to answer, as things stand."""
        if generation is None:
            return 0
        answered = sum(
            play.kind is Kind.NEW and play.individual_id in generation.phrases for play in self.answered.values()
        )
        return len(generation.phrases) - answered
