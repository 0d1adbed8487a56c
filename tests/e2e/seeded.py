"""Populations for scripts that are asked beside the platform: ordered, and waited for until they are seeded."""

import time
from typing import Any

from antiphon.accounts.models import User
from antiphon.populations.models import Population
from antiphon.populations.services import PopulationOrder, create_population

SEEDED_SECONDS = 120.0
# Short phrases, which are soon heard.
FRAME = {
    "bars": 2,
    "beats_per_bar": 4,
    "notes_per_bar": 4,
    "key": "A",
    "scale": "dorian",
    "root_octave": 4,
    "tempo_bpm": 200.0,
}


def seeded(email: str, *orders: dict[str, Any]) -> list[Population]:
    """Populations of phrases made by chance, by fields of their orders; their host, known by an address, may be new.

    Raises RuntimeError where the platform does not seed one.
    """
    host, _ = User.objects.get_or_create(email=email)
    populations = [
        create_population(
            owner_id=host.pk, order=PopulationOrder(**{"checkpoint_id": None, "frame": FRAME, "seed": 7} | order)
        )
        for order in orders
    ]
    deadline = time.monotonic() + SEEDED_SECONDS
    for population in populations:
        while population.state == Population.State.SEEDING and time.monotonic() < deadline:
            time.sleep(0.1)
            population.refresh_from_db()
        if population.state != Population.State.READY:
            raise RuntimeError(
                f"Expected {population.name} to be seeded in {SEEDED_SECONDS:.0f} s: {population.state}."
            )
    return populations
