"""A share of a process's time: together they take no more than it, and nobody waits for ever."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.listening import share
from antiphon.listening.share import Share

PART = 0.1


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    with pytest.MonkeyPatch.context() as patch:
        ours = Clock()
        patch.setattr(share, "time", ours)
        yield ours


def test_one_alone_rests_as_long_as_its_own_work_asks_for(clock: Clock) -> None:
    assert Share(PART).rest_seconds(1, 0.03) == pytest.approx(0.3)


def test_who_has_gone_is_not_rested_for(clock: Clock) -> None:
    ours = Share(PART)
    ours.rest_seconds(1, 1.0)
    assert ours.rest_seconds(2, 0.1) == pytest.approx(11.0)
    clock.now += 60.0  # the first has not come again, as it does every eleven seconds
    assert ours.rest_seconds(2, 0.1) == pytest.approx(1.0)


@given(took=st.lists(st.floats(0.001, 0.2), min_size=1, max_size=60))
def test_however_many_they_are_they_take_a_part_of_the_time_and_each_has_its_turn(took: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        clock, ours = Clock(), Share(PART)
        patch.setattr(share, "time", clock)
        due = dict.fromkeys(range(len(took)), clock.now)
        done = dict.fromkeys(due, 0)
        spent, spent_before, began = 0.0, 0.0, clock.now
        for _ in count():
            who = min(due, key=due.__getitem__)
            clock.now = max(clock.now, due[who])
            if min(done.values()) == 1 and not spent_before:
                spent_before, began = spent, clock.now  # all are known by now
            if min(done.values()) == 4:
                break
            clock.now += took[who]
            spent += took[who]
            due[who] = clock.now + ours.rest_seconds(who, took[who])
            done[who] += 1
        assert (spent - spent_before) / (clock.now - began) <= PART * 1.1
