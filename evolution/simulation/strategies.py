"""What a strategy is: how phrases are written, bred, given out, judged, and when a generation closes."""

from dataclasses import dataclass, field, replace

from evolution.algorithm import BreedingSettings

SAMPLES, CUT, RANDOM = "samples", "cut pieces", "random"
MODEL, MEAN = "model", "mean"
INFORMATIVE, EVEN = "informative", "even"
FULL = 0  # a quorum of everybody


@dataclass(frozen=True)
class Strategy:
    """A way to spend ratings. `breeding` None is the study's loop over its bits.

    `start` is what the first generation is made of, random phrases or some of the trial's; `fitness` what ratings are
    turned into; `assignment` who hears what next. Each new individual gets `floor` ratings before anything is decided.
    Then a generation closes at an expected selection error under `closing_error` (0: only at the quorum), at the latest
    when all have `quorum` ratings (0: of everybody in the room). With `elites_again` elites are rated anew in each
    generation, as in the study. In the first `opening` generations everybody hears everything, so that it shows who is
    of one taste with whom.
    """

    name: str
    breeding: BreedingSettings | None = field(default_factory=BreedingSettings)
    start: str = CUT
    fitness: str = MODEL
    assignment: str = INFORMATIVE
    floor: int = 1
    closing_error: float = 0.4
    quorum: int = 4
    elites_again: bool = False
    anchors: int = 0
    anchor_every: int = 2
    told: bool = False

    def named(self, name: str, **changes: object) -> "Strategy":
        """The same strategy under another name, changed in these fields; `breeding` may be a dict of changes."""
        breeding = changes.get("breeding")
        if isinstance(breeding, dict):
            if self.breeding is None:
                raise ValueError(
                    "breeding: expected a strategy on the grid, got the study's loop, which has no settings"
                )
            changes["breeding"] = replace(self.breeding, **breeding)
        return replace(self, name=name, **changes)  # type: ignore[arg-type]
