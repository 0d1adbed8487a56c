"""Who is compared: the study's loop, ours, and ours with each part taken away."""

from evolution.algorithm import BreedingSettings
from evolution.simulation.strategies import EVEN, FULL, MEAN, RANDOM, SAMPLES, Strategy

FIXED_QUORUM = 4  # ratings each, where no rule closes a generation
PARENTS_SHARE, ELITES_SHARE = 0.16, 0.1  # of the population, where that is more than in the study

STUDY = Strategy(
    "the study's loop", None, start=RANDOM, fitness=MEAN, assignment=EVEN, floor=1, closing_error=0, quorum=FULL
)
"""Random bits, everybody rates everything, plain means, elites asked again."""

STUDY_ON_GRID = STUDY.named("the study's loop, our phrases", breeding=BreedingSettings.paper(), elites_again=True)
"""The same procedure on the bar grid's genomes with our operators: what is left of the difference is no encoding's."""


def ours(size: int = 10) -> Strategy:
    """What a population of this size is bred with here."""
    breeding = BreedingSettings(
        size=size,
        parents=max(3, round(PARENTS_SHARE * size)),
        elites=max(2, round(ELITES_SHARE * size)),
    )
    return Strategy("ours", breeding)


def changed_part_by_part(whole: Strategy) -> tuple[Strategy, ...]:
    """The strategy with one part at a time taken away, or put in that is off by default."""
    return (
        whole.named("network samples", start=SAMPLES),
        whole.named("random start", start=RANDOM),
        whole.named("taste off", breeding={"taste": False}),
        whole.named("mean fitness", fitness=MEAN),
        whole.named("with likelihood", breeding={"taste_likelihood": True}),
        whole.named("taste as prior", breeding={"taste_prior": True}),
        whole.named("fixed operators", breeding={"adaptive": False}),
        whole.named("even assignment", assignment=EVEN),
        whole.named("no closing rule", closing_error=0.0, quorum=FIXED_QUORUM),
        whole.named("no selection", breeding={"selecting": False}),
    )


OURS = ours()
