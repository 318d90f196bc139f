"""The only place where the parts meet."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from fastapi import FastAPI

from app import __version__, spans
from app.api.assemble import bare_app, build_routes
from app.errors import StartError
from app.knowledge.load import load_versions
from app.log import configure_log
from app.settings import Settings
from app.store.embedded import EmbeddedPostgres
from app.store.engine import Database
from app.store.restriction import require_restricted
from app.store.schema import migrate, require_migrated
from app.usecases.seal_audit import sealing
from app.usecases.service import Service

# Fewer, larger collections: a request leaves little garbage, and a pause is what a caller notices.
_GC_THRESHOLDS = (50_000, 20, 100)
_log = structlog.stdlib.get_logger("app.main")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the service, ready to be served; the database is opened when serving begins."""
    chosen = require_startable(settings or Settings())
    configure_log(chosen.log_level)
    knowledge, keys_last = load_versions(), timedelta(hours=chosen.idempotency_hours)
    service = Service(
        make_database(chosen), knowledge.present, lambda: datetime.now(UTC), keys_last, earlier=knowledge.earlier
    )
    app = bare_app(lambda app: _running(app, chosen, service))
    build_routes(app, service, chosen)
    return app


def require_startable(settings: Settings) -> Settings:
    """Return the settings, or raise StartError with a sentence for everything that is wrong."""
    faults = list(dict.fromkeys(settings.faults()))
    if faults:
        raise StartError("\n".join(faults))
    return settings


def make_database(settings: Settings) -> Database:
    """Return the database of the settings, not yet open."""
    return Database(
        pool_size=settings.pool_size,
        query_timeout_seconds=settings.query_timeout_seconds,
        queue=settings.pool_queue,
        wait_seconds=settings.pool_wait_seconds,
    )


@asynccontextmanager
async def _running(app: FastAPI, settings: Settings, service: Service) -> AsyncIterator[None]:
    try:
        async with _tracing(settings), open_database(settings, service.database):
            await (migrate if settings.embedded else require_migrated)(service.database)
            await require_restricted(service.database)
            _settle_memory()
            async with sealing(service.database, settings.audit_seal_seconds):
                app.state.stopping.watch()
                _log.info("ready", version=__version__, digest=service.knowledge.digest, profile=settings.profile)
                yield
    except StartError as fault:
        _log.error(str(fault))
        raise


@asynccontextmanager
async def _tracing(settings: Settings) -> AsyncIterator[None]:
    if settings.otel_exporter_otlp_endpoint is None:
        yield
        return
    end = spans.export_to(str(settings.otel_exporter_otlp_endpoint))
    try:
        yield
    finally:
        await asyncio.to_thread(end)


@asynccontextmanager
async def open_database(settings: Settings, database: Database) -> AsyncIterator[None]:
    """Open the database once it answers and close it at the end; our own PostgreSQL runs just as long."""
    with _address(settings) as address:
        database.open(address)
        try:
            _log.info("waiting for the database")
            await database.wait(settings.database_wait_seconds)
            yield
        finally:
            await database.close()


@contextmanager
def _address(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    try:
        yield embedded.url()
    finally:
        embedded.stop()


def _settle_memory() -> None:
    """Keep what lives as long as the process (knowledge, models) out of every later collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
