"""Many callers, one call."""

import asyncio

import pytest

from antiphon.listening.batching import Batcher


async def test_items_that_come_during_a_call_go_together_in_the_next_one() -> None:
    batches: list[list[int]] = []

    async def run(items: list[int]) -> list[int]:
        batches.append(items)
        await asyncio.sleep(0.01)
        return [item * 10 for item in items]

    batcher = Batcher(run, key=lambda item: item, size_max=100)
    first = asyncio.create_task(batcher.ask(1))
    await asyncio.sleep(0)
    answers = await asyncio.gather(first, *(batcher.ask(item) for item in (2, 3, 4)))
    assert answers == [10, 20, 30, 40]
    assert sorted(item for batch in batches for item in batch) == [1, 2, 3, 4]
    assert len(batches) <= 2


async def test_items_of_one_key_never_share_a_batch_and_keep_their_order() -> None:
    batches: list[list[tuple[str, int]]] = []

    async def run(items: list[tuple[str, int]]) -> list[int]:
        batches.append(items)
        await asyncio.sleep(0)
        return [number for _, number in items]

    batcher = Batcher(run, key=lambda item: item[0], size_max=100)
    await asyncio.gather(*(batcher.ask(("a", number)) for number in range(3)), batcher.ask(("b", 9)))
    assert all(len({key for key, _ in batch}) == len(batch) for batch in batches)
    assert [number for batch in batches for key, number in batch if key == "a"] == [0, 1, 2]


async def test_a_failed_call_is_told_to_its_callers_and_the_next_one_goes_on() -> None:
    async def run(items: list[int]) -> list[int]:
        if 1 in items:
            raise OSError("no database")
        return items

    batcher = Batcher(run, key=lambda item: item, size_max=1)
    with pytest.raises(OSError, match="no database"):
        await batcher.ask(1)
    assert await batcher.ask(2) == 2


async def test_an_item_asked_at_the_moment_when_a_worker_ends_is_answered() -> None:
    async def run(items: list[int]) -> list[int]:
        return items

    batcher = Batcher(run, key=lambda item: item, size_max=1)
    for number in range(200):
        assert await asyncio.wait_for(batcher.ask(number), 1.0) == number
