"""What every test may ask for: the knowledge base, a database, a service that uses both."""

import logging
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
import pytest_asyncio
import structlog
from sqlalchemy import text

from app.knowledge.base import KnowledgeBase
from app.knowledge.load import load_knowledge
from app.store.embedded import EmbeddedPostgres
from app.store.engine import Database
from app.store.tables import metadata
from app.usecases.service import Service
from tests.made_up import line
from tests.profiles import load_profile
from tests.store.database import make_database, make_migrated_database, opened, server
from tests.usecases.clock import NOON

_WITHOUT_TRIGGERS = text("SET LOCAL session_replication_role = replica")
_EMPTY = text(f"TRUNCATE {', '.join(metadata.tables)}")

load_profile()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many requests the contract tests made up; the reports come from every worker of the run."""
    reports = (report for reports in terminalreporter.stats.values() for report in reports)
    ended = (report for report in reports if getattr(report, "when", None) == "teardown")
    told = line(one for report in ended for one in report.user_properties)
    if told is not None:
        terminalreporter.write_line(told)


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The knowledge base as shipped."""
    return load_knowledge()


@pytest.fixture
def log_as_before() -> Iterator[None]:
    """Put the log back after a test that sets it up like a started service."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL, shared by all workers of this run."""
    with server(testrun_uid) as running:
        yield running


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres, worker_id: str) -> str:
    """This worker's own migrated database."""
    return make_migrated_database(postgres, f"worker_{worker_id}")


@pytest.fixture
def empty_url(postgres: EmbeddedPostgres) -> str:
    """A database without any table, for one test."""
    return make_database(postgres, f"empty_{uuid4().hex}")


@pytest_asyncio.fixture(scope="session")
async def pool(database_url: str) -> AsyncIterator[Database]:
    """An open pool on this worker's database."""
    database = opened(database_url)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def database(pool: Database) -> Database:
    """An open pool on empty tables."""
    async with pool.owner() as connection:
        await connection.execute(_WITHOUT_TRIGGERS)
        await connection.execute(_EMPTY)
    return pool


@pytest.fixture
def service(database: Database, kb: KnowledgeBase) -> Service:
    """The service on empty tables, at noon of the builders' day."""
    return Service(database, kb, lambda: NOON)


@pytest.fixture
def offline(kb: KnowledgeBase) -> Service:
    """The service without a database, at the same noon."""
    return Service(Database(pool_size=1, query_timeout_seconds=1), kb, lambda: NOON)
