"""What everything that follows a population is told, in every process: that it has moved on."""

from typing import Literal

from antiphon.core.events import Event


class PopulationMoved(Event):
    """`closing`: no more ratings; `closed`: fitness is known; `opened`: a generation is here; `failed`: no way on;
    `ruled`: the open generation closes by another rule."""

    type: Literal["population_moved"] = "population_moved"
    population: int
    step: Literal["closing", "closed", "opened", "failed", "ruled"]
    generation: int | None
