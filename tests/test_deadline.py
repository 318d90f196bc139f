"""A request is given up when its time is over, but never once what it does is final."""

import asyncio

import pytest

from app.deadline import deadline, past_recall

SOON = 0.02


async def test_what_takes_too_long_is_given_up_where_it_waits() -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            seen.append("cancelled")

    with pytest.raises(TimeoutError):
        async with deadline(asyncio.timeout(SOON)):
            await work()
    assert seen == ["cancelled"]


async def test_what_is_done_in_time_is_left_alone() -> None:
    limit = asyncio.timeout(60)
    async with deadline(limit):
        await asyncio.sleep(0)
    assert not limit.expired()


async def test_what_has_passed_recall_is_finished_however_long_it_takes() -> None:
    limit = asyncio.timeout(SOON)
    async with deadline(limit):
        past_recall()
        await asyncio.sleep(SOON * 4)
    assert not limit.expired()


async def test_without_a_deadline_nothing_can_be_recalled_anyway() -> None:
    past_recall()


async def test_what_was_given_up_cannot_pass_recall_while_it_cleans_up() -> None:
    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            past_recall()

    with pytest.raises(TimeoutError):
        async with deadline(asyncio.timeout(SOON)):
            await work()


async def test_requests_that_run_at_the_same_time_have_deadlines_of_their_own() -> None:
    async def final() -> str:
        async with deadline(asyncio.timeout(SOON)):
            past_recall()
            await asyncio.sleep(SOON * 4)
        return "done"

    async def late() -> str:
        async with deadline(asyncio.timeout(SOON)):
            await asyncio.sleep(60)
        return "done"

    first, second = await asyncio.gather(final(), late(), return_exceptions=True)
    assert first == "done"
    assert isinstance(second, TimeoutError)


async def test_the_outer_deadline_is_back_after_an_inner_one() -> None:
    async def work() -> None:
        async with deadline(asyncio.timeout(60)):
            past_recall()
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        async with deadline(asyncio.timeout(SOON)):
            await work()
