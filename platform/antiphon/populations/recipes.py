"""Ways to breed that a host can begin from: as we would, and as the study did."""

from typing import Any

from antiphon.populations.models import Population
from evolution.algorithm import BreedingSettings

OURS, STUDY = "ours", "study"
RECIPES = (OURS, STUDY)


def usual_settings(recipe: str) -> BreedingSettings:
    """The settings of a recipe."""
    return BreedingSettings.paper() if recipe == STUDY else BreedingSettings()


def usual_encoding(recipe: str) -> str:
    """What genomes are written in, in a recipe."""
    return Population.Encoding.STUDY if recipe == STUDY else Population.Encoding.GRID


def with_recipe(recipe: str, given: dict[str, Any]) -> dict[str, Any]:
    """Fields of breeding settings: those given, the others as in the recipe, made to fit a small population."""
    usual = usual_settings(recipe)
    size = given.get("size", usual.size)
    small = {
        "parents": min(usual.parents, size),
        "elites": min(usual.elites, size - 1),
        "exploratory": min(usual.exploratory, size),
    }
    return usual.to_json() | small | given
