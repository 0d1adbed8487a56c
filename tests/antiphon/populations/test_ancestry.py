"""Who descends from whom, in a family small enough to reckon by hand, and in one that was bred."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.populations.ancestry import ancestry_of, count_heirs, founders_of, parents_above, shares
from antiphon.populations.models import Individual
from tests.antiphon.hosts import make_host
from tests.antiphon.populations.bred import breed_on, make_population, newest_of

# 1 and 2 are founders, 3 is a founder too; 4 has 1 and 2, 5 has 2 and 3, 6 has 4 and 5, 7 is 4 that lives on.
FAMILY = {4: (1, 2), 5: (2, 3), 6: (4, 5), 7: (4,)}


def test_every_parent_has_an_equal_part_and_a_chosen_ancestor_has_all_that_reaches_it() -> None:
    assert shares([4, 5, 6, 7], FAMILY, {1}) == {4: 0.5, 5: 0.0, 6: 0.25, 7: 0.5}
    assert shares([4, 5, 6, 7], FAMILY, {2}) == {4: 0.5, 5: 0.5, 6: 0.5, 7: 0.5}
    assert shares([6, 7], FAMILY, {4}) == {6: 0.5, 7: 1.0}
    # Of two chosen ones on one way up the nearer has it all: nothing is counted twice.
    assert shares([6], FAMILY, {4, 1, 2}) == {6: 0.75}


def test_nobody_is_their_own_ancestor_and_a_founder_descends_from_nobody() -> None:
    assert shares([6, 1], FAMILY, {6, 1}) == {6: 0.25, 1: 0.0}
    assert shares([9], {}, {9}) == {9: 0.0}


@given(
    parents=st.lists(st.sets(st.integers(0, 30), min_size=1, max_size=3), max_size=30),
    choices=st.lists(st.sets(st.integers(0, 60)), max_size=5),
)
def test_heirs_are_those_who_have_a_share(parents: list[set[int]], choices: list[set[int]]) -> None:
    family = {31 + child: tuple(sorted(one % (31 + child) for one in above)) for child, above in enumerate(parents)}
    everybody = range(62)
    expected = [sum(share > 0 for share in shares(everybody, family, choice).values()) for choice in choices]
    assert count_heirs(everybody, family, choices) == expected


def test_founders_are_those_without_parents_however_many_ways_lead_to_them() -> None:
    assert founders_of(6, FAMILY) == {1, 2, 3}
    assert founders_of(7, FAMILY) == {1, 2}
    assert founders_of(3, FAMILY) == {3}


@pytest.mark.django_db
def test_the_ancestry_of_a_bred_generation_is_read_in_two_queries(django_assert_num_queries: object) -> None:
    population = make_population(make_host())
    newest = breed_on(population, 4)
    ancestry_of.cache_clear()
    with django_assert_num_queries(2):  # type: ignore[operator]
        ancestry = ancestry_of(newest.pk)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert ancestry_of(newest.pk) is ancestry
    assert [one.number for one in ancestry.living] == list(range(1, 7))
    founders = set(population.generations.get(number=0).individuals.values_list("pk", flat=True))
    for one in ancestry.living:
        assert founders_of(one.id, ancestry.parents) <= founders
        assert shares([one.id], ancestry.parents, founders) == {one.id: pytest.approx(1.0)}


@pytest.mark.django_db
def test_parents_are_stored_before_their_children() -> None:
    population = make_population(make_host())
    breed_on(population, 3)
    everybody = list(Individual.objects.filter(generation__population=population).values_list("pk", flat=True))
    above = parents_above(everybody)
    assert above
    assert all(parent < child for child, parents in above.items() for parent in parents)
    assert newest_of(population).number == 3
