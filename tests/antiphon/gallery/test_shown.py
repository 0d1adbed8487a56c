"""What the gallery shows: the best phrases of closed generations, who is credited, and nothing of anybody."""

from typing import Any

import pytest

from antiphon.accounts.models import Listener
from antiphon.core.errors import NotFound
from antiphon.datasets.models import MidiFile
from antiphon.gallery.credits import PIECES_MAX
from antiphon.gallery.selectors import CARDS_MAX, cards, entry_of, judged, midi_of, page_of
from antiphon.gallery.services import exhibit
from antiphon.populations.models import Individual
from tests.antiphon.gallery.shown import rated_on, shown_world
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import make_world
from tests.antiphon.training.runs import make_checkpoint, make_dataset, make_run

pytestmark = pytest.mark.django_db


def test_the_best_come_first_each_once_with_an_interval_on_the_scale() -> None:
    world = shown_world(3)
    page = page_of(entry_of(world.population.pk))
    assert (page.title, page.counts.generations, page.counts.listeners) == ("Evening", 3, 2)
    fitness = [one.fitness for one in page.phrases]
    assert fitness == sorted(fitness, reverse=True)
    assert len(page.phrases) == 12
    assert len({one.name.key for one in page.phrases}) == 12
    for one in page.phrases:
        assert 0 <= one.low < one.fitness < one.high <= 5
        assert one.listeners == 2
        assert one.phrase["notes"]


def test_nothing_of_a_generation_is_told_before_it_has_closed() -> None:
    world = make_world(size=6)
    listeners = [Listener.objects.create(name=name) for name in ("Ada", "Béla")]
    exhibit(population=world.population, is_shown=True, allows_midi=False)
    everybody = new_in(world.newest)
    for listener in listeners:
        rate(world, listener, everybody, [5] * len(everybody))
    assert page_of(entry_of(world.population.pk)).phrases == ()
    assert cards() == ([], None)  # what has nothing to hear is not in the list
    open_ids = set(world.newest.individuals.values_list("pk", flat=True))
    # An estimate that stands on a generation that is open again by mistake is not told either.
    Individual.objects.filter(pk__in=open_ids).update(fitness=5.0, standard_error=0.1, n_ratings=2)
    assert page_of(entry_of(world.population.pk)).phrases == ()


def test_one_that_lives_on_is_shown_once_as_it_was_judged_last_under_the_name_that_it_was_born_with() -> None:
    world = shown_world(3)
    elite = judged().exclude(first=None).filter(generation__number=2)[0]
    assert elite.first is not None
    Individual.objects.filter(pk=elite.pk).update(fitness=5.0)
    page = page_of(entry_of(world.population.pk))
    [found] = [one for one in page.phrases if one.individual_id in {elite.pk, elite.first_id}]
    assert found.individual_id == elite.pk
    assert (found.name.generation, found.name.number) == (elite.first.generation.ordinal, elite.first.index + 1)
    assert (found.fitness, found.last_lived) == (5.0, 3)


def test_a_child_is_shown_with_its_parents_and_its_founders() -> None:
    world = shown_world(3)
    page = page_of(entry_of(world.population.pk))
    for one in page.phrases:
        if one.name.generation == 1:
            assert (one.parents, one.n_founders) == ((), 0)
        else:
            assert one.parents
            assert 1 <= one.n_founders <= 6
            assert all(name.generation < one.name.generation for name, _ in one.parents)


