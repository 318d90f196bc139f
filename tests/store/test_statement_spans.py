"""The time of the database in a trace."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import spans
from app.deadline import deadline
from app.store.engine import Database
from tests.spans import Recorder, recorded
from tests.store.database import opened

NAME = "database statement"
TENANT = "north"


@pytest.fixture
def seen() -> Iterator[Recorder]:
    with recorded() as recorder:
        yield recorder


@pytest_asyncio.fixture
async def watched(seen: Recorder, database_url: str) -> AsyncIterator[Database]:
    """A pool that was opened while spans are recorded, with one session that was told its tenant."""
    database = opened(database_url)
    async with database.connect(TENANT):
        pass
    seen._exporter.clear()
    yield database
    await database.close()


async def test_a_statement_is_a_span_under_what_asked_for_it_and_tells_nothing_more(
    watched: Database, seen: Recorder
) -> None:
    with spans.span("decide"):
        async with watched.connect(TENANT) as connection:
            await connection.execute(text("SELECT 'Jane Doe', :day"), {"day": "1903-07-29"})
    (statement,), (around,) = seen.named(NAME), seen.named("decide")
    assert statement.parent is not None
    assert statement.parent.span_id == around.context.span_id
    assert statement.kind is SpanKind.CLIENT
    assert dict(statement.attributes or {}) == {"db.system.name": "postgresql"}
    assert "Jane" not in seen.told()
    assert "1903" not in seen.told()


async def test_a_statement_that_fails_is_a_span_with_an_error_and_without_its_message(
    watched: Database, seen: Recorder
) -> None:
    with pytest.raises(ProgrammingError):
        async with watched.connect(TENANT) as connection:
            await connection.execute(text("SELECT jane_doe"))
    (statement,) = seen.named(NAME)
    assert statement.status.status_code is StatusCode.ERROR
    assert "jane" not in seen.told()


async def test_a_statement_that_is_given_up_is_a_span_with_an_error(watched: Database, seen: Recorder) -> None:
    with pytest.raises(TimeoutError):
        async with deadline(asyncio.timeout(0.1)), watched.connect(TENANT) as connection:
            await connection.execute(text("SELECT pg_sleep(60)"))
    (statement,) = seen.named(NAME)
    assert statement.status.status_code is StatusCode.ERROR


async def test_without_a_collector_no_statement_is_watched(database: Database) -> None:
    with recorded() as seen:
        async with database.connect(TENANT) as connection:
            await connection.execute(text("SELECT 1"))
    assert seen.named(NAME) == []
