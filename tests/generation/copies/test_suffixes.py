import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.copies.suffixes import Suffixes

SEQUENCES = st.lists(st.lists(st.integers(0, 2), max_size=12), min_size=1, max_size=4)


def common(first: list[int], second: list[int]) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def built(sequences: list[list[int]]) -> Suffixes:
    return Suffixes.build([np.array(sequence, dtype=np.int64) for sequence in sequences])


@given(SEQUENCES)
def test_suffixes_are_in_order(sequences: list[list[int]]) -> None:
    suffixes = built(sequences)
    text = suffixes.text.tolist()
    assert [text[at:] for at in suffixes.order] == sorted(text[at:] for at in range(len(text)))


@given(SEQUENCES, st.lists(st.integers(0, 3), max_size=10))
@settings(max_examples=60)
def test_the_longest_match_of_every_place_is_found(sequences: list[list[int]], query: list[int]) -> None:
    suffixes = built(sequences)
    text = suffixes.text.tolist()
    lengths, places = suffixes.longest_matches(np.array(query, dtype=np.int64))
    for at in range(len(query)):
        assert lengths[at] == max(common(query[at:], text[place:]) for place in range(len(text)))
        assert common(query[at:], text[places[at] :]) >= lengths[at]


@given(SEQUENCES, st.lists(st.integers(0, 2), min_size=4, max_size=4))
@settings(max_examples=60)
def test_what_another_group_shares_is_found(sequences: list[list[int]], groups: list[int]) -> None:
    suffixes = built(sequences)
    text, group = suffixes.text.tolist(), np.array(groups)[suffixes.owners]
    lengths, places = suffixes.shared_with_others(np.array(groups[: len(sequences)]))
    for at in range(len(text)):
        others = [common(text[at:], text[place:]) for place in range(len(text)) if group[place] != group[at]]
        assert lengths[at] == max(others, default=0)
        if lengths[at]:
            assert group[places[at]] != group[at]
            assert common(text[at:], text[places[at] :]) == lengths[at]
