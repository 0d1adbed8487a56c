"""Where the best phrases of a population are shown to everybody. The app that keeps the gallery says it."""

from collections.abc import Callable

Exhibition = Callable[[int], str | None]

_exhibitions: list[Exhibition] = []


def use_exhibition(exhibition: Exhibition) -> None:
    """Name who tells where a population is shown; called once from AppConfig.ready of the app that shows them."""
    _exhibitions[:] = [exhibition]


def shown_at(population_id: int) -> str | None:
    """The path of a population's page, None where its host does not show it."""
    return _exhibitions[0](population_id) if _exhibitions else None
