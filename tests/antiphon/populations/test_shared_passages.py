"""Each phrase of a generation is told what it shares with the pieces that its network learned from."""

import pytest

from antiphon.accounts.models import User
from antiphon.populations import breeding, selectors, services
from antiphon.populations.models import Individual, Population
from antiphon.populations.services import PopulationOrder
from antiphon.training.models import Sample
from antiphon.workers.actors import work
from antiphon.workers.models import Job
from tests.antiphon.hosts import make_host
from tests.antiphon.pieces import melody
from tests.antiphon.training.runs import make_checkpoint, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return make_host()


def seeded(host: User, *, checkpoint_id: int | None) -> Population:
    """A population whose first phrases were cut from a melody of the training pieces, or are random."""
    order = PopulationOrder(
        name="Evening",
        checkpoint_id=checkpoint_id,
        frame={"bars": 2, "notes_per_bar": 8, "key": "C", "scale": "major"},
        settings={"size": 4},
        quorum=2,
        seed=1,
    )
    population = services.create_population(owner_id=host.pk, order=order)
    if checkpoint_id is not None:
        for index in range(4):
            score = melody(16, shift=0).to_json()
            Sample.objects.create(checkpoint_id=checkpoint_id, job_id=7, index=index, score=score)
    breeding.seed(population_id=population.pk, sample_job_id=None if checkpoint_id is None else 7)
    return population


def test_phrases_cut_from_a_training_piece_say_which_and_how_much(host: User) -> None:
    population = seeded(host, checkpoint_id=make_checkpoint(make_run(host)).pk)
    work(Job.objects.get(kind="memorise").pk)
    generation = selectors.generation_of(owner_id=host.pk, population_id=population.pk, number=0)
    views = selectors.view_generation(generation).individuals
    shared = [view.memorisation for view in views if view.operator == "sample"]
    assert shared
    for one in shared:
        assert one is not None
        assert one["piece"] in {"0.mid", "1.mid"}
        assert one["n_notes"] >= 4
    assert all(view.memorisation is not None for view in views)


def test_random_phrases_have_nothing_to_be_compared_with(host: User) -> None:
    seeded(host, checkpoint_id=None)
    assert not Job.objects.filter(kind="memorise").exists()
    assert set(Individual.objects.values_list("memorisation", flat=True)) == {None}
