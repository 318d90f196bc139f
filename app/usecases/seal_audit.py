"""Sealing the audit log: what was recorded becomes a link of each tenant's chain, so that a later change shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog

from app.errors import TryLater
from app.store.audit_rows import Seal
from app.store.chain import BEGINNING, seal_digest
from app.store.engine import Database
from app.store.seals import (
    LARGEST_SEAL,
    database_time,
    events_between,
    last_seal,
    reach_horizon,
    save_seal,
    take_turn,
)
from app.store.tenants import list_unsealed_tenants

_LAST_ROUND_SECONDS = 10
_log = structlog.stdlib.get_logger("app.audit")


@asynccontextmanager
async def sealing(database: Database, seconds: float) -> AsyncIterator[None]:
    """Seal every so many seconds while the block runs, and once more when it ends."""
    task = asyncio.create_task(_seal_forever(database, seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_ROUND_SECONDS):
                await _seal_quietly(database)


async def _seal_forever(database: Database, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _seal_quietly(database)


async def _seal_quietly(database: Database) -> None:
    """A round that fails is told in the log and done by the next one: events wait, they are not lost."""
    try:
        await seal_audit(database)
    except TryLater as fault:
        _log.warning("audit_not_sealed", code=fault.code)
    except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
        _log.exception("audit_not_sealed")


async def seal_audit(database: Database) -> int:
    """Seal what every tenant has unsealed and return the number of seals made; each head is written to the log.

    Of several processes one seals a tenant at a time. While an old transaction does not end, nothing is sealed.
    """
    horizon = await reach_horizon(database)
    if horizon is None:
        _log.warning("audit_not_sealed", code="OLD_TRANSACTION")
        return 0
    made = 0
    for tenant in await list_unsealed_tenants(database, horizon):
        while await _seal_next(database, tenant, horizon):
            made += 1
    return made


async def _seal_next(database: Database, tenant: str, horizon: int) -> bool:
    """Add one link to a tenant's chain; tell whether there was anything to seal."""
    async with database.transaction(tenant) as connection:
        if not await take_turn(connection, tenant):
            return False
        last = await last_seal(connection, tenant)
        after = 0 if last is None else last.until_number
        events = await events_between(connection, tenant, after, horizon, LARGEST_SEAL)
        if not events:
            return False
        seal = Seal(
            number=1 if last is None else last.number + 1,
            after_number=after,
            until_number=horizon if len(events) < LARGEST_SEAL else events[-1].number,
            count=len(events),
            sealed_at=await database_time(connection),
            digest="",
        )
        seal = replace(seal, digest=seal_digest(tenant, BEGINNING if last is None else last.digest, seal, events))
        await save_seal(connection, tenant, seal)
    _log.info("audit_sealed", tenant=tenant, seal=seal.number, digest=seal.digest)
    return True
