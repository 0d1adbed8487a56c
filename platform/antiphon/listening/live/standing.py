"""Where one listener stands in the open generation: what they have answered, and what their page holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from antiphon.listening.assigning.plays import DuelPair, Kind, Play
from antiphon.listening.assigning.schedule import plays_left
from antiphon.listening.live.snapshots import OpenGeneration, RoomSnapshot


@dataclass
class Standing:
    """One listener in one generation; None where there is none."""

    generation: OpenGeneration | None = None
    earlier: int = 0  # plays answered in the generations before
    known: set[int] = field(default_factory=set)  # individuals that were answered in them
    answered: dict[tuple[int, int], Play] = field(default_factory=dict)  # by Play.key: rated or skipped
    rated: set[int] = field(default_factory=set)  # of those, the generation's own phrases that have a rating
    held: list[Play] = field(default_factory=list)  # offered on this connection, and not answered yet
    untold: dict[Play, bool] = field(default_factory=dict)  # answered (with a rating?), and Valkey could not be told
    fought: set[frozenset[int]] = field(default_factory=set)  # pairs that were compared
    duel: DuelPair | None = None  # that lies on the page
    phrases_left: int = 0
    is_done_told: bool = False

    def begin(self, generation: OpenGeneration | None) -> None:
        """Turn to a generation of which nothing was heard yet."""
        self.earlier += len(self.answered)
        self.known |= {play.individual_id for play in self.answered.values()}
        self.generation = generation
        self.answered, self.rated, self.held, self.untold = {}, set(), [], {}
        self.fought, self.duel, self.is_done_told = set(), None, False
        self.phrases_left = 0 if generation is None else len(generation.phrases)

    def resume(
        self,
        generation: OpenGeneration,
        *,
        earlier: Sequence[Play],
        answered: Iterable[tuple[Play, bool]],
        fought: Iterable[frozenset[int]],
    ) -> None:
        """Turn to a generation of which these plays were answered, rated or not, and these pairs compared.

        `earlier` are the plays that were answered before it.
        """
        self.begin(generation)
        self.earlier, self.fought = len(earlier), set(fought)
        self.known = {play.individual_id for play in earlier}
        for play, is_rating in answered:
            self.answer(play, is_rating=is_rating)

    def is_known(self, play: Play) -> bool:
        """Whether a play was answered, or lies on the page."""
        key = play.key
        return key in self.answered or any(key == one.key for one in self.held)

    def answer(self, play: Play, *, is_rating: bool) -> None:
        """A play was rated or skipped."""
        if play.key not in self.answered and self._is_own(play):
            self.phrases_left -= 1
        self.answered[play.key] = play
        if is_rating and play.kind is Kind.NEW:
            self.rated.add(play.individual_id)
        self.held = [one for one in self.held if one.key != play.key]

    def take_back(self, play: Play) -> None:
        """An answer was taken back: the phrase lies on the page again."""
        if self.answered.pop(play.key, None) is not None and self._is_own(play):
            self.phrases_left += 1
            self.rated.discard(play.individual_id)
        if not self.is_known(play):
            self.held.insert(0, play)
        self.is_done_told = False

    def left(self, room: RoomSnapshot) -> int:
        """How many phrases this listener has still to answer, as things stand; anchors and repeats among them."""
        if self.generation is None:
            return 0
        of = self.generation.round
        left = plays_left(
            self.earlier + len(self.answered),
            self.phrases_left,
            has_anchors=room.has_anchors and bool(of.anchors) and not of.tells_apart,
            has_repeats=room.has_repeats,
            telling=self._unheard(of.telling) if room.has_anchors else 0,
        )
        return max(left, len(self.held))

    def _unheard(self, individuals: Sequence[int]) -> int:
        """How many of some individuals were never answered, in whichever generation."""
        return sum(pk not in self.known and not self._is_answered(pk) for pk in individuals)

    def _is_answered(self, individual_id: int) -> bool:
        return any(play.individual_id == individual_id for play in self.answered.values())

    def _is_own(self, play: Play) -> bool:
        is_phrase = self.generation is not None and play.individual_id in self.generation.phrases
        return play.kind is Kind.NEW and is_phrase