def test_the_pieces_behind_the_checkpoint_are_named_with_credits_and_licences() -> None:
    world = shown_world()
    run = make_run(world.host)
    checkpoint = make_checkpoint(run)
    dataset = make_dataset(world.host)
    run.datasets.set([dataset])
    dataset.attribution, dataset.licence = "The collectors", "CC BY 4.0"
    dataset.save()
    MidiFile.objects.filter(dataset=dataset).update(attribution="", licence="")
    MidiFile.objects.create(
        dataset=dataset, name="own.mid", sha256="1", n_bytes=1, state="accepted", attribution="Clara S.",
        licence="Public domain", source="a drawer",
    )  # fmt: skip
    MidiFile.objects.create(dataset=dataset, name="bad.mid", sha256="2", n_bytes=1, state="refused")
    world.population.checkpoint = checkpoint
    world.population.save()
    [network] = page_of(entry_of(world.population.pk)).networks
    assert (network.name, network.epoch, network.is_rewriter) == (run.name, checkpoint.epoch, False)
    [shown] = network.datasets
    named = {piece.name: (piece.attribution, piece.licence) for piece in shown.pieces}
    assert named["own.mid"] == ("Clara S.", "Public domain")
    assert "bad.mid" not in named
    assert {named[name] for name in named if name != "own.mid"} == {("The collectors", "CC BY 4.0")}
    assert (shown.n_pieces, shown.n_more) == (len(named), 0)


def test_of_very_many_pieces_the_first_are_named_and_the_others_counted() -> None:
    world = shown_world()
    run = make_run(world.host)
    dataset = make_dataset(world.host)
    run.datasets.set([dataset])
    MidiFile.objects.bulk_create(
        MidiFile(dataset=dataset, name=f"{number:04}.mid", sha256=str(number), n_bytes=1, state="accepted")
        for number in range(PIECES_MAX + 5)
    )
    world.population.checkpoint = make_checkpoint(run)
    world.population.save()
    [shown] = page_of(entry_of(world.population.pk)).networks[0].datasets
    assert (len(shown.pieces), shown.n_more) == (PIECES_MAX, shown.n_pieces - PIECES_MAX)
    assert shown.n_more >= 5


def test_midi_is_given_where_the_host_allows_it_and_only_of_what_the_page_shows() -> None:
    world = shown_world(3, allows_midi=True)
    entry = entry_of(world.population.pk)
    shown = [one.individual_id for one in page_of(entry).phrases]
    assert midi_of(entry, shown[0]).pk == shown[0]
    hidden = world.newest.individuals.order_by("index")[0]  # of the open generation
    with pytest.raises(NotFound):
        midi_of(entry, hidden.pk)
    entry.allows_midi = False
    with pytest.raises(NotFound):
        midi_of(entry, shown[0])


@pytest.mark.parametrize("generations", [1, 4])
def test_a_page_takes_as_many_queries_however_long_a_population_has_been_bred(
    generations: int, django_assert_num_queries: Any
) -> None:
    world = shown_world(generations)
    entry = entry_of(world.population.pk)
    with django_assert_num_queries(6):
        page_of(entry)


@pytest.mark.parametrize("populations", [1, 3])
def test_the_list_takes_as_many_queries_for_many_populations_as_for_one(
    populations: int, django_assert_num_queries: Any
) -> None:
    for _ in range(populations):
        shown_world(1)
    with django_assert_num_queries(6):
        found, following = cards()
    assert (len(found), following) == (populations, None)
    assert [one.population_id for one in found] == sorted((one.population_id for one in found), reverse=True)


def test_a_long_list_goes_on_where_a_page_of_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CARDS_MAX == 24
    monkeypatch.setattr("antiphon.gallery.selectors.CARDS_MAX", 2)
    worlds = [shown_world(1) for _ in range(3)]
    first, following = cards()
    assert [one.population_id for one in first] == [worlds[2].population.pk, worlds[1].population.pk]
    assert following is not None
    rest, end = cards(before=following)
    assert ([one.population_id for one in rest], end) == ([worlds[0].population.pk], None)


def test_more_ratings_move_what_is_shown_once_their_generation_closes() -> None:
    world = shown_world(1)
    before = page_of(entry_of(world.population.pk))
    rated_on(world, [Listener.objects.create(name="Clara")], 1)
    after = page_of(entry_of(world.population.pk))
    assert (before.counts.generations, after.counts.generations) == (1, 2)
    assert after.counts.listeners == 3
